"""What a link silences beside the browser that asked: told by the way it closes, never the last one, never for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from time_machine import travel

from messaging import clock
from messaging.letter import Letter, choices_url
from messaging.models import Message, Suppression
from referral.actions.appointments import propose_times
from referral.actions.common import Actor
from referral.models import Appointment, Contact, Referral, Task
from referral.timeline import for_family, for_staff
from tests.referral.test_by_link import came as came
from tests.referral.test_by_link import family as family
from tests.referral.test_by_link import opens as opens
from tests.referral.test_by_link import place as place
from tests.referral.test_by_link import typed
from tests.referral.test_others_read import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
Post = Callable[..., list[Letter]]
LAST = "This is the last way to reach you."


def told(post: Post, now: datetime) -> list[str]:
    """By which ways word of a link goes out now."""
    with travel(now + timedelta(minutes=2), tick=False):
        sent = post(now + timedelta(minutes=2))
    return sorted(each.row.channel for each in sent if each.row.template == "referral-by-link")


def choose(now: datetime, **said: str) -> str:
    """What the page behind “Change or stop” of the last email says to this, in a browser of its own."""
    client = Client()
    last = Message.objects.filter(channel="email", state="sent").latest("pk")
    with clock.set_to(now):
        client.get(choices_url(last).removeprefix(settings.BASE_URL))
        return words(client.post("/messages/", said, follow=True))


@pytest.mark.parametrize("days", [14, 15])
def test_a_link_pauses_two_weeks_at_a_time(came: Client, family: Client, post: Post, now: datetime, days: int) -> None:
    until = f"{now + timedelta(days=days):%Y-%m-%d}"
    page = words(came.post("/status/hours/", {"pause": "1", "until": until}, follow=True))
    assert ("a pause lasts 14 days at most" in page) == (days == 15)
    page = choose(now, choice="pause", until=until)
    assert ("a pause lasts 14 days at most" in page) == (days == 15)
    assert Suppression.objects.exists() == (days == 14)
    page = words(family.post("/status/hours/", {"pause": "1", "until": f"{now + timedelta(days=90):%Y-%m-%d}"}))
    assert "14 days" not in page


def test_a_link_rests_the_request_two_weeks_at_a_time(came: Client, place: Any) -> None:
    assert 'value="4"' not in came.get("/status/").content.decode()
    assert "two weeks at most" in words(came.post("/status/pause/", {"weeks": "4"}, follow=True))
    came.post("/status/pause/", {"weeks": "2"})
    assert Referral.objects.get().status == "on_hold"


def test_the_last_way_does_not_close_by_a_link(family: Client, came: Client, now: datetime) -> None:
    assert LAST in words(came.post("/status/reach/", typed(by_email=None, by_text=None, by_phone=None)))
    Contact.objects.update(by_phone=False)
    assert LAST in words(came.post("/status/stop/", follow=True))
    contact = Contact.objects.get()
    assert contact.by_email and contact.by_text
    assert LAST not in words(family.post("/status/stop/", follow=True))
    assert not Contact.objects.get().is_reachable


SILENCES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("stop/", {}, ["email", "sms"]),
    ("hours/", {"pause": "1", "until": "2026-03-12"}, ["email", "sms"]),
    ("hours/", {"hours": "1", "days": ["6"], "start": "8", "until": "9"}, ["email", "sms"]),
    ("reach/", {"by_text": None}, ["sms"]),
]


@pytest.mark.parametrize(("path", "said", "ways"), SILENCES)
def test_she_is_told_once_by_the_way_that_a_link_silences(
    came: Client, post: Post, now: datetime, path: str, said: dict[str, Any], ways: list[str]
) -> None:
    Contact.objects.update(by_phone=True)
    for _twice in range(2):
        came.post(f"/status/{path}", typed(**said) if path == "reach/" else said)
    assert told(post, now) == ways


def test_the_browser_that_asked_silences_untold(family: Client, post: Post, now: datetime) -> None:
    post(now)
    family.post("/status/stop/")
    assert told(post, now) == []


def test_a_stop_in_a_message_is_marked_told_and_asked_about(family: Client, post: Post, now: datetime) -> None:
    Contact.objects.update(by_phone=False)
    post(now)
    choose(now, choice="stop_all")
    referral = Referral.objects.get()
    line = referral.timeline.get(kind="stopped")
    assert for_staff(line).endswith("It was done by the link in a message.")
    assert for_family(line).endswith("by the link in one of our messages. If it was not you, call us.")
    assert "stop the last way" in referral.tasks.open().get(urgent=True).more
    assert told(post, now) == ["email", "sms"]


def test_calls_that_a_link_turned_off_may_be_made_once(came: Client, staff: Client) -> None:
    Contact.objects.update(by_phone=True)
    came.post("/status/reach/", typed(by_phone=None))
    referral = Referral.objects.get()
    came.post("/status/end/")
    task = referral.tasks.open().get(urgent=True)
    assert task.kind == "call" and "You may call this number once" in task.more
    page = words(staff.get(f"/staff/referral/{referral.pk}/"))
    assert "Calls were turned off by a link: you may call once" in page and "No calls allowed" not in page


@pytest.mark.parametrize("first", [["email", "sms"], []])
def test_one_careful_call_is_left_where_a_link_shut_every_way(came: Client, staff: Client, first: list[str]) -> None:
    Contact.objects.update(by_phone=True)
    assert "We call you at most once" in words(came.get("/status/others-read/"))
    if first:
        came.post("/status/others-read/", {"channel": first})
        assert "call this number once" not in Referral.objects.get().tasks.open().get(urgent=True).more
    said = words(came.post("/status/others-read/", {"channel": [*({"email", "sms"} - {*first}), "calls"]}, follow=True))
    assert "We call you at most once" in said and "We will not call you any more" not in said
    referral = Referral.objects.get()
    assert not referral.contact.is_reachable and referral.contact.is_overheard
    assert "say your first name only" in referral.tasks.open().get(urgent=True).more
    page = words(staff.get(f"/staff/referral/{referral.pk}/"))
    assert "at most one careful call" in page and "Do not call: someone else hears" not in page


def test_a_link_that_shuts_calls_and_leaves_its_own_way_is_called_about(came: Client, staff: Client) -> None:
    """Else all talk would run through the mailbox that the link came from."""
    Contact.objects.update(by_phone=True)
    said = words(came.post("/status/others-read/", {"channel": ["sms", "calls"]}, follow=True))
    assert "We call you at most once" in said
    referral = Referral.objects.get()
    assert referral.contact.is_reachable and "say your first name only" in referral.tasks.open().get(urgent=True).more
    assert "at most one careful call" in words(staff.get(f"/staff/referral/{referral.pk}/"))


def test_no_call_is_left_where_the_family_itself_shut_every_way(family: Client, came: Client, staff: Client) -> None:
    Contact.objects.update(by_phone=True)
    came.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    assert "We call you at most once" not in words(family.get("/status/others-read/"))
    family.post("/status/others-read/", {"channel": ["email", "sms", "calls"]})
    referral = Referral.objects.get()
    assert "first name only" not in referral.tasks.open().get(urgent=True).more
    assert "Do not call: someone else hears" in words(staff.get(f"/staff/referral/{referral.pk}/"))


def test_a_time_that_a_link_chose_tells_her(came: Client, place: Any, post: Post, now: datetime) -> None:
    at = [now + timedelta(days=3), now + timedelta(days=4)]
    propose_times(place.pk, at, "America/Los_Angeles", actor=Actor.program("Sample"), now=now)
    came.post("/status/time/", {"time": str(Appointment.objects.first().pk)})  # type: ignore[union-attr]
    assert told(post, now) == ["sms"]


def test_the_browser_that_asked_reads_when_a_link_opened_the_page(family: Client, opens: str) -> None:
    said = "This page was opened in another browser, by a link that we sent."
    assert said not in words(family.get("/status/"))
    family.get(opens)
    assert said not in words(family.get("/status/"))
    came = Client()
    came.get(opens)
    Client().get(opens)
    assert words(family.get("/status/")).count(said) == 1
    assert said not in words(came.get("/status/"))


def test_another_name_stands_out_on_the_consent_card(came: Client, staff: Client) -> None:
    came.post("/status/consent/", {"consent-agree": "on", "consent-signed_name": "Somebody Else"})
    page = words(staff.get(f"/staff/referral/{Referral.objects.get().pk}/"))
    assert "Not the name of the signature before it:" in page


def test_messages_that_she_stopped_do_not_start_again_by_a_link(family: Client, post: Post, now: datetime) -> None:
    post(now)
    family.post("/status/stop/", {"channel": "email"})
    assert not Contact.objects.get().by_email
    assert "someone on our team asks you first" in choose(now, choice="resume")
    assert not Contact.objects.get().by_email and Suppression.objects.lasting(now).exists()
    (task,) = Task.objects.open().filter(urgent=True)
    assert "emails: yes" in task.text
    choose(now, choice="resume")
    assert Task.objects.open().filter(urgent=True).count() == 1


def test_messages_that_a_link_stopped_start_again_by_a_link(family: Client, post: Post, now: datetime) -> None:
    post(now)
    choose(now, choice="stop")
    assert not Contact.objects.get().by_email
    assert "asks you first" not in choose(now, choice="resume")
    assert Contact.objects.get().by_email
