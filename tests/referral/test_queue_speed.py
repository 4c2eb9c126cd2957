"""The queue, a search and a referral cost the same few queries, whatever lies in the database and whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy.models import User
from referral.actions.closing import close_referral
from referral.actions.common import Actor
from referral.actions.referrals import take
from referral.actions.tasks import add_task
from referral.models import Absence, DutyShift, Referral, Task
from referral.models.hours import working_time
from referral.models.sight import Sight
from workspace.filters import TABS, tab_counts, under_tab
from workspace.views import queue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
MOST_QUERIES, OF_ONE_REFERRAL, OF_A_SEARCH = 11, 12, 13


def queries(ask: Callable[[], Any]) -> list[str]:
    """The statements that a page asks, without those that begin and end a transaction, and without the stamp of the
    guides, which is asked for once a second, whatever is asked."""
    ask()
    with CaptureQueriesContext(connection) as caught:
        assert ask().status_code == 200
    said = [each["sql"] for each in caught if "guides_generation" not in each["sql"]]
    return [each for each in said if not each.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]


@pytest.fixture
def cora(make_user: Callable[..., User]) -> User:
    return make_user("cora", "Navigators")


@pytest.fixture
def several(make_referral: Callable[..., Referral], nora: Actor, cora: User, now: datetime) -> list[Referral]:
    """One that nobody has, one of Nora's, one of a colleague, one that has ended, one whose family calls for help."""
    new, own, hers, ended, calls = (make_referral(email=f"{n}@example.org", contact_name="Rosa") for n in range(5))
    for each in (own, ended):
        take(each.pk, actor=nora, now=now)
    for each in (hers, calls):
        take(each.pk, actor=Actor.of(cora), now=now)
    close_referral(ended.pk, closing="other", reason="so", actor=nora, now=now)
    add_task(own.pk, kind="call", due_at=now, urgent=True, actor=nora, now=now)
    Task.objects.create(referral=calls, kind="needs_help", due_at=now, created_at=now, urgent=True)
    return [new, own, hers, ended, calls]


@pytest.mark.parametrize("tab", [name for name, _label in TABS])
def test_no_tab_of_the_queue_asks_more_than_a_few_queries(staff: Client, several: list[Referral], tab: str) -> None:
    asked = queries(lambda: staff.get("/staff/", {"show": tab}))
    assert len(asked) <= MOST_QUERIES, "\n".join(each[:90] for each in asked)


def test_the_counts_of_all_tabs_are_one_query(several: list[Referral], now: datetime) -> None:
    rows = Referral.objects.all()
    with CaptureQueriesContext(connection) as caught:
        counts = tab_counts(rows, now, working_time())
    assert len([each for each in caught if "COUNT" in each["sql"]]) == 1
    for name, _label in TABS:
        if name != "ended":
            assert counts[name] == under_tab(rows, name, now).count(), name


@pytest.mark.parametrize("who", ["nora", "covers", "on_duty", "answered", "supervisor"])
def test_what_is_seen_is_the_same_row_by_row(
    several: list[Referral], navigator: User, cora: User, supervisor: User, now: datetime, who: str
) -> None:
    if who == "covers":
        today = now.date()
        Absence.objects.create(
            user=cora, cover=navigator, first_day=today - timedelta(days=1), last_day=today + timedelta(days=1)
        )
    elif who == "on_duty":
        DutyShift.objects.create(user=navigator, starts_at=now, ends_at=now + timedelta(days=1))
    elif who == "answered":
        Task.objects.crises().update(acknowledged_by=navigator, acknowledged_at=now)
    user = supervisor if who == "supervisor" else navigator
    sight = Sight.of(user)
    seen = set(Referral.objects.visible_to(user).values_list("pk", flat=True))
    assert seen == {each.pk for each in Referral.objects.all() if sight.sees(each.pk, each.assigned_to_id)}
    new, own, hers, ended, calls = (each.pk for each in several)
    assert (
        seen
        == {
            "nora": {new, own, ended},
            "covers": {new, own, ended, hers, calls},
            "on_duty": {new, own, ended, calls},
            "answered": {new, own, ended, calls},
            "supervisor": {new, own, hers, ended, calls},
        }[who]
    )


def test_a_referral_asks_no_more_with_a_long_history(
    staff: Client, taken: Referral, nora: Actor, now: datetime
) -> None:
    asked = queries(lambda: staff.get(f"/staff/referral/{taken.pk}/"))
    assert len(asked) <= OF_ONE_REFERRAL, "\n".join(each[:90] for each in asked)
    for n in range(30):
        add_task(taken.pk, kind="other", text=str(n), due_at=now, actor=nora, now=now)
    assert len(queries(lambda: staff.get(f"/staff/referral/{taken.pk}/"))) <= len(asked)


def test_a_search_asks_a_few_queries(staff: Client, several: list[Referral]) -> None:
    for text in ("Rosa", "2@example.org", several[0].public_code):
        asked = queries(lambda text=text: staff.post("/staff/search/", {"q": text}))  # type: ignore[misc]
        assert len(asked) <= OF_A_SEARCH, "\n".join(each[:90] for each in asked)


def test_of_what_ended_no_more_are_counted_than_anyone_reads(
    staff: Client, make_referral: Callable[..., Referral], nora: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 1)
    monkeypatch.setattr(queue, "MOST_COUNTED", 2)
    shown: list[int] = []
    for n in range(4):
        each = make_referral(email=f"{n}@example.org")
        take(each.pk, actor=nora, now=now)
        close_referral(each.pk, closing="other", reason="so", actor=nora, now=now + timedelta(minutes=n))
        shown.insert(0, each.pk)
    first = staff.get("/staff/", {"show": "ended"}).content.decode()
    assert "More than 2 referrals" in first and "Page 1 of more than 2" in first
    pages = [staff.get("/staff/", {"show": "ended", "page": str(n)}) for n in range(1, 5)]
    assert [line.referral.pk for page in pages for line in page.context["lines"]] == shown
    assert "Page 4 of 4" in pages[-1].content.decode()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the indexes are for PostgreSQL")
def test_counts_and_order_are_read_from_one_index(navigator: User, now: datetime) -> None:
    rows = Referral.objects.visible_to(navigator)
    asked = [rows.at_work().order_by().values("pk"), under_tab(rows, "active", now).order_by().values("pk")]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX referral_queue, referral_own_queue")  # an empty table is read by any of them
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plans = [each.explain() for each in asked]
    assert all("referral_at_work" in plan for plan in plans), "\n".join(plans)
