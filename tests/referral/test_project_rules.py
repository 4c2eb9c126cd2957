"""History that stays, roles that hold, a demo that has lived, and nobody forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client

from messaging.models import Message
from referral import demo, roles, shipped
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.models import Consent, Disclosure, FollowUp, Placement, Referral, Task, TimelineEntry
from referral.timeline import for_family, for_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sql", ["UPDATE {table} SET at = at", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_the_timeline(taken: Referral, sql: str) -> None:
    lines = TimelineEntry.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table="referral_timelineentry"))
    assert TimelineEntry.objects.count() == lines > 0


def test_the_history_of_an_erased_person_may_go(taken: Referral, now: datetime) -> None:
    Referral.objects.filter(pk=taken.pk).update(erased_at=now)
    TimelineEntry.objects.filter(referral=taken).delete()
    assert not TimelineEntry.objects.exists()


def test_roles_are_the_table_however_often_they_are_set(db: None) -> None:
    first = roles.set_up()
    Group.objects.get(name="Navigators").permissions.add(*Group.objects.get(name="Editors").permissions.all()[:3])
    assert roles.set_up() == first
    assert Group.objects.get(name="Navigators").permissions.count() == first["Navigators"]


def test_a_set_up_adds_each_shipped_row_once(rows: None) -> None:
    assert sum(shipped.load().values()) == 0


@pytest.mark.parametrize("path", ["/staff/", "/staff/referral/1/"])
def test_the_workspace_is_for_those_who_work_there(
    taken: Referral, make_user: Callable[..., Any], sign_in: Callable[[Any], Client], path: str
) -> None:
    editor = sign_in(make_user("editor", "Editors"))
    assert editor.get(path).status_code == 403
    assert Client().get(path).status_code == 302


def test_a_navigator_sees_their_own_and_nobodys_a_supervisor_all(
    taken: Referral, make_referral: Callable[..., Referral], make_user: Callable[..., Any],
    sign_in: Callable[[Any], Client], supervisor: Any,
) -> None:  # fmt: skip
    free = make_referral(email="b@example.org")
    ben = sign_in(make_user("ben", "Navigators"))
    assert ben.get(f"/staff/referral/{taken.pk}/").status_code == 404
    assert ben.get(f"/staff/referral/{free.pk}/").status_code == 200
    assert ben.post(f"/staff/referral/{taken.pk}/note/", {"note": "x"}).status_code == 409
    assert sign_in(supervisor).get(f"/staff/referral/{taken.pk}/").status_code == 200


@pytest.mark.parametrize("command", ["destroy", "open", "x" * 60])
def test_a_deed_that_does_not_exist_is_not_found(taken: Referral, staff: Client, command: str) -> None:
    assert staff.post(f"/staff/referral/{taken.pk}/{command}/", {}).status_code == 404
    assert staff.post(f"/staff/referral/{taken.pk}/placement/1/{command}/", {}).status_code == 404


@pytest.mark.slow
@pytest.mark.any_database
def test_the_demo_lives_through_every_state_and_sends_nothing(rows: None, settings: Any) -> None:
    settings.MESSAGING_COURIERS = dict.fromkeys(["email", "sms"], "no.such.Courier")
    now = datetime(2026, 6, 15, 18, 0, tzinfo=UTC)
    assert demo.load(now) == 60
    assert demo.load(now) == 0
    assert set(Referral.objects.values_list("status", flat=True)) == set(ReferralStatus)
    assert set(Placement.objects.values_list("status", flat=True)) == set(PlacementStatus)
    assert set(FollowUp.objects.values_list("status", flat=True)) >= {"planned", "sent", "answered", "cancelled"}
    assert FollowUp.objects.filter(status="planned", due_at__gt=now).exists()
    assert Task.objects.open().filter(urgent=True).exists()
    assert Consent.objects.exists() and Disclosure.objects.exists()
    oldest = Referral.objects.earliest("opened_at").opened_at
    assert 80 <= (now - oldest).days <= 90
    assert not Message.objects.filter(state__in=["scheduled", "claimed", "sending"], due_at__lte=now).exists()
    for entry in TimelineEntry.objects.all():
        assert entry.at <= now
        assert for_staff(entry) and (for_family(entry) or entry.kind == "message")
    # Nobody is forgotten: whoever is open has a time at which somebody looks.
    assert not Referral.objects.open().filter(next_action_at=None).exists()
