"""A staff page that is out of date is answered with a sentence, and keeps what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from referral.actions.common import Actor
from referral.actions.referrals import hold_referral
from referral.models import Referral, TimelineEntry

pytestmark = pytest.mark.django_db


def test_stale_page_gets_a_sentence_and_keeps_what_was_typed(
    taken: Referral, nora: Actor, staff: Client, now: datetime
) -> None:
    stale = Referral.objects.get().version
    hold_referral(taken.pk, until=now, reason="away", actor=nora, now=now)
    typed = {"version": stale, "closing": "declined", "reason": "They found a bed elsewhere."}
    answer = staff.post(f"/staff/referral/{taken.pk}/close/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Someone changed this referral while you were looking at it." in page
    assert "They found a bed elsewhere." in page
    assert Referral.objects.get().status == "on_hold"
    # The page now carries the version it shows, so pressing again does it.
    again = staff.post(f"/staff/referral/{taken.pk}/close/", {**typed, "version": Referral.objects.get().version})
    assert again.status_code == 302
    assert Referral.objects.get().status == "closed"


def test_who_lost_the_referral_gets_back_what_they_typed(
    taken: Referral, supervisor: Any, staff: Client, now: datetime
) -> None:
    Referral.objects.update(assigned_to=supervisor)
    answer = staff.post(f"/staff/referral/{taken.pk}/note/", {"note": "They called back at nine."})
    assert answer.status_code == 409
    assert "They called back at nine." in answer.content.decode()
    assert not TimelineEntry.objects.filter(kind="note").exists()


def test_a_refused_form_keeps_its_page_where_htmx_swaps_it(taken: Referral, staff: Client) -> None:
    typed = {"version": Referral.objects.get().version, "closing": "met", "reason": "All is well."}
    plain = staff.post(f"/staff/referral/{taken.pk}/close/", typed)
    assert (plain.status_code, "HX-Push-Url" in plain.headers) == (409, False)
    assert "You cannot do this in the current status." in plain.content.decode()
    swapped = staff.post(f"/staff/referral/{taken.pk}/close/", typed, headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Push-Url"]) == (200, "false")
    assert "All is well." in swapped.content.decode()
