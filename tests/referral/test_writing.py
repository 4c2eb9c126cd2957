"""Staff write to a family or a program: kept as typed, shown before it goes, taken back in time, told once."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test import Client
from time_machine import travel

from directory.models import Program
from messaging.letter import Letter as Sent
from messaging.models import Channel, Message
from messaging.steering import UNDO
from referral.actions.common import FAMILY, Actor, NotCovered
from referral.actions.consents import revoke_consent
from referral.actions.contacts import Reach, change_contact
from referral.actions.drafts import forget_old
from referral.actions.placements import accept_placement, start_placement
from referral.actions.referrals import take
from referral.actions.replies import TellsWho, tell_the_program
from referral.actions.sending import send_to_program
from referral.actions.writing import Letter, save_message_draft, take_back, write_to_family, write_to_program
from referral.leaks import tells, tells_care, tells_programs
from referral.lifecycle import PlacementStatus
from referral.models import MessageDraft, Placement, Referral, Task, TimelineEntry
from referral.own_copy import own_copy
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORDS = "Bring your insurance card on Monday."
NIGHT = datetime(2026, 3, 6, 6, 0, tzinfo=UTC)  # ten in the evening in Pasadena
Kind = TimelineEntry.Kind


def letter(words: str = WORDS, channel: str = "sms") -> Letter:
    return Letter(key=uuid.uuid4(), channel=channel, words=words)


def url(referral: Referral, end: str = "") -> str:
    return f"/staff/referral/{referral.pk}/write/{end}"


def mark_in(page: str) -> str:
    found = re.search(r'name="shown" value="(\w+)" form="write"', page)
    assert found, page
    return found[1]


def kinds(referral: Referral) -> list[str]:
    return [line.kind for line in referral.timeline.filter(kind__in=[Kind.WRITTEN, Kind.TOLD_PROGRAM, Kind.TAKEN_BACK])]


@pytest.fixture
def asked(taken: Referral, program: Program, nora: Actor, now: datetime) -> Placement:
    return send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)


def test_it_is_shown_first_and_goes_at_the_second_press(taken: Referral, staff: Client, now: datetime) -> None:
    typed = {"key": str(uuid.uuid4()), "channel": "sms", "words": WORDS}
    with travel(now, tick=False):
        first = staff.post(url(taken), typed).content.decode()
        assert "Not sent yet." in first and "It goes at once." in first and f"Waymark: {WORDS}" in first
        assert "One text message." in first
        assert not Message.objects.filter(reference=f"note:{taken.pk}").exists()
        answer = staff.post(url(taken), typed | {"shown": mark_in(first)}, follow=True).content.decode()
    assert "Going out" in answer and WORDS in answer and "Undo" in answer
    message = Message.objects.get(reference=f"note:{taken.pk}")
    assert message.due_at == now + UNDO and not MessageDraft.objects.exists()


def test_a_text_that_names_care_is_warned_of_and_still_goes(
    taken: Referral, program: Program, staff: Client, now: datetime
) -> None:
    words = f"Your place at {program.name} is ready. Detox begins Monday."
    typed = {"key": str(uuid.uuid4()), "channel": "sms", "words": words}
    with travel(now, tick=False):
        page = html.unescape(staff.post(url(taken), typed).content.decode())
        assert f"Others may read it, too. It says: {program.name}, " in page and "Detox. You can still send" in page
        mark = mark_in(page)
        # The preview alone may have come in the moment of the press.
        assert "Not sent yet." in staff.post(url(taken), typed | {"shown": mark}).content.decode()
        assert not Message.objects.filter(reference=f"note:{taken.pk}").exists()
        assert f'name="asked" value="{mark}"' in page
        staff.post(url(taken), typed | {"shown": mark, "asked": mark})
        assert Message.objects.filter(reference=f"note:{taken.pk}").exists()
        plain = {**typed, "key": str(uuid.uuid4()), "words": WORDS}
        assert "Others may read it, too." not in staff.post(url(taken), plain).content.decode()
        email = {**typed, "key": str(uuid.uuid4()), "channel": "email"}
        assert f"It says: {program.name}, " in html.unescape(staff.post(url(taken), email).content.decode())


@pytest.mark.parametrize(
    "text", ["Su tratamiento empieza el lunes.", "La CLÍNICA llamó.", "IOP at 5", "rehab", "Heroína", "meth"]
)
def test_words_of_care_are_known_in_both_languages(text: str) -> None:
    assert len(tells_care(text)) == 1 and tells_care(text)[0] in text
    assert not tells_care("Mateo is matching. Please call Phil at 3. Llámenos a las 3.")


LISTED = [
    "Sample Foothill Day Program",
    "Sample Foothill House",
    "Sample Hope House",
    "Sample Oak Center",
    "Sample Elm",
]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Foothill Day has a place for you", LISTED[:2]),
        ("sample foothill day program called", LISTED[:1]),
        ("The place at Foothíll is yours", LISTED[:2]),
        ("I hope the house is quiet. New day, new hope. Oak Street is closed.", []),
        ("Please call us back on Monday. Sample data.", []),
        ("We spoke with Oak", []),
    ],
)
def test_the_own_part_of_a_programs_name_is_known(text: str, named: list[str]) -> None:
    assert tells_programs(text, LISTED) == named


@pytest.mark.parametrize(
    "text", ["a place for your drinking", "las pastillas", "para dejar de beber", "your panic attacks", "su trastorno"]
)
def test_words_of_a_condition_are_known(text: str) -> None:
    assert tells_care(text)


def test_a_mail_that_names_a_program_by_its_own_part_warns(
    taken: Referral, staff: Client, program: Program, now: datetime
) -> None:
    own = program.name.removeprefix("Sample ").split()[0]
    typed = {"key": str(uuid.uuid4()), "channel": "email", "words": f"We heard from {own} today."}
    with travel(now, tick=False):
        page = staff.post(url(taken, "save/"), typed, headers={"HX-Request": "true"}).content.decode()
    assert program.name in page


def test_other_words_than_were_shown_are_shown_again(taken: Referral, staff: Client, now: datetime) -> None:
    typed = {"key": str(uuid.uuid4()), "channel": "sms", "words": WORDS}
    with travel(now, tick=False):
        mark = mark_in(staff.post(url(taken, "save/"), typed, headers={"HX-Request": "true"}).content.decode())
        page = staff.post(url(taken), typed | {"shown": mark, "words": "Something else."}).content.decode()
    assert "Not sent yet." in page and not Message.objects.filter(reference=f"note:{taken.pk}").exists()


def test_what_is_typed_is_kept_also_through_a_lost_session(
    taken: Referral, staff: Client, navigator: Any, sign_in: Callable[[Any], Client], make_user: Callable[..., Any]
) -> None:
    typed = {"key": str(uuid.uuid4()), "channel": "email", "words": "I just wanted to"}
    staff.post(url(taken, "save/"), typed, headers={"HX-Request": "true"})
    staff.logout()
    assert "I just wanted to" in sign_in(navigator).get(url(taken)).content.decode()
    sam = sign_in(make_user("sam", "Supervisors"))
    assert "I just wanted to" not in sam.get(url(taken)).content.decode()
    raw = MessageDraft.objects.annotate(raw=Cast("words", TextField())).values_list("raw", flat=True).get()
    assert "wanted" not in raw


def test_a_draft_that_nobody_touches_goes_after_a_month(taken: Referral, staff: Client, now: datetime) -> None:
    with travel(now, tick=False):
        staff.post(url(taken, "save/"), {"key": str(uuid.uuid4()), "channel": "email", "words": "x"})
    assert forget_old(now=now + timedelta(days=29)) == 0
    assert forget_old(now=now + timedelta(days=31)) == 1


def test_at_night_it_says_that_it_waits_for_the_morning(taken: Referral, staff: Client) -> None:
    with travel(NIGHT, tick=False):
        page = staff.post(url(taken), {"key": str(uuid.uuid4()), "channel": "sms", "words": WORDS}).content.decode()
    assert "It goes on Mar 6, 8:00 a.m. (their time)." in page and "It is night where the person lives." in page


def test_a_paused_channel_is_said_before_sending(taken: Referral, staff: Client, now: datetime) -> None:
    Channel.objects.of("sms")
    Channel.objects.filter(key="sms").update(paused=True)
    with travel(now, tick=False):
        page = staff.post(url(taken), {"key": str(uuid.uuid4()), "channel": "sms", "words": WORDS}).content.decode()
    assert "An operator paused this channel." in page


def test_a_way_that_was_not_allowed_is_not_offered(
    make_referral: Callable[..., Referral], staff: Client, nora: Actor
) -> None:
    silent = make_referral(ways=("phone",))
    page = staff.get(url(silent)).content.decode()
    assert "allowed neither emails nor texts" in page and 'name="words"' not in page


def test_the_parts_of_a_text_are_counted_with_what_makes_it_longer(taken: Referral, staff: Client) -> None:
    typed = {"key": str(uuid.uuid4()), "channel": "sms", "words": "í" * 80}
    page = staff.post(url(taken), typed).content.decode()
    assert (
        "It is as long as 2 text messages, and arrives as one." in page and "These characters make it longer: í" in page
    )


def test_it_says_where_the_words_go_before_they_are_sent(
    taken: Referral, make_referral: Callable[..., Referral], asked: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    both = staff.get(url(taken)).content.decode()
    assert "Email: rosa@example.org" in both and "Text message: (626) 555-0142" in both
    alone = take(make_referral(ways=("text",)).pk, actor=nora, now=now)
    assert "By text message to <strong>(626) 555-0142</strong>" in staff.get(url(alone)).content.decode()
    page = staff.get(f"/staff/referral/{taken.pk}/placement/{asked.pk}/write/").content.decode()
    assert "An email to admissions@example.org says only that there is something to read." in page


def test_a_template_comes_in_the_language_of_the_family(make_referral: Callable[..., Referral], staff: Client) -> None:
    spanish = make_referral(language="es")
    typed = {"key": str(uuid.uuid4()), "channel": "email", "words": "", "snippet": "bring", "fill": "1"}
    page = staff.post(url(spanish), typed, follow=True).content.decode()
    assert "identificación con foto" in page and "Hola, Rosa Sample:" in page


def test_what_staff_wrote_is_not_called_automatic_nor_greeted_twice(
    taken: Referral, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    write_to_family(taken.pk, letter("Hi Rosa, it was good to talk.", "email"), actor=nora, now=now)
    (sent,) = [each for each in post(now + timedelta(minutes=1)) if each.row.reference == f"note:{taken.pk}"]
    for text in (sent.content.text, sent.content.html):
        assert "A person on our team wrote this message. To answer, use your page." in text
        assert "automatic" not in text and "Hello" not in text


def test_who_wrote_what_is_one_line_and_no_press_counts_twice(
    taken: Referral, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    written = letter()
    first, again = (write_to_family(taken.pk, written, actor=nora, now=now) for _twice in range(2))
    assert first.pk == again.pk and kinds(taken) == ["written"]
    line = taken.timeline.get(kind=Kind.WRITTEN)
    assert (line.text, line.actor, for_staff(line)) == (WORDS, nora.user, "Wrote to the family by text.")
    raw = TimelineEntry.objects.annotate(raw=Cast("text", TextField())).values_list("raw", flat=True).get(pk=line.pk)
    assert "insurance" not in raw
    assert [each.content.text.split(" Reply")[0] for each in post(now + UNDO, "sms")] == [f"Waymark: {WORDS}"]
    assert ("What we wrote to you", WORDS) in [
        (head, words) for head, rows in own_copy(taken) for _label, words in rows if head == "What we wrote to you"
    ]


def test_undone_in_time_it_never_goes_and_the_task_is_open_again(
    taken: Referral, staff: Client, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    task = taken.tasks.create(kind=Task.Kind.WRITE, due_at=now, created_at=now)
    write_to_family(taken.pk, letter(), actor=nora, now=now)
    assert not taken.tasks.open().filter(pk=task.pk).exists()
    line = taken.timeline.get(kind=Kind.WRITTEN)
    with travel(now, tick=False):
        page = staff.post(f"/staff/referral/{taken.pk}/written/{line.pk}/undo/", follow=True).content.decode()
    assert "Taken back. It is not sent." in page and taken.tasks.open().filter(pk=task.pk).exists()
    assert not post(now + timedelta(hours=1), "sms")
    take_back(line.pk, actor=nora, now=now)
    assert kinds(taken) == ["written", "taken_back"]


def test_words_taken_back_are_a_draft_again_before_what_was_begun_since(
    taken: Referral, asked: Placement, staff: Client, nora: Actor, now: datetime
) -> None:
    write_to_family(taken.pk, letter(channel="email"), actor=nora, now=now)
    save_message_draft(taken.pk, letter("And a pen."), placement=None, actor=nora, now=now)
    write_to_program(asked.pk, letter("Do you have an opening?"), actor=nora, now=now)
    with travel(now, tick=False):
        for line in taken.timeline.filter(kind__in=[Kind.WRITTEN, Kind.TOLD_PROGRAM]):
            page = staff.post(f"/staff/referral/{taken.pk}/written/{line.pk}/undo/", follow=True)
            assert page.request["PATH_INFO"].endswith("/write/")
    drafts = {each.placement_id: each.words for each in MessageDraft.objects.filter(user=nora.user)}
    assert drafts == {None: f"{WORDS}\n\nAnd a pen.", asked.pk: "Do you have an opening?"}


def test_what_has_left_is_not_taken_back(
    taken: Referral, staff: Client, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    write_to_family(taken.pk, letter(), actor=nora, now=now)
    assert post(now + UNDO, "sms")
    line = taken.timeline.get(kind=Kind.WRITTEN)
    page = staff.post(f"/staff/referral/{taken.pk}/written/{line.pk}/undo/", follow=True).content.decode()
    assert "This message has left." in page and kinds(taken) == ["written"]


def test_words_for_an_address_that_changes_do_not_go_there(
    taken: Referral, nora: Actor, post: Callable[..., list[Sent]]
) -> None:
    write_to_family(taken.pk, letter(channel="email"), actor=nora, now=NIGHT)
    contact = taken.contact
    reach = Reach(
        phone=contact.phone, email="new@example.org", zip_code=contact.zip_code, zone=contact.zone, language="en",
        times=[], voicemail="no", by_email=True, by_text=True, by_phone=True, wordings={"email": "y", "sms": "y"},
    )  # fmt: skip
    change_contact(taken.pk, reach, actor=FAMILY, now=NIGHT)
    assert not [each for each in post(NIGHT + timedelta(hours=12)) if WORDS in each.content.text]
    assert taken.tasks.open().filter(kind=Task.Kind.WRITE).exists()


def test_a_program_reads_the_words_on_its_page_and_not_in_an_email(
    asked: Placement, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    post(now, "email")
    write_to_program(asked.pk, letter("Do you have an opening?"), actor=nora, now=now)
    told = post(now + UNDO, "email")
    assert [each.content.subject for each in told] == ["An update from Waymark"]
    assert "opening" not in told[0].content.text
    line = asked.referral.timeline.get(kind=Kind.TOLD_PROGRAM)
    assert for_staff(line) == f"Wrote to {asked.program}, on its page." and line.text == "Do you have an opening?"


@pytest.mark.parametrize("words", ["Rosa can come.", "Call 555-0142.", "Mail rosa@example.org", "SÁMPLE is ready"])
def test_before_it_accepts_a_program_is_not_told_who(asked: Placement, nora: Actor, now: datetime, words: str) -> None:
    with pytest.raises(TellsWho):
        write_to_program(asked.pk, letter(words), actor=nora, now=now)
    assert kinds(asked.referral) == []


def test_once_it_has_accepted_a_program_may_be_told_who(asked: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(asked.pk, actor=Actor.program("A"), now=now)
    tell_the_program(asked.pk, "Rosa can come on Monday.", actor=nora, now=now)
    assert kinds(asked.referral) == ["told_program"]


def test_without_a_live_consent_a_program_is_told_nothing_more(asked: Placement, nora: Actor, now: datetime) -> None:
    accept_placement(asked.pk, actor=Actor.program("A"), now=now)
    start_placement(asked.pk, actor=nora, now=now)
    revoke_consent(asked.referral.consents.get().pk, actor=FAMILY, now=now)
    assert Placement.objects.get(pk=asked.pk).status == PlacementStatus.IN_PROGRESS
    with pytest.raises(NotCovered):
        tell_the_program(asked.pk, "One more thing.", actor=nora, now=now)


def test_words_to_a_program_taken_back_are_gone_from_its_page(
    asked: Placement, nora: Actor, now: datetime, post: Callable[..., list[Sent]]
) -> None:
    post(now, "email")
    write_to_program(asked.pk, letter("Wrong program."), actor=nora, now=now)
    line = asked.referral.timeline.get(kind=Kind.TOLD_PROGRAM)
    take_back(line.pk, actor=nora, now=now)
    assert not post(now + timedelta(minutes=5), "email")
    back = asked.referral.timeline.get(kind=Kind.TAKEN_BACK)
    assert back.params["line"] == line.pk and for_staff(back) == f"Took back what was written to {asked.program}."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jo will call", []),
        ("José is here", ["Jose"]),
        ("josette is here", []),
        ("at (626) 555 0142", ["+16265550142"]),
        ("ask for 5550143", []),
    ],
)
def test_what_tells_who_somebody_is(text: str, found: list[str]) -> None:
    assert tells(text, names=["Jo Jose"], phone="+16265550142", email="j@example.org") == found
