"""A family asks for help now: the first row of the queue, with its words, and whoever is on duty is called."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from time_machine import travel

from messaging import alerts
from messaging.letter import choices_url
from messaging.models import Channel, Message
from messaging.retry import Refused
from privacy.models import AccessEvent
from referral.actions.check_ins import answer_check_in
from referral.actions.closing import close_referral, withdraw_referral
from referral.actions.common import FAMILY, Actor, Unread
from referral.actions.duty import AGAIN, acknowledge, call_again
from referral.actions.tasks import add_task
from referral.models import Absence, DutyShift, Referral, Task, TimelineEntry
from referral.timeline import for_staff
from tests.referral.conftest import Postbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now"), pytest.mark.slow]
WORDS = "He threatens to hurt himself tonight."
MIDNIGHT = timedelta(hours=14)  # after the Wednesday morning of `now`: half past eleven in Pasadena


@pytest.fixture
def dora(make_user: Callable[..., Any]) -> Any:
    return make_user("dora", "Navigators", first_name="Dora", last_name="Duty")


@pytest.fixture
def on_duty(dora: Any, now: datetime) -> DutyShift:
    shift: DutyShift = DutyShift.objects.create(
        user=dora, channel="sms", phone="+16265550188", starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=1),
    )  # fmt: skip
    return shift


def ask_for_help(referral: Referral, at: datetime, text: str = WORDS) -> Task:
    answer_check_in(referral.followups.earliest("pk").pk, "help", actor=FAMILY, now=at, text=text)
    task: Task = Task.objects.crises().latest("pk")
    return task


def press(client: Client, task: Task, command: str, **typed: Any) -> Any:
    version = Referral.objects.get(pk=task.referral_id).version
    path = f"/staff/referral/{task.referral_id}/task/{task.pk}/{command}/"
    return client.post(path, {"version": version, **typed})


def to_whom(letters: list[Any]) -> set[str]:
    return {letter.row.address for letter in letters}


def test_a_call_for_help_is_the_first_row_with_the_familys_words(
    taken: Referral, make_referral: Callable[..., Referral], staff: Client, nora: Actor, now: datetime
) -> None:
    calm = make_referral(contact_name="Calm Family")
    add_task(calm.pk, kind="call", due_at=now - timedelta(days=9), urgent=True, actor=nora, now=now)
    ask_for_help(taken, now)
    for show in ("today", "new", "ended"):
        page = staff.get(f"/staff/?show={show}").content.decode()
        assert page.index("Someone asks for help now") < page.index('class="tabs"')
        assert page.index(WORDS) < page.index('class="tabs"')
    page = staff.get("/staff/").content.decode()
    assert page.index(WORDS) < page.index("Calm Family")
    assert "Do not leave a message" in page
    assert page.count("Rosa Sample</a>") == 1  # not once more in the table below
    assert AccessEvent.objects.filter(subject=taken.key, purpose="queue, ended").count() == 1


def test_who_is_on_duty_is_texted_at_once_in_neutral_words(
    taken: Referral, on_duty: DutyShift, post: Callable[..., list[Any]], now: datetime
) -> None:
    with travel(now + MIDNIGHT, tick=False):
        ask_for_help(taken, now + MIDNIGHT)
        letters = [each for each in post(now + MIDNIGHT) if each.row.reference.startswith("duty:")]
    assert to_whom(letters) == {"+16265550188", "navigator@example.org"}
    text = next(each.content.text for each in letters if each.row.channel == "sms")
    assert "/staff/" in text
    assert not {"Rosa", "Sample", taken.public_code, "hurt", "help"} & set(text.replace(":", " ").split())
    line = taken.timeline.get(kind="duty_called")
    assert for_staff(line) == "Called for help: Dora Duty, Nora Navigator."


def test_who_has_the_family_is_called_beside_duty(
    taken: Referral, on_duty: DutyShift, navigator: Any, dora: Any, post: Callable[..., list[Any]], now: datetime
) -> None:
    ask_for_help(taken, now)
    assert navigator.email in to_whom([each for each in post(now) if each.row.reference.startswith("duty:")])
    day = timezone.localdate(now)
    Absence.objects.create(user=navigator, cover=dora, first_day=day, last_day=day, recorded_at=now)
    call_again(now + AGAIN)
    letters = [each for each in post(now + AGAIN) if each.row.reference.startswith("duty:")]
    assert to_whom(letters) == {"+16265550188", dora.email}, "who covers for them, and a text beside it"


def test_quiet_hours_of_families_still_hold_for_families(
    make_referral: Callable[..., Referral], post: Callable[..., list[Any]], now: datetime
) -> None:
    Channel.objects.filter(key="sms").update(urgent_any_time=False)
    late, morning = now + MIDNIGHT, now + MIDNIGHT + timedelta(hours=10)
    with travel(late, tick=False):
        make_referral(ways=("text",), email="")
    assert Message.objects.filter(channel="sms", person_key__startswith="contact:", due_at__lte=late).exists()
    assert post(late) == []
    assert [each.row.person_key.partition(":")[0] for each in post(morning, "sms")] == ["contact"]


def test_the_call_comes_again_until_somebody_has_it(
    taken: Referral, on_duty: DutyShift, dora: Any, supervisor: Any, post: Callable[..., list[Any]], now: datetime
) -> None:
    task = ask_for_help(taken, now)
    assert to_whom(post(now, "sms")) == {"+16265550188"}
    assert call_again(now + AGAIN - timedelta(seconds=1)) == 0
    for number, whom in ((1, set()), (2, {supervisor.email})):
        at = now + number * AGAIN
        assert call_again(at) == 1
        told = to_whom([each for each in post(at) if each.row.reference.startswith("duty:")])
        assert told == {"+16265550188", "navigator@example.org", *whom}
    acknowledge(task.pk, actor=Actor.of(dora), now=now + 2 * AGAIN)
    assert call_again(now + 9 * AGAIN) == 0
    assert post(now + 9 * AGAIN, "sms") == []


def test_an_answer_stops_what_has_not_gone_yet(
    taken: Referral, on_duty: DutyShift, dora: Any, post: Callable[..., list[Any]], now: datetime
) -> None:
    task = ask_for_help(taken, now)
    acknowledge(task.pk, actor=Actor.of(dora), now=now)
    assert [each for each in post(now) if each.row.reference.startswith("duty:")] == []


def test_without_duty_all_supervisors_are_told_and_an_alert_stands(
    taken: Referral, supervisor: Any, make_user: Callable[..., Any], post: Callable[..., list[Any]], now: datetime
) -> None:
    other = make_user("vera", "Supervisors")
    assert "nobody_on_duty" not in [alert.key for alert in alerts.current()]
    ask_for_help(taken, now)
    letters = [each for each in post(now) if each.row.reference.startswith("duty:")]
    assert to_whom(letters) == {supervisor.email, other.email, "navigator@example.org"}
    assert "nobody_on_duty" in [alert.key for alert in alerts.current()]
    assert for_staff(taken.timeline.get(kind="duty_called")).startswith("No one was on duty.")


def test_a_call_that_does_not_arrive_goes_to_the_supervisors(
    taken: Referral, on_duty: DutyShift, supervisor: Any, post: Callable[..., list[Any]], now: datetime
) -> None:
    DutyShift.objects.update(channel="email")
    on_duty.user.email = "no@@address"
    on_duty.user.save()
    ask_for_help(taken, now)
    first = [each for each in post(now) if each.row.reference.startswith("duty:")]
    assert to_whom(first) == {"navigator@example.org"}, "who has the family, and not who is on duty"
    call_again(now + AGAIN)
    call_again(now + 2 * AGAIN)
    letters = [each for each in post(now + 2 * AGAIN) if each.row.reference.startswith("duty:")]
    assert supervisor.email in to_whom(letters)


def test_a_bounced_call_brings_the_supervisors_within_a_minute(
    taken: Referral, on_duty: DutyShift, supervisor: Any, post: Callable[..., list[Any]], now: datetime
) -> None:
    Postbox.answers.append(Refused("no_such_address", address_bad=True))
    ask_for_help(taken, now)
    post(now, "sms")
    assert call_again(now + timedelta(minutes=1)) == 1
    letters = [each for each in post(now + timedelta(minutes=1)) if each.row.reference.startswith("duty:")]
    assert supervisor.email in to_whom(letters)


def test_who_is_on_duty_sees_and_answers_a_colleagues_family(
    taken: Referral, on_duty: DutyShift, dora: Any, sign_in: Callable[[Any], Client], now: datetime
) -> None:
    client = sign_in(dora)
    assert client.get(f"/staff/referral/{taken.pk}/").status_code == 404
    task = ask_for_help(taken, now)
    assert WORDS in client.get("/staff/").content.decode()
    assert press(client, task, "have").status_code == 302
    assert "Dora Duty has it since" in client.get("/staff/").content.decode()
    assert taken.timeline.filter(kind="acknowledged", actor=dora).count() == 1
    # Her shift ends; what she has answered stays hers until it is done.
    DutyShift.objects.all().delete()
    assert (
        press(client, task, "resolve", reached="talked", happened="Talked with him. He is with his sister.").status_code
        == 302
    )
    assert client.get(f"/staff/referral/{taken.pk}/").status_code == 404


def test_the_first_who_says_so_has_it(
    taken: Referral, on_duty: DutyShift, dora: Any, nora: Actor, navigator: Any, now: datetime
) -> None:
    task = ask_for_help(taken, now)
    acknowledge(task.pk, actor=nora, now=now)
    assert acknowledge(task.pk, actor=Actor.of(navigator), now=now).acknowledged_by == navigator
    assert taken.timeline.filter(kind="acknowledged").count() == 1


def test_who_has_a_family_has_all_that_it_asks_for_now(
    taken: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    ask_for_help(taken, now)
    by_hand = add_task(taken.pk, kind="needs_help", due_at=now, actor=nora, now=now, text="On the phone: in danger.")
    assert by_hand.urgent
    assert staff.get("/staff/").content.decode().count("I have it<") == 1
    press(staff, by_hand, "have")
    page = staff.get("/staff/").content.decode()
    assert (page.count("I have it<"), page.count("Nora Navigator has it since")) == (0, 2)


def test_done_asks_what_happened_and_writes_it_down(taken: Referral, staff: Client, now: datetime) -> None:
    task = ask_for_help(taken, now)
    for command, typed in (("done", {}), ("resolve", {"reached": "talked", "happened": "  "})):
        answer = press(staff, task, command, **typed)
        assert answer.status_code in (409, 422)
        assert Task.objects.crises().exists()
    assert "Write what happened" in answer.content.decode()
    assert press(staff, task, "resolve", happened="ok").status_code == 422
    page = press(staff, task, "resolve", reached="not", happened="No answer, twice.")
    assert page.status_code == 302 and Task.objects.crises().exists()
    typed = {"reached": "services", "happened": "Called 911 with her. He is safe."}
    assert press(staff, task, "resolve", **typed).status_code == 302
    line = TimelineEntry.objects.get(kind="task_done")
    assert line.text.endswith("has it\nCalled 911 with her. He is safe.")
    assert not Task.objects.crises().exists()


def test_asked_again_after_an_answer_everybody_is_called_anew(
    taken: Referral, on_duty: DutyShift, nora: Actor, now: datetime
) -> None:
    first = ask_for_help(taken, now)
    again = ask_for_help(taken, now + timedelta(minutes=1), "Please hurry.")
    assert again == first  # nobody has read it yet: one row, with both words
    acknowledge(first.pk, actor=nora, now=now)
    later = ask_for_help(taken, now + timedelta(hours=1), "He took pills.")
    assert later != first
    assert Message.objects.filter(reference=f"duty:{later.pk}").exists()


def test_the_end_of_a_request_does_not_end_a_call_for_help(
    taken: Referral, make_referral: Callable[..., Referral], staff: Client, nora: Actor, now: datetime
) -> None:
    ask_for_help(taken, now)
    with pytest.raises(Unread):
        close_referral(taken.pk, closing="declined", reason="They chose another way.", actor=nora, now=now)
    withdraw_referral(taken.pk, actor=FAMILY, now=now)
    assert WORDS in staff.get("/staff/").content.decode()
    other = make_referral(contact_name="Lee")
    add_task(other.pk, kind="needs_help", due_at=now, actor=nora, now=now, text="On the phone: in danger.")
    withdraw_referral(other.pk, actor=FAMILY, now=now)
    assert "On the phone: in danger." in staff.get("/staff/").content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at_0": "2026-03-01"}, "ends_at"),
        ({"ends_at_0": "9999-12-31"}, "ends_at"),
        ({"channel": "sms", "phone": "12"}, "phone"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_in_the_admin(
    supervisor: Any, dora: Any, sign_in: Callable[[Any], Client], changed: dict[str, str], field: str
) -> None:
    typed = {
        "user": dora.pk, "channel": "email", "phone": "", "language": "en", "starts_at_0": "2026-03-04",
        "starts_at_1": "17:00", "ends_at_0": "2026-03-05", "ends_at_1": "09:00",
    }  # fmt: skip
    client = sign_in(supervisor)
    answer = client.post("/admin/referral/dutyshift/add/", {**typed, **changed})
    assert list(answer.context["adminform"].form.errors) == [field]
    assert client.post("/admin/referral/dutyshift/add/", typed).status_code == 302
    shift = DutyShift.objects.get()
    repeat = {"action": "repeat_next_week", "_selected_action": shift.pk}
    assert client.post("/admin/referral/dutyshift/", repeat).status_code == 302
    starts = DutyShift.objects.order_by("pk").values_list("starts_at", flat=True)
    assert starts[1] - starts[0] == timedelta(days=7, hours=-1)  # the clocks change between


def test_the_page_of_a_duty_mail_speaks_of_the_queue(
    taken: Referral, on_duty: DutyShift, post: Callable[..., list[Any]], now: datetime
) -> None:
    ask_for_help(taken, now)
    told = next(each for each in post(now) if each.row.template == "staff-duty")
    page = Client().get(choices_url(told.row).removeprefix(settings.BASE_URL), follow=True).content.decode()
    assert "when a family needs someone" in page and "mailbox for requests" not in page
