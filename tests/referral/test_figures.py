"""Supervisors see what became of requests, counted by plain rules, with nothing small, as picture, table and file."""

from __future__ import annotations

import csv
import importlib
import io
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from directory.models import Program
from guides.models import LevelOfCare
from privacy.models import User
from referral.actions.appointments import report_visit
from referral.actions.common import FAMILY, Actor, new_task
from referral.actions.intake import open_referral
from referral.actions.placements import accept_placement, cancel_placement, reject_placement
from referral.actions.referrals import log_call, take
from referral.actions.sending import send_to_program
from referral.actions.undoing import undo_last
from referral.figures import ANSWERS, STANDS, WITHIN, Scope, answers_by_program, apart, loads, way
from referral.milestones import ACCEPTED, CONTACTED, STARTED, STEPS
from referral.models import Placement, Referral, Task
from referral.models.hours import working_time
from referral.reasons import coded
from tests.conftest import SharedDb, staff_account
from tests.referral.conftest import an_ask, make_rows
from ui.sheets import harmless
from workspace.figure_filter import month_before
from workspace.figure_tables import sections
from workspace.filters import tab_counts

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 15, 18, 0, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 4, 1, 7, 0, tzinfo=UTC), datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
SCOPE = Scope(SINCE, UNTIL)
COUNT = 60


@pytest.fixture(scope="module")
def _many(shared_db: SharedDb, now: datetime) -> None:
    """Sixty referrals whose steps were made at any time, or never, and a request to a program for each."""
    with shared_db():
        make_rows(now)
        nora = staff_account("nora", "Navigators", first_name="Nora", last_name="Navigator")
        levels, programs = list(LevelOfCare.objects.order_by("order")), list(Program.objects.order_by("pk")[:3])
        chance = random.Random(7)
        first = open_referral(an_ask(), actor=FAMILY, now=NOW - timedelta(days=400))  # before any period
        rows = []
        for _each in range(COUNT):
            at = SINCE + timedelta(hours=chance.randrange(24 * 75))
            made = {step: at + timedelta(hours=chance.randrange(24 * 40)) for step in STEPS if chance.random() < 0.6}
            ended = at + timedelta(days=chance.randrange(60)) if chance.random() < 0.3 else None
            rows.append(
                Referral(
                    patient=first.patient, contact=first.contact, relation="self", concern="both",
                    status="closed" if ended else "active", opened_at=at, closed_at=ended,
                    assigned_to=nora, next_action_at=at + timedelta(days=50),
                    level_low=levels[2], level_high=levels[3], **made,
                )
            )  # fmt: skip
        made_rows = Referral.objects.bulk_create(rows)
        status = ["accepted", "rejected", "requested", "waitlisted", "cancelled"]
        Placement.objects.bulk_create(
            Placement(
                referral=row, program=programs[place % 3], sent_at=row.opened_at, status=status[place // 3 % 5],
                reason_code=["full", "payment"][place % 2] if status[place // 3 % 5] == "rejected" else None,
                was="requested",
            )
            for place, row in enumerate(made_rows)
        )  # fmt: skip


@pytest.fixture
def many(_many: None, db: None) -> User:
    return User.objects.get(username="nora")


def test_the_database_counts_as_the_plain_rules_do(many: User) -> None:
    found = way(SCOPE, NOW)
    rows = list(Referral.objects.filter(opened_at__gte=SINCE))
    assert found.came == len(rows) == COUNT
    assert found.steps == {step: sum(getattr(row, step) is not None for row in rows) for step in STEPS}
    for step in (CONTACTED, ACCEPTED, STARTED):
        took = [(getattr(row, step) - row.opened_at) / timedelta(days=1) for row in rows if getattr(row, step)]
        stretches = list(pairwise([0.0, *WITHIN, 1e9]))
        counted = [sum(low < days <= high or days == low == 0 for days in took) for low, high in stretches]
        assert found.within[step] == counted
    for days, counts in found.looks.items():
        then = [stands(row, days) for row in rows if row.opened_at <= NOW - timedelta(days=days)]
        assert counts == [then.count(name) for name in STANDS]


def stands(row: Referral, days: int) -> str:
    """Where a request stands so many days after it came, in plain words."""
    at = row.opened_at + timedelta(days=days)
    made = {"in_care": row.started_at, "accepted": row.accepted_at, "ended": row.closed_at}
    return next((name for name, when in made.items() if when is not None and when <= at), "searching")


def test_each_request_to_a_program_is_counted_once(many: User) -> None:
    found = answers_by_program(SCOPE)
    assert sum(map(sum, found.values())) == COUNT
    one = dict(zip(ANSWERS, next(iter(found.values())), strict=True))
    assert one["accepted"] == one["waiting"] == one["waitlisted"] == one["cancelled"] == 4
    assert one["full"] + one["payment"] == 4 and one["silent"] == one["other"] == 0


def test_counts_that_grow_are_taken_apart() -> None:
    assert apart([2, 5, 5, 9], 12) == [2, 3, 0, 4, 3]


def test_a_period_a_program_a_level_and_a_navigator_narrow_it(many: User) -> None:
    program = Program.objects.order_by("pk").first()
    assert program is not None
    assert way(Scope(SINCE, UNTIL, program=program.pk), NOW).came == COUNT / 3
    assert way(Scope(SINCE, UNTIL, level=3), NOW).came == COUNT
    assert way(Scope(SINCE, UNTIL, level=6), NOW).came == 0
    assert way(Scope(SINCE, UNTIL, navigator=many.pk), NOW).came == COUNT
    assert way(Scope(UNTIL, UNTIL + timedelta(days=31)), NOW).came == 0
    Referral.objects.filter(pk__in=list(Referral.objects.values_list("pk", flat=True)[:2])).update(closing="duplicate")
    assert way(SCOPE, NOW).came == COUNT - 2


def test_nothing_small_is_in_any_table(many: User) -> None:
    for section in sections(SCOPE, {3: "IOP"}, NOW):
        for row in section.rows:
            assert not any(0 < count < 5 for count in [row.total, *row.cells] if count is not None), section.key


def test_the_load_says_what_is_late_and_silent(many: User) -> None:
    (load,) = loads(NOW)
    open_rows = Referral.objects.open().filter(assigned_to=many)
    assert (load.user, load.name, load.open) == (many.pk, "Nora Navigator", open_rows.count())
    assert load.late == open_rows.late(NOW).count() > 0
    assert load.silent == load.open


def test_the_load_names_who_is_free_and_late_as_the_queue_does(many: User, supervisor: Any) -> None:
    busy, free = loads(NOW)
    assert (free.name, free.open, free.late) == ("Sam Supervisor", 0, 0)
    late = Referral.objects.open().filter(assigned_to=many).late(NOW).first()
    assert late is not None
    new_task(late, Task.Kind.NEEDS_HELP, due_at=NOW, now=NOW, urgent=True)
    assert loads(NOW)[0].late == busy.late, "who asks for help and is late is counted first of all"
    assert tab_counts(Referral.objects.all(), NOW, working_time())["late"] == Referral.objects.all().late(NOW).count()


@pytest.fixture
def page(many: User, supervisor: Any, sign_in: Callable[[Any], Client]) -> Iterator[Client]:
    with travel(NOW, tick=False):
        yield sign_in(supervisor)


def test_the_page_is_a_picture_and_a_table_in_few_queries(page: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        text = page.get("/staff/figures/").content.decode()
    # What every page of staff asks for session, account and rights is not counted.
    own = [
        each["sql"] for each in queries if re.search(r"referral_|directory_|guides_level|OFFSET|GROUP BY", each["sql"])
    ]
    assert len(own) <= 10, own
    assert ">A</strong>" in text and ">A</text>" in text  # nothing is told by colour alone
    assert text.count('<svg class="bar') >= 20 and text.count('<table class="dense') >= 6
    assert "Talked with the family" in text and "Nora Navigator" in text
    spanish = page.get("/es/staff/figures/").content.decode()
    assert "Hablamos con la familia" in spanish


def test_the_file_holds_what_the_page_shows_and_no_formula(page: Client) -> None:
    Program.objects.update(name='=HYPERLINK("http://x")')
    response = page.get("/staff/figures/?sheet=1")
    assert response["Content-Type"].startswith("text/csv") and "attachment" in response["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[0] == ["Table", "Row", "Column", "Count"] and lines[1][3] == "60"
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    assert any(line[1].startswith("'=HYPERLINK") for line in lines)


@pytest.mark.parametrize("cell", ["=1+1", " =1", "+1", "-1", "@x", "\t=1", "\ufeff=1", "＝1"])
def test_no_cell_of_a_file_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(-3) == "-3" and harmless("Rosa") == "Rosa" and harmless(None) == ""


def test_a_month_before_the_first_is_told_in_a_sentence(page: Client) -> None:
    answer = page.get("/staff/figures/?since=2026-06-01&until=2026-05-01")
    assert answer.status_code == 422 and "Choose a later one." in answer.content.decode()
    assert page.get("/staff/figures/?since=x&level=9%00&program=-1").status_code == 422


def test_too_few_are_not_told_at_all(page: Client) -> None:
    text = page.get("/staff/figures/?since=2026-01-01&until=2026-01-01").content.decode()
    assert "Too few to show" in text and "Download" not in text


def test_figures_are_for_supervisors(staff: Client) -> None:
    assert staff.get("/staff/figures/").status_code == 403


def test_a_month_is_counted_back_over_a_new_year() -> None:
    january = datetime(2026, 1, 1).date()
    assert str(month_before(january, 1)) == "2025-12-01" and str(month_before(january, -12)) == "2027-01-01"


def made(referral: Referral) -> list[datetime | None]:
    """When each step was made, as the database has it: contact, asked, accepted, started."""
    return list(Referral.objects.values_list(*STEPS).get(pk=referral.pk))


def test_a_step_is_kept_when_it_is_first_made(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    later = now + timedelta(hours=2)
    log_call(taken.pk, "no_answer", "", actor=nora, now=now)
    assert made(taken) == [None, None, None, None]
    log_call(taken.pk, "reached", "", actor=nora, now=now)
    log_call(taken.pk, "reached", "", actor=nora, now=later)
    placement = send_to_program(taken.pk, program, {"need"}, actor=nora, now=now)
    its = Actor.program(program.name)
    accept_placement(placement.pk, actor=its, now=later)
    assert made(taken) == [now, now, later, None]
    undo_last(placement.pk, actor=its, now=later)
    assert made(taken) == [now, now, None, None]
    accept_placement(placement.pk, actor=its, now=later)
    report_visit(placement.pk, "came", actor=its, now=later)
    assert made(taken) == [now, now, later, later]


def test_a_reason_is_kept_as_a_code_beside_the_words(
    taken: Referral, nora: Actor, program: Program, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, {"need"}, actor=nora, now=now)
    reject_placement(placement.pk, coded("payment", "no Medi-Cal"), actor=Actor.program(program.name), now=now)
    assert Placement.objects.get(pk=placement.pk).reason_code == "payment"
    again = send_to_program(taken.pk, program, {"need"}, actor=nora, now=now)
    cancel_placement(again.pk, "They wrote that they moved.", actor=nora, now=now)
    assert Placement.objects.get(pk=again.pk).reason_code is None


def test_who_opens_it_on_the_phone_has_talked_with_the_family(
    make_ask: Callable[..., Any], nora: Actor, now: datetime
) -> None:
    referral = open_referral(make_ask(), actor=nora, now=now)
    assert take(referral.pk, actor=nora, now=now).contacted_at == now


def test_the_past_is_read_from_the_history(taken: Referral, nora: Actor, program: Program, now: datetime) -> None:
    log_call(taken.pk, "reached", "", actor=nora, now=now)
    placement = send_to_program(taken.pk, program, {"need"}, actor=nora, now=now)
    accept_placement(placement.pk, actor=Actor.program(program.name), now=now)
    undo_last(placement.pk, actor=Actor.program(program.name), now=now)
    reject_placement(placement.pk, coded("full"), actor=Actor.program(program.name), now=now)
    Referral.objects.update(**dict.fromkeys(STEPS))
    Placement.objects.update(reason_code=None)
    past = importlib.import_module("referral.migrations.0024_past_milestones")
    past.past_steps(apps, None)
    past.past_reasons(apps, None)
    assert made(taken) == [now, now, None, None]
    assert Placement.objects.get(pk=placement.pk).reason_code == "full"
