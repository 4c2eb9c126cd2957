"""Who reads a family's mail presses first: nothing holds before the browser which asked, or one of us, confirms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from time_machine import travel

from assessments.demo import load
from assessments.models import Response
from directory.models import Program
from messaging.letter import Letter, choices_url
from messaging.models import Message
from referral.actions.common import Actor
from referral.actions.contacts import Reach, change_contact
from referral.actions.placements import accept_placement
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.models import Contact, FamilyLink, Referral
from referral.timeline import for_staff
from tests.referral.conftest import link_in
from tests.referral.test_asking import asked
from tests.referral.test_others_read import words
from tests.referral.test_reaching import reach as reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
ALL = {"channel": ["email", "sms", "calls"]}
THEIRS = {"email": "reader@example.org", "by_email": "on", "zip_code": "91101", "language": "en"}


@pytest.fixture
def family() -> Client:
    """The browser that sent the request."""
    client = Client()
    asked(client, by_text="on")
    return client


@pytest.fixture
def reader(family: Client, post: Post, now: datetime) -> Client:
    """Who came by the link in the email, and said that others read all of it."""
    client = Client()
    client.get(link_in(post(now)[0]))
    client.post("/status/others-read/", ALL)
    return client


def test_the_browser_that_asked_reads_what_was_turned_off(family: Client, reader: Client) -> None:
    page = words(family.get("/status/"))
    shown = page[page.index("About how we reach you") :]
    assert "turned off by someone who opened a link that we sent you. If that was not you, call us" in shown
    assert [each in shown for each in ("My email", "My text messages", "My calls or voicemail")] == [True] * 3
    assert "someone who opened a link" not in words(reader.get("/status/"))
    assert Referral.objects.get().tasks.open().filter(kind="not_reached", urgent=True).exists()


def test_the_reader_ends_deletes_and_turns_nothing(family: Client, reader: Client) -> None:
    referral = Referral.objects.get()
    consent = referral.consents.get()
    before = Contact.objects.get()
    for path, typed in (
        ("reach/", THEIRS),
        ("stop/", {}),
        ("start/", {"by_email": "on"}),
        ("delete/", {}),
        ("end/", {}),
        ("pause/", {"weeks": "4"}),
        ("consent/", {"consent-agree": "on", "consent-signed_name": "Reader", "consent-categories": "contact"}),
    ):
        said = words(reader.post(f"/status/{path}", typed, follow=True))
        assert "We keep this as it is for now." in said or "This waits until we have asked you" in said, path
    referral.refresh_from_db()
    after, consent = Contact.objects.get(), referral.consents.get()
    assert (after.email, after.by_phone, after.by_email) == (before.email, False, False)
    assert consent.revoked_at is None and referral.is_open and referral.status != "on_hold"
    assert not referral.tasks.filter(kind="erase").exists()


def test_withdrawing_a_consent_waits_for_nobody(family: Client, reader: Client) -> None:
    consent = Referral.objects.get().consents.get()
    reader.post(f"/status/consent/{consent.pk}/revoke/", {"shown": "x"})
    consent.refresh_from_db()
    assert consent.revoked_at
    assert Referral.objects.get().tasks.open().filter(kind="not_reached", urgent=True).exists()


@pytest.fixture
def came(family: Client, post: Post, now: datetime) -> Client:
    """Who came by the link in the email, of whom nothing was said."""
    client = Client()
    client.get(link_in(post(now)[0]))
    return client


WISHES = [
    ("reach/", THEIRS, "wants us to use another phone or email"),
    ("end/", {}, "wants to end the request"),
    ("delete/", {}, "wants the data deleted"),
]


@pytest.mark.parametrize(("path", "typed", "told"), WISHES)
def test_what_cannot_be_mended_waits_for_one_of_us(
    family: Client, came: Client, path: str, typed: dict[str, str], told: str
) -> None:
    before = Contact.objects.get()
    for _twice in range(2):
        assert "Someone on our team asks you first" in words(came.post(f"/status/{path}", typed, follow=True))
    referral, after = Referral.objects.get(), Contact.objects.get()
    assert (after.email, after.phone, after.by_email) == (before.email, before.phone, before.by_email)
    assert after.by_phone == (before.by_phone and path != "reach/")  # what tightens counts at once
    assert referral.is_open and referral.consents.get().revoked_at is None
    task = referral.tasks.open().get(urgent=True)
    assert task.kind in ("call", "write") and task.more.count(told) == 1
    assert told in for_staff(referral.timeline.get(kind="waits"))
    said = (
        "a new phone or email was entered" if path == "reach/" else "Someone who opened a link that we sent you wanted"
    )
    assert said in words(family.get("/status/"))
    assert ("reader@example.org" in task.more) == (path == "reach/")


def test_the_page_says_it_above_the_form(family: Client, came: Client) -> None:
    code = Referral.objects.get().public_code
    for path in ("end/", "delete/"):
        page = words(came.get(f"/status/{path}"))
        assert "We ask you first" in page and f"Say this code: {code}." in page
        assert "We ask you first" not in words(family.get(f"/status/{path}"))
    assert "waits until a person on our team has asked you" in words(came.get("/status/"))


def test_a_link_pauses_and_chooses_hours_at_once(family: Client, came: Client) -> None:
    assert 'name="until"' in came.get("/status/hours/").content.decode()
    came.post("/status/hours/", {"hours": "1", "days": ["0"], "start": "9", "until": "17"})
    kept = Contact.objects.get()
    typed = {"email": kept.email, "phone": kept.phone_shown, "by_email": "on", "zip_code": "91101", "language": "es"}
    came.post("/status/reach/", typed)
    assert Referral.objects.get().timeline.filter(kind="message").exists()
    assert Contact.objects.get().language == "es"


def test_after_words_of_others_a_link_is_told_before(family: Client, reader: Client) -> None:
    page = words(reader.get("/status/"))
    assert "Some things wait until we know that it is you" in page and "Say this code" in page
    assert "Some things wait" not in words(family.get("/status/"))


def test_fourteen_days_after_the_link_counts(family: Client, post: Post, now: datetime) -> None:
    opens, came = link_in(post(now)[0]), Client()
    with travel(now + timedelta(days=14), tick=False):
        asks = Client()
        asks.get(opens)
        assert "We ask you first" in words(asks.get("/status/end/"))
    later = now + timedelta(days=15)
    with travel(later, tick=False):
        came.get(opens)
        came.post("/status/end/")
        referral = Referral.objects.get()
        assert referral.closing == "withdrawn"
        assert Message.objects.filter(reference=f"linkends:{referral.pk}", due_at=later).exists()
        assert "It was done by a link" in for_staff(referral.timeline.get(kind="closed"))
        page = words(came.get("/status/"))
        assert "was opened by a link we sent you. Your consent ended with it. If it was not you, call us." in page
        came.post("/status/end/take-back/")
        referral.refresh_from_db()
        assert referral.is_open and referral.consents.live(later).exists()


def test_the_browser_that_asked_changes_its_address_unasked(family: Client) -> None:
    family.post("/status/reach/", THEIRS)
    assert "If it was not you" not in words(family.get("/status/"))


def test_the_browser_that_asked_may_do_all_of_it(family: Client, reader: Client) -> None:
    family.post("/status/reach/", {**THEIRS, "email": "safe@example.org"})
    assert Contact.objects.get().email == "safe@example.org"
    family.post("/status/delete/")
    assert Referral.objects.get().tasks.filter(kind="erase").exists()


def test_a_link_to_the_new_safe_address_may_do_all_of_it(
    family: Client, reader: Client, post: Post, now: datetime
) -> None:
    family.post("/status/reach/", {**THEIRS, "email": "safe@example.org"})
    with travel(now + timedelta(minutes=5), tick=False):
        came = Client()
        came.get(link_in(post(now + timedelta(minutes=5))[-1]))
        assert "We keep this as it is" not in words(came.post("/status/pause/", {"weeks": "4"}, follow=True))
        came.post("/status/delete/")
    assert Referral.objects.get().tasks.filter(kind="erase").exists()


def test_without_that_browser_a_safe_way_is_still_one_press(reader: Client) -> None:
    FamilyLink.objects.filter(asked=True).delete()
    reader.post("/status/reach/", {**THEIRS, "email": "safe@example.org"})
    assert Contact.objects.get().email == "safe@example.org"


def test_answers_are_not_deleted_by_the_press_of_a_reader(family: Client, post: Post, now: datetime) -> None:
    load(now)
    family.post("/assessment/", {"voice": "me"})
    family.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    Referral.objects.update(response=Response.objects.get())
    reader = Client()
    reader.get(link_in(post(now)[0]))
    assert "others_answers" not in words(reader.get("/status/others-read/"))
    assert "others_answers" in words(family.get("/status/others-read/"))
    reader.post("/status/others-read/", {**ALL, "answers": "on"})
    assert Response.objects.exists()


def test_a_second_click_finds_the_page_that_the_first_left(family: Client, post: Post, now: datetime) -> None:
    came = Client()
    came.get(link_in(post(now)[0]))
    before = came.cookies["sessionid"].value
    came.post("/status/others-read/", {"channel": "email"})
    came.cookies["sessionid"] = before
    assert came.post("/status/others-read/", {"channel": "email"}).status_code == 302
    assert came.get("/status/").status_code == 200


@pytest.mark.parametrize("spelled", ["rosa+help@example.org", "ｒosa@example.org", "ROSA@example.org"])
def test_a_mailbox_spelled_otherwise_opens_no_other_request(
    make_referral: Callable[..., Referral], post: Post, now: datetime, spelled: str
) -> None:
    first = make_referral(phone="", ways=("email",), proved=True)
    opens_first = link_in(post(now)[0])
    make_referral(phone="", ways=("email",), email=spelled.lower(), contact_name="Rosa S.", at=now, proved=True)
    opens_second = link_in(post(now + timedelta(minutes=1))[0])
    held = Client()
    held.get(opens_second)
    came = Client()
    came.get(opens_first)
    with travel(now + timedelta(minutes=5), tick=False):
        came.post("/status/others-read/", {"channel": "email"})
    assert [Client().get(each).status_code for each in (opens_first, opens_second)] == [410, 410]
    assert held.get("/status/").status_code == 410 and first.public_code in words(came.get("/status/"))


def test_who_moved_to_a_phone_keeps_no_stop_in_an_old_email(
    taken: Referral, post: Post, reach: Reach, nora: Actor, now: datetime
) -> None:
    post(now)
    last = Message.objects.filter(channel="email", state="sent").latest("pk")
    moved = Reach(**{**vars(reach), "email": "", "by_email": False})
    change_contact(taken.pk, moved, actor=nora, now=now)
    holder = Client()
    page = words(holder.get(choices_url(last).removeprefix(settings.BASE_URL), follow=True))
    assert "stop_all" not in page
    holder.post("/messages/", {"choice": "stop_all"})
    taken.contact.refresh_from_db()
    assert taken.contact.by_text


def test_staff_read_that_somebody_who_came_by_a_link_said_so(staff: Client, family: Client, reader: Client) -> None:
    referral = Referral.objects.get()
    said = "Said by someone who came by a link that we sent."
    assert said in for_staff(referral.timeline.filter(kind="link_ended").latest("pk"))
    assert referral.tasks.open().get(kind="not_reached").more.count(said) == 1
    assert said in words(staff.get(f"/staff/referral/{referral.pk}/"))


def test_the_word_of_the_browser_that_asked_takes_its_place(family: Client, reader: Client) -> None:
    family.post("/status/others-read/", ALL)
    assert "someone who opened a link" not in words(family.get("/status/"))
    referral = Referral.objects.get()
    assert referral.tasks.open().get(kind="not_reached").more == ""
    assert "came by a link" not in for_staff(referral.timeline.filter(kind="link_ended").latest("pk"))


def test_a_place_given_up_by_a_link_is_asked_about(
    family: Client, program: Program, post: Post, nora: Actor, now: datetime
) -> None:
    referral = take(Referral.objects.get().pk, actor=nora, now=now)
    asked_of = send_to_program(referral.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(asked_of.pk, actor=Actor.program("Sample"), now=now)
    came = Client()
    came.get(link_in(next(each for each in post(now) if each.row.person_key == referral.contact.key)))
    FamilyLink.objects.filter(asked=True).update(expires_at=now - timedelta(days=15))
    came.post("/status/end/")
    referral.refresh_from_db()
    task = referral.tasks.open().get()
    assert referral.closing == "withdrawn" and task.urgent and "Ask the family if it was them." in task.more
    assert referral.next_action_at is not None
    told = Message.objects.filter(reference=f"linkends:{referral.pk}").pending().get()
    assert told.channel == "sms"
    with travel(now + timedelta(minutes=20), tick=False):
        post(now + timedelta(minutes=20))
        told.refresh_from_db()
        assert told.state == "sent", (told.state, told.reason, told.due_at, now)


def test_the_end_is_taken_back_before_the_program_hears(
    family: Client, program: Program, post: Post, nora: Actor, now: datetime
) -> None:
    referral = take(Referral.objects.get().pk, actor=nora, now=now)
    asked_of = send_to_program(referral.pk, program, ["contact"], actor=nora, now=now)
    letters = post(now)
    accept_placement(asked_of.pk, actor=Actor.program("Sample"), now=now)
    family.post("/status/end/")
    came = Client()
    came.get(link_in(next(each for each in letters if each.row.person_key == referral.contact.key)))
    assert "Was this a mistake?" not in words(came.get("/status/"))
    came.post("/status/end/take-back/")
    assert not Referral.objects.get().is_open
    ended = Message.objects.filter(reference=f"ended:{asked_of.pk}").pending().get()
    assert ended.due_at == now + timedelta(minutes=10)
    assert "Was this a mistake?" in words(family.get("/status/"))
    family.post("/status/end/take-back/")
    asked_of.refresh_from_db()
    referral.refresh_from_db()
    assert (asked_of.status, referral.status, referral.closing) == ("accepted", "active", "")
    assert referral.consents.live(now).exists() and not Message.objects.filter(pk=ended.pk).pending().exists()
    assert "You took that back. This request goes on." in words(family.get("/status/"))


def test_after_ten_minutes_the_end_stays(family: Client, now: datetime) -> None:
    family.post("/status/end/")
    with travel(now + timedelta(minutes=11), tick=False):
        assert "Was this a mistake?" not in words(family.get("/status/"))
        assert "cannot be taken back any more" in words(family.post("/status/end/take-back/", follow=True))
    assert not Referral.objects.get().is_open


def test_a_place_given_up_where_it_was_asked_for_asks_nobody(
    family: Client, program: Program, nora: Actor, now: datetime
) -> None:
    referral = take(Referral.objects.get().pk, actor=nora, now=now)
    asked_of = send_to_program(referral.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(asked_of.pk, actor=Actor.program("Sample"), now=now)
    family.post("/status/end/")
    assert not referral.tasks.open().exists()


def test_the_thanks_are_the_same_for_an_address_that_is_known() -> None:
    """Whoever types the address of another must not learn that somebody asked from there."""
    pages = []
    for name in ("Rosa Sample", "Somebody Else"):
        client = Client()
        asked(client, contact_name=name)
        page = client.get("/referral/thanks/").content.decode()
        pages.append(
            page[page.index("If you call us, say this code") :].replace(Referral.objects.latest("pk").public_code, "")
        )
    assert pages[0] == pages[1] and "We also send you an email." in pages[0]
