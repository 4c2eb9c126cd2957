"""A family's own page: who works on it, where it really stands, what was shared, and every choice with a way back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter
from privacy.models import AccessEvent
from referral.actions.appointments import propose_times
from referral.actions.common import Actor
from referral.actions.followups import check_in_now
from referral.actions.placements import accept_placement
from referral.actions.replies import hear_program, tell_the_family
from referral.actions.sending import send_to_program
from referral.models import Appointment, Disclosure, FamilyLink, FollowUp, Placement, Referral
from tests.referral.conftest import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
ADMISSIONS = Actor.program("A")


def come(referral: Referral, now: datetime) -> Client:
    client = Client()
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=9), referral=referral)
    client.get(f"/r/{token}/")
    return client


@pytest.fixture
def family(taken: Referral, now: datetime) -> Client:
    return come(taken, now)


def words(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def test_the_page_names_who_works_on_it_by_the_first_name(family: Client) -> None:
    page = words(family.get("/status/"))
    assert "Nora from our team works on your request." in page and "Navigator" not in page


def test_the_page_says_where_a_request_really_stands(
    family: Client, placement: Placement, program: Program, now: datetime
) -> None:
    assert f"We are waiting to hear from {program.name}. We asked them to answer by" in words(family.get("/status/"))
    question = hear_program(placement.pk, "Does she take insulin?", actor=Actor.program("Sample"), now=now)
    page = words(family.get("/status/"))
    assert f"{program.name} asked us something before they answer. We answer them." in page
    assert "We asked them to answer by" not in page
    question.delete()
    with travel(now + timedelta(days=2), tick=False):
        late = words(come(placement.referral, now + timedelta(days=2)).get("/status/"))
    assert f"{program.name} has not answered yet." in late and "If they do not answer by 5:00 p.m. on Monday" in late


def test_a_new_request_that_was_not_called_in_time_says_so(
    make_referral: Callable[..., Referral], now: datetime
) -> None:
    new = make_referral()
    assert "A navigator will contact you by" in words(come(new, now).get("/status/"))
    with travel(now + timedelta(days=3), tick=False):
        assert "We are late, and we are sorry." in words(come(new, now + timedelta(days=3)).get("/status/"))


def test_what_was_shared_stands_with_its_exact_copy(family: Client, placement: Placement, program: Program) -> None:
    page = words(family.get("/status/"))
    shared = page[page.index("What was shared with whom") :]
    assert program.name in shared and "<dd>Pasadena, CA</dd>" in shared and "<dd>Rosa Sample</dd>" not in shared


def test_a_spanish_reader_reads_in_spanish_what_was_shared(
    family: Client, taken: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    taken.contact.times = ["evening"]
    taken.contact.save()
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    spanish = ("Horas para llamar", "Noches entre semana", "Consumo de alcohol o drogas")
    for at in ("/es/status/", "/es/status/download/"):
        page = words(family.get(at))
        assert all(said in page for said in spanish), at
        assert "Good times to call" not in page and "Alcohol or drug use" not in page
    with override("es"):  # a copy that was kept in one language alone
        rows = Disclosure(copy=asked.disclosures.get().copy["en"]).rows
    assert all(said in str(rows) for said in spanish)
    assert "Good times to call" in words(family.get("/status/"))


def test_a_consent_that_ends_before_its_words_says_when(family: Client, taken: Referral, now: datetime) -> None:
    earlier = "This consent ends earlier than these words say: on"
    given = taken.consents.get()
    at = ("/status/", f"/status/consent/{given.pk}/")
    assert not any(earlier in words(family.get(each)) for each in at)
    given.method, given.expires_at = "verbal", now + timedelta(days=30)
    given.save()
    day = date_format(timezone.localtime(given.expires_at))
    assert all(f"{earlier} {day}." in words(family.get(each)) for each in at)


def test_a_question_and_its_answer_stand_on_the_page(
    family: Client, taken: Referral, nora: Actor, post: Callable[..., list[Letter]], now: datetime
) -> None:
    post(now)
    family.post("/status/word/", {"word": "May my sister come?"})
    tell_the_family(taken.pk, "Yes, canary she may.", actor=nora, now=now)
    page = words(family.get("/status/"))
    assert page.index("May my sister come?") < page.index("Yes, canary she may.") and "Nora:" in page
    assert not taken.tasks.open().filter(kind="reply").exists()
    assert [("canary" in each.content.text, each.content.subject) for each in post(now, "email")] == [
        (False, "There is news for you")
    ]


def test_staff_answer_the_family_from_the_task(family: Client, taken: Referral, staff: Client) -> None:
    family.post("/status/word/", {"word": "May my sister come?"})
    task = taken.tasks.get(kind="reply")
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert f"/task/{task.pk}/reply/" in page
    version = Referral.objects.get(pk=taken.pk).version
    staff.post(f"/staff/referral/{taken.pk}/task/{task.pk}/reply/", {"version": version, "answer": "Yes."})
    assert "Yes." in words(family.get("/status/"))


def test_a_proposed_time_is_chosen_and_saved_in_a_calendar(family: Client, placement: Placement, now: datetime) -> None:
    accept_placement(placement.pk, actor=ADMISSIONS, now=now)
    at = [datetime.fromisoformat("2026-03-10T21:30:00+00:00"), datetime.fromisoformat("2026-03-11T17:00:00+00:00")]
    first, second = propose_times(placement.pk, at, "America/Los_Angeles", actor=ADMISSIONS, now=now)
    assert "2:30 p.m." in words(family.get("/status/"))
    assert "Choose one of the times first." in words(family.post("/status/time/", {}, follow=True))
    family.post("/status/time/", {"time": str(first.pk)})
    assert [each.status for each in Appointment.objects.order_by("pk")] == ["booked", "cancelled"]
    calendar = family.get(f"/status/calendar/{first.pk}/")
    assert (
        "DTSTART:20260310T213000Z" in calendar.content.decode() and "SUMMARY:Appointment" in calendar.content.decode()
    )
    for told in (placement.program.name, "Rosa", "care", "program"):
        assert told not in calendar
    assert family.get(f"/status/calendar/{second.pk}/").status_code == 404


def test_that_no_time_fits_reaches_program_and_navigator(family: Client, placement: Placement, now: datetime) -> None:
    accept_placement(placement.pk, actor=ADMISSIONS, now=now)
    propose_times(placement.pk, [now + timedelta(days=1)], "America/Los_Angeles", actor=ADMISSIONS, now=now)
    family.post("/status/time/", {"time": "none"})
    assert Appointment.objects.get().status == "cancelled"
    assert placement.referral.tasks.open().filter(kind="next_step").exists()


def test_a_family_pauses_and_goes_on_by_itself(family: Client, taken: Referral) -> None:
    for odd in ("", "3", "-1", "99999999", "x"):
        assert "Choose how long" in words(family.post("/status/pause/", {"weeks": odd}, follow=True))
    assert "rests now" in words(family.post("/status/pause/", {"weeks": "2"}, follow=True))
    taken.refresh_from_db()
    assert (taken.status, str(taken.hold_until)) == ("on_hold", "2026-03-18 16:00:00+00:00")
    assert "on hold until Mar" in words(family.get("/status/"))
    family.post("/status/go-on/")
    taken.refresh_from_db()
    assert (taken.status, taken.hold_until) == ("active", None)


def test_a_check_in_is_answered_from_the_page(
    family: Client, taken: Referral, nora: Actor, post: Callable[..., list[Letter]], now: datetime
) -> None:
    check_in_now(taken.pk, actor=nora, now=now)
    post(now)
    assert "Answer our check-in" in words(family.get("/status/"))
    assert family.post("/status/check-in/").headers["Location"] == "/c/"
    family.post("/c/", {"answer": "waiting"})
    assert FollowUp.objects.filter(answered_at=now).count() == 1


def test_who_else_reads_the_mail_finds_no_way_in_any_more(
    make_referral: Callable[..., Referral], post: Callable[..., list[Letter]], now: datetime
) -> None:
    referral = make_referral()
    mailed = link_in(post(now)[0])
    family, reader = Client(), Client()
    family.get(mailed)
    reader.get(mailed)
    assert "My email" in words(family.get("/status/others-read/"))
    family.post("/status/others-read/", {"channel": "email"})
    assert (reader.get(mailed).status_code, reader.get("/status/").status_code) == (410, 410)
    assert "Rosa Sample" in words(family.get("/status/"))
    referral.contact.refresh_from_db()
    assert referral.contact.channels() == ["sms"]
    assert referral.tasks.open().filter(kind="not_reached", urgent=True).exists()


def test_all_data_is_read_and_downloaded_and_that_is_recorded(
    family: Client, taken: Referral, placement: Placement
) -> None:
    sent = {"about": "followup", "channel": "email", "happened": "sent"}
    taken.timeline.create(at=taken.opened_at, kind="message", role="system", params=sent)
    page = words(family.get("/status/download/"))
    assert "rosa@example.org" in page and placement.program.name in page
    answer = family.get("/status/download/?file=1")
    kept = words(answer)
    assert "<dt><strong>Email</strong></dt><dd>rosa@example.org</dd>" in kept[kept.index("How we reach you") :]
    assert "Check-in sent by email." in kept[kept.index("Messages that we sent you") : kept.index("What has happened")]
    assert "src=" not in kept and "href=" not in kept
    assert "attachment" in answer.headers["Content-Disposition"] and "Rosa" not in answer.headers["Content-Disposition"]
    assert AccessEvent.objects.filter(subject=taken.key, action="exported").count() == 2


def test_nothing_that_staff_wrote_for_each_other_is_in_it(family: Client, taken: Referral) -> None:
    taken.timeline.create(at=taken.opened_at, kind="note", role="navigator", text="canary of a note")
    taken.level_reason = "canary of a reason"
    taken.save()
    assert "canary" not in words(family.get("/status/download/")) + words(family.get("/status/download/?file=1"))


def test_closing_ends_the_consent_and_says_who_closed_it(family: Client, taken: Referral, now: datetime) -> None:
    assert "Your consent ends, too" in words(family.get("/status/end/"))
    family.post("/status/end/")
    assert not taken.consents.live(now).exists()
    page = words(family.get("/status/"))
    assert "You closed this request. Your consent ended with it." in page and "Withdraw my consent" not in page


def test_a_question_without_an_answer_is_not_left_without_a_word(family: Client) -> None:
    left = "This request was closed before we answered you here."
    family.post("/status/word/", {"word": "Do they take children along?"})
    assert "we have not answered yet" in words(family.get("/status/end/")) and left not in words(family.get("/status/"))
    family.post("/status/end/")
    assert left in words(family.get("/status/"))


def test_a_pause_and_hours_leave_a_trace(taken: Referral, post: Callable[..., list[Letter]], now: datetime) -> None:
    family = Client()
    family.get(link_in(post(now)[0]))
    assert "Pause messages, or choose days and hours" in words(family.get("/status/")).split("How we reach you")[1]
    assert "Choose a day after today." in words(family.post("/status/hours/", {"pause": "1", "until": "2026-03-01"}))
    family.post("/status/hours/", {"pause": "1", "until": "2026-03-20"})
    family.post("/status/hours/", {"hours": "1", "days": ["0", "2"], "start": "9", "until": "17"})
    for page in (words(family.get("/status/")), words(family.get("/status/download/"))):
        assert "Messages are paused until Mar 20, 2026." in page
        assert "Messages come from 9:00 a.m. to 5:00 p.m., Monday and Wednesday." in page
        assert (
            "You paused our messages until Mar 20, 2026." in page
            and "You chose days and hours for our messages." in page
        )


def test_a_refused_signature_is_said_first_and_focused(family: Client) -> None:
    main = family.post("/status/consent/", {}).content.decode().split("<main")[1]
    assert "autofocus" in main[main.index('class="error-summary"') :][:80]
    assert main.index('class="error-summary"') < main.index("<h1")


def test_before_asking_nothing_is_said_to_be_asked(family: Client, taken: Referral) -> None:
    page = words(family.get("/status/delete/"))
    assert "is on our list" not in page and "Someone on our team reads it by 5" in page
    assert "in a way that you allow, and on your page" in page
    taken.contact.by_email = taken.contact.by_text = taken.contact.by_phone = False
    taken.contact.save()
    assert "You allow no emails, texts or calls, so look there." in words(family.get("/status/delete/"))


def test_a_wish_to_be_deleted_is_an_urgent_task_once(family: Client, taken: Referral) -> None:
    assert "A person on our team deletes your data by hand." in words(family.get("/status/delete/"))
    for _each in range(2):
        family.post("/status/delete/")
    assert taken.tasks.open().get(kind="erase").urgent
    assert "You asked us to delete your data." in words(family.get("/status/"))


def test_a_family_narrows_what_it_shares(family: Client, taken: Referral, now: datetime) -> None:
    assert "Change what we share" in words(family.get("/status/"))
    family.post("/status/consent/", {"consent-signed_name": "Rosa Sample", "consent-agree": "on"})
    assert taken.consents.live(now).for_any_program() == {"need", "situation"}


def test_the_boxes_say_what_the_signed_words_say(family: Client, taken: Referral) -> None:
    taken.consents.all().delete()
    page = words(family.get("/status/"))
    assert "once a program has accepted, my name, and the phone and email" in page
    assert re.search(r'name="consent-categories" value="contact"[^>]* checked', page)
    assert "Uncheck what you do not want to share." in page
