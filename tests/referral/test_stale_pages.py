"""A staff page that is out of date is answered with a sentence, and keeps what was typed."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from referral.actions.common import Actor
from referral.actions.placements import accept_placement
from referral.actions.referrals import hold_referral
from referral.models import Placement, Referral, TimelineEntry
from workspace.correct_form import CorrectForm

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


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


def corrected(referral: Referral, **typed: str) -> dict[str, Any]:
    """What the form that corrects is sent with."""
    referral = Referral.objects.get(pk=referral.pk)
    shown = {
        name: "on" if value is True else value for name, value in CorrectForm.initial_of(referral).items() if value
    }
    return {**shown, "version": referral.version, **typed}


def test_a_conflict_names_who_changed_what_and_both_values(
    taken: Referral, supervisor: Any, sign_in: Callable[[Any], Client], staff: Client, now: datetime
) -> None:
    path, mine = f"/staff/referral/{taken.pk}/correct/", corrected(taken, phone="626-555-0177")
    with travel(now, tick=False):
        sign_in(supervisor).post(path, corrected(taken, phone="626-555-0191"))
        page = html.unescape(staff.post(path, mine).content.decode())
    assert "Sam Supervisor at 9:30 a.m.: Changed how to be reached: phone (was: (626) 555-0142)." in page
    assert "Phone: now “(626) 555-0191”, yours “(626) 555-0177”." in page
    assert "Email: now" not in page


def test_a_correction_says_which_programs_see_it(
    placement: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    path = f"/staff/referral/{placement.referral_id}/correct/"
    with travel(now, tick=False):
        said = staff.post(path, corrected(placement.referral, phone="626-555-0177"), follow=True).content.decode()
        assert "Corrected. No program sees name, phone or email: none has accepted yet." in said
        accept_placement(placement.pk, actor=nora, now=now)
        said = staff.post(path, corrected(placement.referral, phone="626-555-0178"), follow=True).content.decode()
    assert f"On their page they see it now: {placement.program}." in html.unescape(said)


def test_the_words_to_read_aloud_are_in_the_familys_language(
    make_referral: Callable[..., Referral], staff: Client
) -> None:
    family = make_referral(language="es")
    page = staff.get(f"/staff/referral/{family.pk}/form/correct/").content.decode()
    form = page[page.index('name="contact_name"') : page.index("</form>", page.index('name="contact_name"'))]
    assert "Pueden llamarme sobre esta solicitud." in form and "Which language do you prefer?" not in form
