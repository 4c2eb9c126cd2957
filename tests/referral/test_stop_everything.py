"""A family asks us to stop everything: what ends is shown first, ends in one act, and comes back after a slip."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from messaging.actions import is_stopped
from referral.actions.common import Actor
from referral.actions.moving import reopen_referral
from referral.models import Placement, Referral
from referral.timeline import for_family

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def close(staff: Client, referral: Referral, closing: str, **more: Any) -> Any:
    version = Referral.objects.get(pk=referral.pk).version
    typed = {"version": version, "closing": closing, "reason": "His mother called.", **more}
    return staff.post(f"/staff/referral/{referral.pk}/close/", typed)


def stop(staff: Client, referral: Referral) -> str:
    """Press, read what ends, and confirm it."""
    page = html.unescape(close(staff, referral, "stopped").content.decode())
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    assert Referral.objects.get(pk=referral.pk).is_open, "nothing ends before it was shown"
    assert close(staff, referral, "stopped", shown=shown).status_code == 302
    return page


def test_one_act_ends_request_consent_and_contact(placement: Placement, staff: Client, now: datetime) -> None:
    referral = placement.referral
    page = stop(staff, referral)
    assert "The consent of Rosa Sample" in page and "All emails, texts and calls to the family." in page
    assert f"The request to {placement.program}" in page
    ended = Referral.objects.get(pk=referral.pk)
    assert (ended.status, ended.closing) == ("closed", "stopped")
    assert not ended.consents.live(now).exists() and not ended.tasks.open().exists()
    contact = ended.contact
    assert not (contact.by_email or contact.by_text or contact.by_phone)
    assert is_stopped(address=contact.email, channel="email", now=now)
    line = for_family(ended.timeline.get(kind="closed"))
    assert line.startswith("You asked us to stop. Your request and your consent ended")


def test_a_slip_brings_all_of_it_back(placement: Placement, staff: Client, nora: Actor, now: datetime) -> None:
    referral = placement.referral
    planned = referral.followups.pending().count()
    stop(staff, referral)
    reopen_referral(referral.pk, "", actor=nora, now=now + timedelta(minutes=9))
    again = Referral.objects.get(pk=referral.pk)
    assert again.is_open and again.consents.live(now).exists() and again.followups.pending().count() == planned
    assert (again.contact.by_email, again.contact.by_text, again.contact.by_phone) == (True, True, True)
    assert not is_stopped(address=again.contact.email, channel="email", now=now)
    assert Placement.objects.get(pk=placement.pk).status == "requested"


def test_reopened_later_nobody_is_written_to(placement: Placement, staff: Client, nora: Actor, now: datetime) -> None:
    stop(staff, placement.referral)
    reopen_referral(placement.referral_id, "They called again.", actor=nora, now=now + timedelta(minutes=11))
    again = Referral.objects.get(pk=placement.referral_id)
    assert not again.contact.channels() and not again.consents.live(now).exists()


def test_who_needs_no_help_any_more_is_said_so(taken: Referral, staff: Client) -> None:
    assert close(staff, taken, "no_need").status_code == 302
    assert Referral.objects.get(pk=taken.pk).get_closing_display() == "They no longer need help"
    assert taken.contact.by_email


def test_not_many_families_at_once_ask_to_stop(taken: Referral, staff: Client) -> None:
    row = {"do": "close", "row": f"{taken.pk}:{taken.version}", "confirmed": "1"}
    answer = staff.post("/staff/bulk/", {**row, "closing": "stopped", "reason": "so"})
    assert answer.status_code == 422 and Referral.objects.get(pk=taken.pk).is_open
