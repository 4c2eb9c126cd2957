"""Before data goes out or a place ends: what exactly, to whom; then one answer, bound to what was shown."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from directory.models import Program
from privacy.models import AccessEvent
from referral.actions import placements
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import preview_revoke, revoke_consent
from referral.actions.effects import Changed
from referral.actions.placements import accept_placement, start_placement
from referral.actions.referrals import add_note
from referral.actions.sending import preview_send, send_to_program
from referral.models import Consent, Disclosure, FamilyLink, Placement, ProgramLink, Referral, TimelineEntry
from tests.referral.conftest import confirmed, hidden
from tests.referral.desks import at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
ADMISSIONS = Actor.program("A program")
CHANGED = "Something changed while you were looking."


@pytest.fixture
def asked(taken: Referral, nora: Actor, program: Program, now: datetime) -> Placement:
    return send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)


@pytest.fixture
def family(taken: Referral, now: datetime) -> Client:
    client = Client()
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    client.get(f"/r/{token}/")
    return client


def version() -> int:
    return Referral.objects.get().version


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


class Step:
    """One of the steps that ask: where it is pressed, what is typed, and how to see that it was taken."""

    def __init__(self, name: str, referral: Referral, program: Program):
        self.name, self.referral, self.program = name, referral, program
        place, base = Placement.objects.first(), f"/staff/referral/{referral.pk}"
        self.path = {
            "send": f"{base}/send/",
            "accept": f"{base}/placement/{place and place.pk}/accept/",
            "cancel": f"{base}/placement/{place and place.pk}/cancel/",
            "close": f"{base}/close/",
            "revoke": f"{base}/consent/{referral.consents.get().pk}/revoke/",
        }[name]

    def typed(self) -> dict[str, Any]:
        more: dict[str, dict[str, Any]] = {
            "send": {"program": self.program.pk, "categories": ["contact"]},
            "cancel": {"reason": "They found a bed at home."},
            "close": {"closing": "declined", "reason": "They found a bed at home."},
        }
        return {"version": version(), **more.get(self.name, {})}

    @property
    def was_taken(self) -> bool:
        kind = {"send": "sent", "accept": "accepted", "cancel": "placement_cancelled", "revoke": "consent_revoked"}
        kind["close"] = "closed"
        return TimelineEntry.objects.filter(kind=kind[self.name], role="navigator").exists()


@pytest.fixture(params=["send", "accept", "cancel", "close", "revoke"])
def step(request: pytest.FixtureRequest, taken: Referral, nora: Actor, program: Program, now: datetime) -> Step:
    if request.param != "send":
        placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
        if request.param == "cancel":
            accept_placement(placement.pk, actor=ADMISSIONS, now=now)
    return Step(request.param, taken, program)


def test_nothing_happens_until_it_is_confirmed(step: Step, staff: Client) -> None:
    before = (version(), Disclosure.objects.count())
    answer = staff.post(step.path, step.typed())
    assert answer.status_code == 200
    assert (version(), Disclosure.objects.count()) == before
    assert staff.post(step.path, hidden(answer.content.decode())).status_code == 302
    assert step.was_taken


def test_a_change_in_between_asks_again(step: Step, staff: Client, nora: Actor, now: datetime) -> None:
    first = staff.post(step.path, step.typed())
    add_note(step.referral.pk, "They moved in with an aunt.", actor=nora, now=now)
    again = staff.post(step.path, hidden(first.content.decode()))
    assert (again.status_code, CHANGED in words(again)) == (409, True)
    assert not step.was_taken
    assert staff.post(step.path, hidden(again.content.decode())).status_code == 302
    assert step.was_taken


def test_a_mark_that_was_never_shown_confirms_nothing(step: Step, staff: Client) -> None:
    answer = staff.post(step.path, {**step.typed(), "shown": "0" * 32})
    assert answer.status_code == 409
    assert not step.was_taken


def test_confirmed_twice_it_is_done_once_and_answered_alike(step: Step, staff: Client) -> None:
    shown = hidden(staff.post(step.path, step.typed()).content.decode())
    before = TimelineEntry.objects.count()
    assert [staff.post(step.path, shown).status_code for _each in range(2)] == [302, 302]
    assert TimelineEntry.objects.count() == before + 1


def test_back_keeps_what_was_typed(step: Step, staff: Client) -> None:
    shown = hidden(staff.post(step.path, step.typed()).content.decode())
    answer = staff.post(step.path, {**shown, "back": "1"})
    assert answer.status_code == 200
    page = words(answer)
    assert not step.was_taken
    if step.name == "send":
        assert f'value="{step.program.pk}" checked' in page
    if step.name in ("cancel", "close"):
        assert "They found a bed at home." in page


def test_a_program_that_changes_its_address_in_between_asks_again(
    taken: Referral, program: Program, staff: Client
) -> None:
    step = Step("send", taken, program)
    first = staff.post(step.path, step.typed())
    program.referral_email = "somebody.else@example.org"
    program.save()
    assert staff.post(step.path, hidden(first.content.decode())).status_code == 409
    assert not Placement.objects.exists()


def test_the_binding_is_held_in_the_action(taken: Referral, program: Program, nora: Actor, now: datetime) -> None:
    shown = preview_send(taken.pk, program, [], now=now).mark
    with pytest.raises(Changed):
        send_to_program(taken.pk, program, ["contact"], actor=nora, now=now, shown=shown)
    send_to_program(taken.pk, program, [], actor=nora, now=now, shown=shown)
    consent = Consent.objects.get()
    mark = preview_revoke(consent.pk, actor=nora, now=now).mark
    add_note(taken.pk, "x", actor=nora, now=now)
    with pytest.raises(Changed):
        revoke_consent(consent.pk, actor=nora, now=now, shown=mark)
    # A family only takes away.
    assert revoke_consent(consent.pk, actor=FAMILY, now=now, shown=mark).ends


def test_sending_shows_the_rows_that_the_program_will_see(
    taken: Referral, program: Program, staff: Client, now: datetime
) -> None:
    step = Step("send", taken, program)
    page = words(staff.post(step.path, step.typed()))
    first, then = page.split("Once it accepts, it also sees")
    assert program.name in first and "Alcohol or drug use" in first and "Pasadena" in first
    assert "(626) 555-0142" not in first and "(626) 555-0142" in then and "rosa@example.org" in then
    confirmed(staff, step.path, step.typed())
    placement = Placement.objects.get()
    admissions = at_the_desk(placement, now)
    for row in ("Alcohol or drug use", "Pasadena", "English"):
        assert f"<dd>{row}" in page_of(admissions, placement).content.decode() and f"<dd>{row}" in first


def test_sending_less_shows_that_nothing_more_follows(taken: Referral, program: Program, staff: Client) -> None:
    page = words(staff.post(Step("send", taken, program).path, {"version": version(), "program": program.pk}))
    assert "Nothing more." in page and "(626) 555-0142" not in page


def test_accepting_for_a_program_shows_name_and_phone_first(
    asked: Placement, taken: Referral, program: Program, staff: Client
) -> None:
    step = Step("accept", taken, program)
    page = words(staff.post(step.path, step.typed()))
    assert f"{program.name} sees this from now on" in page
    assert "Rosa Sample" in page and "(626) 555-0142" in page
    assert Disclosure.objects.count() == 1
    confirmed(staff, step.path, step.typed())
    assert Disclosure.objects.count() == 2


def test_a_request_without_a_place_is_canceled_at_once(asked: Placement, taken: Referral, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/placement/{asked.pk}/cancel/"
    assert staff.post(path, {"version": version(), "reason": "They called."}).status_code == 302
    assert Placement.objects.get().status == "cancelled"


def test_what_the_familys_page_says_after_it(
    asked: Placement, taken: Referral, program: Program, staff: Client, family: Client, now: datetime
) -> None:
    confirmed(staff, Step("accept", taken, program).path, {"version": version()})
    assert f"{program.name} said yes" in words(family.get("/status/"))
    admissions = at_the_desk(asked, now)
    assert page_of(admissions, asked).status_code == 200
    step = Step("cancel", taken, program)
    confirmed(staff, step.path, step.typed())
    page = words(family.get("/status/"))
    assert f"The request to {program.name} was canceled." in page
    assert "They found a bed at home." not in page
    assert page_of(admissions, asked).status_code == 410


def test_revoking_names_what_ends_and_what_stays(
    asked: Placement, taken: Referral, program: Program, staff: Client, nora: Actor, now: datetime
) -> None:
    other = Program.objects.public().order_by("pk")[1]
    cared = send_to_program(taken.pk, other, ["contact"], actor=nora, now=now, reason="x")
    Placement.objects.filter(pk=cared.pk).update(status="in_progress")
    page = words(staff.post(Step("revoke", taken, program).path, {"version": version()}))
    assert f"The request to {program.name} (Awaiting response)." in page
    assert f"The page of {other.name}. Care there goes on." in page
    assert "Already shared. This stays with the program:" in page


def test_closing_names_the_requests_and_the_care_that_end(
    taken: Referral, asked: Placement, program: Program, staff: Client, nora: Actor, now: datetime
) -> None:
    other = Program.objects.public().exclude(pk=program.pk).earliest("pk")
    send_to_program(taken.pk, other, [], actor=nora, now=now)
    Placement.objects.filter(program=other).update(status="in_progress")
    typed = {"version": version(), "closing": "declined", "reason": "They went home."}
    page = words(staff.post(f"/staff/referral/{taken.pk}/close/", typed))
    assert f"The request to {program.name} (" in page and f"Care at {other.name}. It is recorded as “did not" in page
    assert (
        "brings everything back. Programs that we asked by email are told after that." in page
        and "They went home." in page
    )
    assert program.name in words(staff.get(f"/staff/referral/{taken.pk}/next/"))
    row = {"do": "close", "row": f"{taken.pk}:{version()}", "back": ""}
    assert "2 open requests to programs end" in words(staff.post("/staff/bulk/", row))


def test_a_spoken_consent_is_nowhere_said_to_be_signed(
    taken: Referral, asked: Placement, staff: Client, family: Client, now: datetime
) -> None:
    Consent.objects.update(method=Consent.Method.VERBAL)
    base, consent, typed = f"/staff/referral/{taken.pk}", Consent.objects.get().pk, {"version": version()}
    pages = [
        words(staff.post(f"{base}/placement/{asked.pk}/accept/", typed)),
        words(staff.post(f"{base}/consent/{consent}/revoke/", typed)),
        words(family.get("/status/")),
        words(family.get(f"/status/consent/{consent}/")),
    ]
    for page in pages:
        assert "said on the phone or in person" in page
        assert not re.search(r"that .{1,40} signed on|Signed (by|on)", page)
    program_page = words(page_of(at_the_desk(asked, now), asked))
    assert "given by phone or in person" in program_page and "written consent" not in program_page


def test_a_mismatch_is_named_and_takes_a_reason(
    taken: Referral, program: Program, staff: Client, nora: Actor, now: datetime
) -> None:
    program.concern = "mental_health"
    program.save()
    step = Step("send", taken, program)
    asks = staff.post(step.path, step.typed())
    assert "Does not match" in words(asks)
    blank = staff.post(step.path, {**hidden(asks.content.decode()), f"reason_{program.pk}": " "})
    assert (blank.status_code, Placement.objects.count()) == (409, 0)
    assert "Say why you choose it anyway." in words(blank)
    done = staff.post(
        step.path, {**hidden(blank.content.decode()), f"reason_{program.pk}": "A second illness, treated there."}
    )
    assert done.status_code == 302
    assert TimelineEntry.objects.get(kind="sent").text == "A second illness, treated there."


def test_a_reason_typed_before_a_change_is_kept(
    taken: Referral, program: Program, staff: Client, nora: Actor, now: datetime
) -> None:
    program.concern = "mental_health"
    program.save()
    step = Step("send", taken, program)
    shown = {
        **hidden(staff.post(step.path, step.typed()).content.decode()),
        f"reason_{program.pk}": "Treated there before.",
    }
    add_note(taken.pk, "x", actor=nora, now=now)
    assert "Treated there before." in words(staff.post(step.path, shown))
    assert "Treated there before." in words(staff.post(step.path, {**shown, "back": "1"}))


def test_obstacles_to_a_request_are_named_before_the_preview(taken: Referral, program: Program, staff: Client) -> None:
    step = Step("send", taken, program)
    Consent.objects.all().delete()
    answer = staff.post(step.path, step.typed())
    assert answer.status_code == 409
    assert "The family has not signed a consent." in words(answer)


def test_the_page_that_asks_is_written_down_as_a_look(
    taken: Referral, program: Program, staff: Client, navigator: Any
) -> None:
    step = Step("send", taken, program)
    before = AccessEvent.objects.filter(subject=taken.key, actor=navigator).count()
    answer = staff.post(step.path, step.typed())
    assert AccessEvent.objects.filter(subject=taken.key, actor=navigator).count() == before + 1
    assert "no-store" in answer.headers["Cache-Control"]


# The family's own page


def test_a_family_sees_what_ends_before_it_withdraws(
    asked: Placement, taken: Referral, program: Program, family: Client, nora: Actor, now: datetime
) -> None:
    path = f"/status/consent/{taken.consents.get().pk}/revoke/"
    page = family.get(path)
    assert f"Our request to {program.name}." in words(page)
    assert taken.consents.live(now).exists()
    assert family.post(path).status_code == 200
    assert taken.consents.live(now).exists()
    other = Program.objects.public().order_by("pk")[1]
    send_to_program(taken.pk, other, [], actor=nora, now=now, reason="x")
    done = hidden(page.content.decode())
    told = words(family.post(path, done, follow=True))
    assert not taken.consents.live(now).exists()
    assert (
        "Your consent is withdrawn." in told and f"closed: {' and '.join(sorted([program.name, other.name]))}" in told
    )
    assert family.post(path, done).status_code == 302


def test_an_answer_in_between_does_not_keep_a_consent(
    asked: Placement, taken: Referral, family: Client, now: datetime
) -> None:
    path = f"/status/consent/{taken.consents.get().pk}/revoke/"
    shown = hidden(family.get(path).content.decode())
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    assert family.post(path, shown).status_code == 302
    asked.refresh_from_db()
    assert not taken.consents.live(now).exists() and not asked.links.live(now).exists()


def test_once_withdrawn_it_stands_once_in_the_history(
    asked: Placement, taken: Referral, family: Client, now: datetime
) -> None:
    path = f"/status/consent/{taken.consents.get().pk}/revoke/"
    shown = hidden(family.get(path).content.decode())
    assert [family.post(path, shown).status_code for _each in range(2)] == [302, 302]
    assert TimelineEntry.objects.filter(kind="consent_revoked").count() == 1


def test_a_family_in_care_reads_that_its_care_goes_on(
    asked: Placement, taken: Referral, program: Program, family: Client, nora: Actor, now: datetime
) -> None:
    accept_placement(asked.pk, actor=ADMISSIONS, now=now)
    start_placement(asked.pk, actor=nora, now=now)
    path = f"/status/consent/{taken.consents.get().pk}/revoke/"
    assert "Your care there goes on." in words(family.get(path))
    confirmed(family, path)
    assert Placement.objects.get().status == "in_progress"
    assert not ProgramLink.objects.filter(revoked_at=None).exists()


def test_who_withdraws_may_sign_again_and_is_still_helped(taken: Referral, family: Client, now: datetime) -> None:
    path = f"/status/consent/{taken.consents.get().pk}/revoke/"
    assert "You can sign again at any time." in words(family.get(path))
    confirmed(family, path)
    signed = {"consent-signed_name": "Rosa Sample", "consent-agree": "on", "consent-categories": ["contact"]}
    assert family.post("/status/consent/", signed).status_code == 302
    assert taken.consents.live(now).exists()
    assert Referral.objects.get().status == "active"


def test_accepting_under_a_changed_effect_is_refused_for_staff_only(
    asked: Placement, nora: Actor, now: datetime
) -> None:
    with pytest.raises(Changed):
        placements.accept_placement(asked.pk, actor=nora, now=now, shown="another")
    assert placements.accept_placement(asked.pk, actor=ADMISSIONS, now=now).status == "accepted"


def test_what_no_program_opened_is_not_called_shared(
    taken: Referral, program: Program, staff: Client, family: Client, nora: Actor, now: datetime
) -> None:
    placement = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    step = Step("revoke", taken, program)
    page = words(staff.post(step.path, step.typed()))
    assert f"{program.name} has not opened its link: it has seen nothing of this." in page
    assert "Already shared" not in page and "What ends when this consent is withdrawn?" in page
    own = f"/status/consent/{taken.consents.get().pk}/revoke/"
    assert "No program has seen anything from us." in words(family.get(own))
    page_of(at_the_desk(placement, now), placement)
    page = words(staff.post(step.path, step.typed()))
    assert "Already shared. This stays with the program" in page and "has not opened its link" not in page
    assert "What programs have already seen" in words(family.get(own))
