"""The queue has tabs for what nobody has, is urgent or did not arrive; it is sorted, and filters are kept by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referral.actions.common import Actor
from referral.actions.referrals import give_back, take
from referral.actions.saved import TooMany, delete_filter, save_filter
from referral.actions.tasks import add_task
from referral.models import Referral, SavedFilter
from referral.models.saved import MOST
from workspace.filters import SORTS, TABS, ordered, under_tab

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]


def under(tab: str, now: datetime) -> set[int]:
    return set(under_tab(Referral.objects.all(), tab, now).values_list("pk", flat=True))


def test_each_tab_holds_what_it_says(make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> None:
    new, urgent, lost, back = (
        make_referral(email=f"{name}@example.org", urgency="urgent" if name == "urgent" else "routine")
        for name in ("new", "urgent", "lost", "back")
    )
    for each in (urgent, lost, back):
        take(each.pk, actor=nora, now=now)
    add_task(lost.pk, kind="not_reached", due_at=now, actor=nora, now=now)
    give_back(back.pk, "I am away.", actor=nora, now=now)
    assert under("unassigned", now) == {new.pk, back.pk}
    assert under("urgent", now) == {urgent.pk}
    assert under("undelivered", now) == {lost.pk}
    add_task(new.pk, kind="call", due_at=now, urgent=True, actor=nora, now=now)
    assert under("urgent", now) == {urgent.pk, new.pk}


def test_every_count_is_that_of_its_tab(
    taken: Referral, make_referral: Callable[..., Referral], staff: Client, now: datetime
) -> None:
    make_referral(email="b@example.org")
    tabs = staff.get("/staff/").context["tabs"]
    for (name, _label), tab in zip(TABS, tabs, strict=True):
        assert tab.count == (None if name == "ended" else len(under(name, now))), name


def test_the_queue_is_sorted_as_asked(
    make_referral: Callable[..., Referral], nora: Actor, staff: Client, now: datetime
) -> None:
    old, new = make_referral(email="a@example.org", at=now - timedelta(days=2)), make_referral(email="b@example.org")
    take(new.pk, actor=nora, now=now)
    rows = Referral.objects.all()
    assert list(ordered(rows, "newest", "today", now)) == [new, old]
    assert list(ordered(rows, "oldest", "today", now)) == [old, new]
    assert list(ordered(rows, "holder", "today", now)) == [old, new]  # nobody has the first
    for sort in SORTS:
        assert set(ordered(rows, sort, "active", now)) == {old, new}
        assert staff.get(f"/staff/?show=new&sort={sort}").status_code == 200
    assert staff.get("/staff/?sort=x%00").status_code == 200


def test_a_filter_is_kept_by_name_with_a_count_that_follows(
    make_referral: Callable[..., Referral], staff: Client, navigator: Any, now: datetime
) -> None:
    kept = {"name": "Spanish", "query": "show=new&language=es&page=3&next=//evil.example"}
    assert staff.post(reverse("workspace:saved-save"), kept)["Location"] == "/staff/?show=new&language=es"
    assert SavedFilter.objects.get().query == "show=new&language=es"
    assert ">Spanish</a>" in staff.get("/staff/").content.decode()
    for count in (0, 1):
        page = staff.get(reverse("workspace:saved")).content.decode()
        assert f'>Spanish</a> <span class="count">{count}</span>' in page
        make_referral(language="es", email="es@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM referral_savedfilter")
        assert "Spanish" not in cursor.fetchone()[0]


def test_filters_are_each_ones_own(staff: Client, nora: Actor, supervisor: Any, now: datetime) -> None:
    mine = save_filter("Mine", "show=new", actor=nora, now=now)
    delete_filter(mine.pk, actor=Actor.of(supervisor))
    assert SavedFilter.objects.filter(pk=mine.pk).exists()
    save_filter("MINE", "show=hold", actor=nora, now=now)  # the same name: replaced
    assert SavedFilter.objects.get().query == "show=hold"
    assert staff.post(reverse("workspace:saved-delete", args=[mine.pk])).status_code == 302
    assert not SavedFilter.objects.exists()


def test_one_too_many_and_one_without_a_name_are_refused(staff: Client, nora: Actor, now: datetime) -> None:
    for number in range(MOST):
        save_filter(str(number), "show=new", actor=nora, now=now)
    with pytest.raises(TooMany):
        save_filter("more", "show=new", actor=nora, now=now)
    for name, sentence in (("more", "You keep 12 filters already."), (" ", "Give the filter a name.")):
        answer = staff.post(reverse("workspace:saved-save"), {"name": name, "query": ""}, follow=True)
        assert sentence in answer.content.decode()


def test_saved_filters_cost_the_queue_no_query_each(staff: Client, taken: Referral, nora: Actor, now: datetime) -> None:
    staff.get("/staff/")
    with CaptureQueriesContext(connection) as before:
        staff.get("/staff/")
    for number in range(MOST):
        save_filter(str(number), "show=new", actor=nora, now=now)
    with CaptureQueriesContext(connection) as after:
        staff.get("/staff/")
    assert len(after) <= len(before) + 1  # whatever their number


def test_keys_lead_to_tabs_sorting_and_saved_filters(staff: Client, nora: Actor, now: datetime) -> None:
    save_filter("Mine", "show=new", actor=nora, now=now)
    page = staff.get("/staff/?show=new").content.decode()
    for key in "[]owfv":
        assert page.count(f'data-key="{key}"') == 1, key
        assert f"<kbd>{key.upper()}</kbd>" in page
