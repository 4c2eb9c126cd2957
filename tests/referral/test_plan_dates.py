"""Whoever edits a plan sees the dates that it would give a family, and the day a message waits for is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import formats, timezone
from time_machine import travel

from messaging.models import Message
from referral.actions.common import Actor
from referral.actions.followups import sample_dates, set_plan
from referral.models import FollowUp, FollowUpPlan, Referral

pytestmark = pytest.mark.django_db


def test_the_dates_shown_are_those_that_a_family_gets(taken: Referral, nora: Actor, now: datetime) -> None:
    plan = FollowUpPlan.objects.get(name="Close watch")
    shown = sample_dates(plan.steps.all(), now=now, zone=taken.contact.zone)
    set_plan(taken.pk, plan, actor=nora, now=now)
    for each, followup in zip(shown, FollowUp.objects.filter(plan=plan).order_by("pk"), strict=True):
        assert each.step.kind == followup.kind
        assert each.goes.date() == followup.local_date or followup.kind == "call"
        message = Message.objects.filter(reference=followup.key).first()
        assert message is None or max(message.due_at, now) == each.goes


def test_the_admin_shows_the_dates(make_user: Callable[..., Any], sign_in: Callable[[Any], Client], rows: None) -> None:
    with travel(datetime.fromisoformat("2026-03-04T17:30:00+00:00"), tick=False):
        browser = sign_in(make_user("root", is_superuser=True))
        plan = FollowUpPlan.objects.get(is_default=True)
        page = browser.get(reverse("admin:referral_followupplan_change", args=[plan.pk])).content.decode()
        assert "If it started today" in page
        first = sample_dates(plan.steps.all(), now=timezone.now(), zone="America/Los_Angeles")[0]
        assert formats.date_format(first.goes, "DATETIME_FORMAT") in page
        assert browser.get(reverse("admin:referral_followupplan_add")).status_code == 200


def typed(*steps: tuple[int, str]) -> dict[str, Any]:
    """What the page of a new plan sends: its steps as (days after the start, time)."""
    form = {"name": "Ours", "active": "on", "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for place, (days, at) in enumerate(steps):
        form |= {f"steps-{place}-offset_days": days, f"steps-{place}-local_time": at, f"steps-{place}-kind": "message"}
    return form


def test_the_dates_of_a_plan_are_seen_before_it_is_saved(
    supervisor: Any, sign_in: Callable[[Any], Client], rows: None
) -> None:
    with travel(datetime.fromisoformat("2026-03-04T17:30:00+00:00"), tick=False):
        browser, plans = sign_in(supervisor), FollowUpPlan.objects.count()
        asks = reverse("admin:referral_followupplan_preview")
        assert f'formaction="{asks}"' in browser.get(reverse("admin:referral_followupplan_add")).content.decode()
        page = browser.post(asks, typed((7, "10:00"), (2, "14:30"))).content.decode()
        assert page.index("Friday, Mar 6, 2026, 2:30 p.m.") < page.index("Wednesday, Mar 11, 2026, 10:00 a.m.")
        wrong = browser.post(asks, typed((1, "03:00"))).content.decode()
        assert "No family is written to or called at this hour." in wrong
        plan = FollowUpPlan.objects.get(is_default=True)
        steps = list(plan.steps.all())
        sent = typed(*((step.offset_days + 1, f"{step.local_time:%H:%M}") for step in steps), (90, "11:00"))
        sent |= {"steps-INITIAL_FORMS": len(steps), **{f"steps-{n}-id": step.pk for n, step in enumerate(steps)}}
        sent |= {f"steps-{n}-plan": plan.pk for n in range(len(steps) + 1)}
        changed = browser.post(reverse("admin:referral_followupplan_preview", args=[plan.pk]), sent)
        assert "(day 90)" in changed.content.decode() and "Fix these" not in changed.content.decode()
        assert (FollowUpPlan.objects.count(), list(plan.steps.all())) == (plans, steps)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (
            [(1, "03:00")],
            "No family is written to or called at this hour. Enter one between 8",
        ),
        ([(1, "20:01")], "No family is written to or called at this hour."),
        ([(1, "10:00"), (1, "10:00")], "There is a step at this time of this day already. Change one of them."),
        ([], "A plan needs at least one step. Add one."),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    supervisor: Any, sign_in: Callable[[Any], Client], rows: None, steps: list[tuple[int, str]], sentence: str
) -> None:
    page, plans = reverse("admin:referral_followupplan_add"), FollowUpPlan.objects.count()
    browser = sign_in(supervisor)
    answer = browser.post(page, typed(*steps))
    assert answer.status_code == 200 and sentence in answer.content.decode()
    assert FollowUpPlan.objects.count() == plans
    assert browser.post(page, typed((1, "08:00"), (1, "20:00"), (2, "08:00"))).status_code == 302
    assert FollowUpPlan.objects.get(name="Ours").steps.count() == 3


def test_the_shipped_plans_hold_to_the_rules(rows: None) -> None:
    for plan in FollowUpPlan.objects.all():
        steps = list(plan.steps.all())
        assert steps and len({(step.offset_days, step.local_time) for step in steps}) == len(steps)
        for step in steps:
            step.full_clean()


def test_a_time_of_the_familys_is_asked_for_as_a_time_of_day(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client], rows: None
) -> None:
    """Django's own field says beside it how far the browser is from the server."""
    browser = sign_in(make_user("root", is_superuser=True))
    plan = FollowUpPlan.objects.get(is_default=True)
    page = browser.get(reverse("admin:referral_followupplan_change", args=[plan.pk])).content.decode()
    assert 'type="time" name="steps-0-local_time" value="10:00"' in page and "vTimeField" not in page
