"""Words of danger ring the same alarm by whichever way they come; what a family wrote comes first, and is not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from messaging.danger_words import in_danger
from messaging.letter import Letter
from portal.views.program_acts import ACTS
from referral.actions.absences import record_absence
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.drafts import open_call
from referral.actions.duty import acknowledge, call_again, resolve
from referral.actions.intake import Ask, open_referral
from referral.actions.notices import PLACEMENT, reference
from referral.actions.referrals import log_call
from referral.actions.replies import hear_family
from referral.actions.tasks import add_task, finish_task
from referral.lifecycle import UNDO_TIME, Refused
from referral.models import Absence, FamilyLink, Placement, Referral, Task
from referral.models.tasks import TAKE_OVER_AFTER
from referral.outbox import ReferralClient
from referral.timeline import for_staff
from tests.referral.desks import answers, at_the_desk
from tests.referral.test_one_family import ASK
from tests.referral.test_outbox import event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
PILLS = "He took all the pills and I cannot wake him up"
DANGER = "Ya no puedo más, no quiero seguir viviendo así"


@pytest.mark.parametrize(
    "text",
    [
        DANGER, "Ya no puedo más.", "I don't want to go on living.", "he wants to hurt himself",

        "I can't do this anymore", "no tengo ganas de vivir", "se va a matar", "I can’t go on",
        "She doesn't want to be alive", "me quiero morir", "She says she wants to die."
    ],
)  # fmt: skip
def test_words_of_danger_are_known_in_both_languages(text: str) -> None:
    assert in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "I can't stop drinking", "Gracias, ya no necesito nada", "Ya no puedo más con tantos mensajes",
        "Cortarme el pelo",
        "We live in Pasadena", "Quiero seguir el tratamiento", "Can I go on Friday?", "He can't take it with food",
    ],
)  # fmt: skip
def test_other_words_are_not_taken_for_danger(text: str) -> None:
    assert not in_danger(text)


def test_a_word_of_danger_on_their_page_calls_for_help(taken: Referral, staff: Client, now: datetime) -> None:
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    taken.refresh_from_db()
    assert task.is_crisis and taken.urgency == "urgent" and taken.timeline.filter(kind="duty_called").exists()
    page = staff.get("/staff/").content.decode()
    assert page.index("Someone asks for help now") < page.index(DANGER) < page.index('class="tabs"')


def test_a_text_of_danger_calls_for_help(
    taken: Referral, now: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert ReferralClient().record(event("reply", taken.key, taken, now, text=DANGER))
    task, taken = taken.tasks.crises().get(), Referral.objects.get(pk=taken.pk)
    assert task.text == DANGER and task.called_at == now and taken.urgency == "urgent"
    assert not taken.tasks.filter(kind="reply").exists()


def test_danger_in_a_check_in_calls_for_help(taken: Referral, now: datetime) -> None:
    first = taken.followups.earliest("pk").pk
    answer_check_in(first, "waiting", actor=FAMILY, now=now, text=DANGER)
    assert taken.tasks.crises().exists()


@pytest.mark.parametrize("staff_type_it", [False, True])
def test_a_first_request_of_danger_calls_for_help(
    make_ask: Callable[..., Ask], nora: Actor, now: datetime, staff_type_it: bool
) -> None:
    ask, actor = make_ask(message=DANGER), nora if staff_type_it else FAMILY
    first = open_referral(ask, actor=actor, now=now)
    assert open_referral(ask, actor=actor, now=now) == first  # sent twice, it rings once
    task = first.tasks.crises().get()
    assert (task.text, task.called_at, task.calls) == (DANGER, now, 1) and first.urgency == "urgent"
    kinds = [line.kind for line in first.timeline.order_by("pk")]
    assert kinds.index("opened") < kinds.index("duty_called")


def test_a_call_of_danger_calls_for_help(make_ask: Callable[..., Ask], nora: Actor, now: datetime) -> None:
    mine = open_call(make_ask(message=DANGER), None, mine=True, send_link=False, actor=nora, now=now)
    assert mine.tasks.crises().get().called_at == now and mine.assigned_to == nora.user


@pytest.mark.usefixtures("rows")
def test_whoever_asks_in_danger_reads_where_to_call() -> None:
    told, browser = "To talk to someone now, call or text 988", Client()
    assert told not in browser.post("/referral/", ASK, follow=True).content.decode()
    assert (
        told
        in Client().post("/referral/", {**ASK, "key": str(uuid4()), "message": DANGER}, follow=True).content.decode()
    )
    thanks = Client().post("/referral/", {**ASK, "key": str(uuid4()), "message": DANGER}, follow=True).content.decode()
    assert thanks.index('class="btn btn-urgent" href="tel:988"') < thanks.index('class="btn" href="tel:911"')
    page = Client().post("/referral/", {**ASK, "key": str(uuid4()), "message": PILLS}, follow=True).content.decode()
    assert "Call 911 now, and do not wait for us." in page and "and only in the ways you chose" not in page
    assert '<a href="/crisis/">What to do until help comes</a>' in page
    browser.post("/referral/", {**ASK, "message": DANGER})  # the first form again, with these words in it
    assert Task.objects.crises().count() == 4


def test_their_page_says_whom_to_call_first(taken: Referral, now: datetime) -> None:
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    family = Client()
    family.get(f"/r/{token}/", follow=True)
    for number in range(20):  # in danger nobody waits
        page = family.post("/status/word/", {"word": f"{PILLS} {number}"}, follow=True)
        assert page.status_code == 200
    text = page.content.decode()
    assert text.index("Call 911 now, and do not wait for us.") < text.index("What happens next")
    assert text.index('class="btn btn-urgent" href="tel:911"') < text.index('class="btn" href="tel:988"')
    assert "We alerted our team. Someone contacts you" in text


def test_who_says_that_someone_may_die_needs_no_known_words(taken: Referral, staff: Client, now: datetime) -> None:
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    family, said = Client(), "He went out to the barn"
    family.get(f"/r/{token}/", follow=True)
    page = family.post("/status/word/", {"word": said, "danger": "on"}, follow=True).content.decode()
    assert not in_danger(said) and page.index('class="btn btn-urgent" href="tel:911"') < page.index("<h1>")
    assert taken.tasks.crises().count() == 1 and taken.timeline.filter(kind="duty_called").exists()
    queue = staff.get("/staff/").content.decode()
    told = queue[queue.index("Someone asks for help now") : queue.index('class="tabs"')]
    assert "They checked: someone may die or be badly hurt today" in told and said in told


def test_nothing_stands_above_whom_to_call_now(taken: Referral, now: datetime) -> None:
    """With large letters on a phone thanks and a heading fill the first screen."""
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    family = Client()
    family.get(f"/r/{token}/", follow=True)
    own = family.post("/status/word/", {"word": PILLS}, follow=True)
    asked = Client().post("/referral/", {**ASK, "key": str(uuid4()), "message": PILLS}, follow=True)
    for page in (own, asked):
        main = page.content.decode().partition('<main id="main"')[2]
        above = main.partition("Call 911 now, and do not wait for us.")[0]
        assert "<h1>" not in above and "Thank you" not in above and "page-head" not in above, page.request["PATH_INFO"]


def test_a_word_that_may_be_danger_never_waits(taken: Referral, now: datetime) -> None:
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    family = Client()
    family.get(f"/r/{token}/", follow=True)
    weak = [family.post("/status/word/", {"word": f"There is an empty bottle beside him {each}"}) for each in range(9)]
    assert {each.status_code for each in weak} == {302}
    *_taken, refused = [family.post("/status/word/", {"word": f"May my sister come? {each}"}) for each in range(8)]
    page = refused.content.decode()
    assert refused.status_code == 429 and page.index('class="btn btn-urgent" href="tel:911"') < page.index('id="word"')


def test_thanks_for_a_word_say_our_hours_and_911(taken: Referral, now: datetime) -> None:
    _row, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=taken)
    family = Client()
    family.get(f"/r/{token}/", follow=True)
    page = family.post("/status/word/", {"word": "May my sister come?"}, follow=True).content.decode()
    thanks = page[page.index('class="messages"') : page.index("<h1>")]
    assert "A navigator reads it in our hours" in thanks and "(Pacific Time)" in thanks
    assert 'class="btn btn-urgent" href="tel:911">If someone is in danger now: call 911</a>' in thanks


WORD = "She says she wants to die."
SAID_BY_PROGRAMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ask": ([], {"word": WORD}),
    "accept": ([], {"more": WORD}),
    "waitlist": ([], {"more": WORD}),
    "decline": ([], {"reason": "other", "more": WORD}),
    "visit": (["accept"], {"outcome": "missed", "more": WORD}),
    "release": (["accept"], {"reason": "ended_other", "more": WORD}),
    "discharge": (["accept", "admit"], {"reason": "completed", "more": WORD}),
}


def test_every_word_of_a_program_is_known_here() -> None:
    with_words = {name for name, act in ACTS.items() if act.form and {"more", "word"} & {*act.form.base_fields}}
    assert with_words == {*SAID_BY_PROGRAMS}


@pytest.mark.parametrize("deed", SAID_BY_PROGRAMS)
def test_a_programs_word_of_danger_calls_for_help(placement: Placement, now: datetime, deed: str) -> None:
    before, typed = SAID_BY_PROGRAMS[deed]
    desk, tasks = at_the_desk(placement, now), Task.objects.crises().filter(referral=placement.referral_id)
    for each in before:
        answers(desk, placement, each)
    assert not tasks.exists()
    desk.post(f"/p/request/{placement.pk}/{deed}/", {f"{deed}-{name}": value for name, value in typed.items()})
    task = tasks.get()
    assert (
        task.called_at == now
        and task.text.endswith(WORD)
        and "#" not in task.text
        and task.referral.urgency == "urgent"
    )


def test_a_programs_email_of_danger_calls_for_help(
    placement: Placement, now: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    said = event("reply", reference(PLACEMENT, placement), placement.referral, now, text=WORD)
    with django_capture_on_commit_callbacks(execute=True):
        assert ReferralClient().record(said)
    assert placement.referral.tasks.crises().get().called_at == now
    assert placement.tasks.filter(kind="program_asks").exists()  # and it is answered where it asked


def test_what_a_family_wrote_is_the_next_step(taken: Referral, nora: Actor, staff: Client, now: datetime) -> None:
    add_task(taken.pk, kind="next_step", due_at=now - timedelta(days=1), actor=nora, now=now)
    hear_family(taken.pk, "Our phone changes next week.", actor=FAMILY, now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert page.index('id="todo"') < page.index("Our phone changes") < page.index('id="placements"')


def test_what_a_family_wrote_is_done_with_what_happened(taken: Referral, nora: Actor, now: datetime) -> None:
    word = hear_family(taken.pk, "Our phone changes next week.", actor=FAMILY, now=now)
    with pytest.raises(Refused):
        finish_task(word.pk, actor=nora, now=now)
    resolve(word.pk, "Called her, wrote the number down.", actor=nora, now=now)
    assert taken.timeline.get(kind="task_done").text.startswith("Called her")
    thanks = hear_family(taken.pk, "Muchas gracias", actor=FAMILY, now=now)
    finish_task(thanks.pk, actor=nora, now=now)


def test_done_can_be_taken_back_for_some_minutes(taken: Referral, nora: Actor, staff: Client, now: datetime) -> None:
    task = add_task(taken.pk, kind="other", text="Send the map", due_at=now, actor=nora, now=now)
    finish_task(task.pk, actor=nora, now=now - UNDO_TIME - timedelta(minutes=1))
    path = f"/staff/referral/{taken.pk}/task/{task.pk}/undone/"
    assert path not in staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    Task.objects.filter(pk=task.pk).update(done_at=now)
    assert path in staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    taken.refresh_from_db()
    staff.post(path, {"version": taken.version})
    task.refresh_from_db()
    assert task.done_at is None and for_staff(taken.timeline.latest("pk")) == "Not done yet: Something else"


def test_at_a_call_for_help_no_check_in_is_offered(taken: Referral, staff: Client, now: datetime) -> None:
    path = f"/staff/referral/{taken.pk}/"
    assert "Send a check-in now" in staff.get(path).content.decode()
    hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    page = staff.get(path).content.decode()
    assert "Send a check-in now" not in page
    assert page.index('id="todo"') < page.index("Log the call") < page.index('id="placements"')


def test_whoever_logs_a_call_has_the_call_for_help(taken: Referral, nora: Actor, now: datetime) -> None:
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    log_call(taken.pk, "no_answer", "", actor=nora, now=now)
    task.refresh_from_db()
    assert task.acknowledged_by == nora.user and task.done_at is None
    assert call_again(now + timedelta(hours=1)) == 0


def test_who_is_away_has_no_call_for_help(
    taken: Referral, nora: Actor, navigator: Any, supervisor: Any, now: datetime
) -> None:
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    acknowledge(task.pk, actor=nora, now=now)
    today = now.date()
    record_absence(navigator, supervisor, today, today + timedelta(days=3), actor=Actor.of(supervisor))
    task.refresh_from_db()
    assert not task.had_by and task.calls == 2
    away = taken.timeline.filter(kind="acknowledged").latest("pk")
    assert for_staff(away) == "Nora Navigator is away: the call for help is open again."
    acknowledge(task.pk, actor=Actor.of(supervisor), now=now)
    task.refresh_from_db()
    assert task.acknowledged_by == supervisor


def test_a_colleague_takes_over_what_one_who_is_away_has(
    taken: Referral, nora: Actor, navigator: Any, supervisor: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    Absence.objects.create(user=navigator, cover=supervisor, first_day=now.date(), last_day=now.date())
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    acknowledge(task.pk, actor=nora, now=now)
    boss, record = sign_in(supervisor), f"/staff/referral/{taken.pk}/"
    for path in ("/staff/", "/staff/escalations/", record):
        page = boss.get(path).content.decode()
        assert "away today" in page and "Take over" in page
    boss.post(f"{record}task/{task.pk}/have/", {"version": taken.version})
    task.refresh_from_db()
    assert task.acknowledged_by == supervisor
    line = taken.timeline.filter(kind="acknowledged").latest("pk")
    assert for_staff(line) == "Took the call for help over from Nora Navigator."


def test_a_call_for_help_is_taken_over_after_a_while(
    taken: Referral, nora: Actor, supervisor: Any, staff: Client, post: Callable[..., list[Letter]], now: datetime
) -> None:
    task, sam = hear_family(taken.pk, DANGER, actor=FAMILY, now=now), Actor.of(supervisor)
    acknowledge(task.pk, actor=sam, now=now)
    soon, later = now + TAKE_OVER_AFTER - timedelta(seconds=1), now + TAKE_OVER_AFTER
    assert acknowledge(task.pk, actor=nora, now=soon).acknowledged_by == supervisor
    assert acknowledge(task.pk, actor=nora, now=later).acknowledged_by == nora.user
    assert acknowledge(task.pk, actor=sam, now=later).acknowledged_by == nora.user  # who lost it, too, waits
    told = [each for each in post(later) if "took over" in each.content.subject]
    assert [each.row.person_key for each in told] == [f"staff:{supervisor.pk}"] and "Nora Navigator" in told[
        0
    ].content.text
    assert "Take over" not in staff.get("/staff/").content.decode()


def test_an_absence_that_begins_gives_the_call_back_once(
    taken: Referral, nora: Actor, navigator: Any, supervisor: Any, now: datetime
) -> None:
    task = hear_family(taken.pk, DANGER, actor=FAMILY, now=now)
    acknowledge(task.pk, actor=nora, now=now)
    tomorrow = now + timedelta(days=1)
    Absence.objects.create(user=navigator, cover=supervisor, first_day=tomorrow.date(), last_day=tomorrow.date())
    call_again(now + timedelta(hours=1))
    task.refresh_from_db()
    assert task.had_by
    call_again(tomorrow)
    task.refresh_from_db()
    assert not task.had_by
    acknowledge(task.pk, actor=nora, now=tomorrow)  # she does it all the same, and knows that she is away
    call_again(tomorrow + timedelta(hours=1))
    task.refresh_from_db()
    assert task.had_by


@pytest.mark.parametrize(
    ("path", "typed"), [("call", {"outcome": "reached", "text": PILLS}), ("note", {"note": PILLS})]
)
def test_words_of_danger_that_staff_write_are_asked_about(
    taken: Referral, staff: Client, path: str, typed: dict[str, str]
) -> None:
    address, typed = f"/staff/referral/{taken.pk}/{path}/", {"version": str(taken.version), **typed}
    asked, crises = staff.post(address, typed), taken.tasks.crises()
    assert asked.status_code == 422 and "Is someone in danger now?" in asked.content.decode()
    assert PILLS in asked.content.decode() and not taken.timeline.filter(kind__in=["note", "called"]).exists()
    assert staff.post(address, {**typed, "danger": "no"}).status_code == 302 and not crises.exists()
    taken.refresh_from_db()
    assert staff.post(address, {**typed, "danger": "yes", "version": str(taken.version)}).status_code == 302
    assert crises.get().text == PILLS and crises.get().called_at is not None
