"""What a release ships comes to each database once: what admins changed since stays."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from referral import roles, shipped
from referral.models import EscalationRule, FollowUpPlan, HandedOut, Holiday, OfficeHours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups() -> None:
    """As a set-up left them, also after a test that emptied the tables."""
    roles.set_up()


def may(group: str, code: str) -> bool:
    return Group.objects.get(name=group).permissions.filter(codename=code).exists()


def test_a_database_from_before_gets_what_is_new() -> None:
    """One that no set-up has noted anything in: a group is not there, another has less."""
    HandedOut.objects.all().delete()
    Group.objects.get(name="Auditors").delete()
    Group.objects.get(name="Supervisors").permissions.remove(Permission.objects.get(codename="change_escalationrule"))
    assert roles.add_new()["Auditors"] == 2
    assert may("Auditors", "export_accesses") and may("Supervisors", "change_escalationrule")
    assert roles.add_new() == {}


def test_what_an_admin_gave_or_took_stays() -> None:
    group, extra = Group.objects.get(name="Navigators"), Permission.objects.get(codename="view_accessevent")
    group.permissions.add(extra)
    group.permissions.remove(Permission.objects.get(codename="add_capacity"))
    Group.objects.get(name="Auditors").delete()
    call_command("roles", stdout=StringIO())
    assert may("Navigators", "view_accessevent") and not may("Navigators", "add_capacity")
    assert not Group.objects.filter(name="Auditors").exists()
    call_command("roles", "--reset", stdout=StringIO())
    assert not may("Navigators", "view_accessevent") and may("Navigators", "add_capacity")


def test_what_a_release_gives_or_takes_arrives_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    group = Group.objects.get(name="Navigators")
    group.permissions.remove(Permission.objects.get(codename="add_capacity"))
    models = {"directory.capacity": ("view", "add"), "directory.program": ("view", "change")}
    monkeypatch.setattr(roles, "ROLES", {**roles.ROLES, "Navigators": (models, ())})
    assert roles.add_new() == {"Navigators": 2}
    assert may("Navigators", "change_program") and not may("Navigators", "work_referrals")
    assert not may("Navigators", "add_capacity")


def test_rows_that_were_deleted_stay_away() -> None:
    HandedOut.objects.exclude(kind__startswith="group").delete()
    assert all(shipped.load().values())
    for model in (EscalationRule, OfficeHours, Holiday, FollowUpPlan):
        model.objects.all().delete()
    assert not any(shipped.load().values()) and not Holiday.objects.exists()


def test_rows_from_before_are_what_was_shipped_to_them() -> None:
    shipped.load()
    HandedOut.objects.all().delete()
    EscalationRule.objects.filter(about="program").delete()
    assert shipped.load()["escalation rules"] == 0
    assert EscalationRule.objects.count() == 3
