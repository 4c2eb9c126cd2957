"""Operators are told of each trouble once, and once more when it is over; what comes and goes is one alert."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from messaging import alerts, clock, metrics
from messaging.delivery.drain import drain
from messaging.models import AlertNotice, Channel, Message, MessageTemplate
from referral.actions.alarms import tell_addresses, tell_operators
from referral.message_contexts import contexts
from tests.conftest import staff_account
from tests.messaging import owner
from tests.messaging.conftest import free_port

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes once its transaction is over, which here ends with the test."""
    monkeypatch.setattr("referral.actions.alarms.transaction.on_commit", lambda send, **_how: send())


@pytest.fixture
def staff_pages(db: None, sign_in: Callable[..., Client]) -> Client:
    return sign_in(staff_account("operator", "Supervisors"))


def watch(at: datetime) -> list[tuple[str, bool]]:
    """What operators are told by a watch at this time: the key, and whether it is over."""
    owner.alerts.clear()
    with clock.set_to(at):
        alerts.watch()
    return list(owner.alerts)


def test_an_alert_is_told_once_until_it_is_over(noon: datetime, plan: Plan) -> None:
    message = plan()
    late = noon + 10 * MINUTE
    assert watch(noon) == []
    assert watch(late) == [("lag_email", False)]
    assert watch(late + MINUTE) == []
    message.delete()
    assert watch(late + 4 * MINUTE) == []  # it may come back at once
    assert watch(late + 7 * MINUTE) == [("lag_email", True)]
    assert watch(late + 8 * MINUTE) == []


def test_what_comes_and_goes_is_one_alert(noon: datetime, plan: Plan) -> None:
    plan()
    told = []
    for minute in range(10, 20, 2):
        told += watch(noon + minute * MINUTE)
        Channel.objects.filter(pk="email").update(paused=minute % 4 == 0)
    assert told.count(("lag_email", False)) == 1
    assert not [each for each in told if each[1]]


def test_it_is_told_anew_when_it_comes_back(noon: datetime, plan: Plan) -> None:
    message = plan()
    assert watch(noon + 10 * MINUTE) == [("lag_email", False)]
    Message.objects.filter(pk=message.pk).update(state="sent")
    assert watch(noon + 20 * MINUTE) == [("lag_email", True)]
    Message.objects.filter(pk=message.pk).update(state="scheduled")
    assert watch(noon + 21 * MINUTE) == [("lag_email", False)]


def test_what_could_not_be_told_is_told_by_the_next_watch(
    noon: datetime, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan()
    with monkeypatch.context() as patch:
        patch.setattr(owner.Owner, "alert", lambda *_given: 1 / 0)
        assert watch(noon + 10 * MINUTE) == []
    assert not AlertNotice.objects.exists()
    assert watch(noon + 11 * MINUTE) == [("lag_email", False)]


@pytest.mark.parametrize(
    ("reason", "told"), [("no_template", [("dead", False)]), ("refused", [("dead", False)]), ("no_such_address", [])]
)
def test_what_an_operator_can_mend_is_an_alert(
    noon: datetime, plan: Plan, reason: str, told: list[tuple[str, bool]]
) -> None:
    Message.objects.filter(pk=plan().pk).update(state="dead", reason=reason, changed_at=noon)
    assert watch(noon + MINUTE) == told


def test_alerts_are_a_metric(noon: datetime, plan: Plan) -> None:
    plan()
    watch(noon + 10 * MINUTE)
    found = {name: rows for name, _kind, _help, rows in metrics.families()}
    assert found["waymark_alerts"] == [({"alert": "lag_email"}, 1.0)]


def test_a_mail_server_that_is_away_is_said_after_two_tries(
    noon: datetime, plan: Plan, settings: Any, staff_pages: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "messaging.channels.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port(), False
    settings.MESSAGING_COURIERS = {"email": "messaging.channels.mail.MailCourier"}
    plan()
    drain("email")
    assert watch(noon) == []
    with clock.set_to(noon + 1.5 * MINUTE):
        drain("email")
        page = staff_pages.get(reverse("admin:messaging_message_queue")).content.decode()
        found = {name: rows for name, _kind, _help, rows in metrics.families()}
    assert "not going out: the provider is not reached" in page and "To be tried again" in page
    assert found["waymark_channel_down"][0] == ({"channel": "email"}, 1.0)
    assert watch(noon + 1.5 * MINUTE) == [("down_email", False)]
    assert watch(noon + 2 * MINUTE) == []
    assert caplog.text.count("alert down_email") == 1


def test_what_waits_for_texts_that_are_not_set_up_is_an_alert(
    noon: datetime, plan: Plan, settings: Any, staff_pages: Any
) -> None:
    settings.MESSAGING_CHANNELS = ["email"]
    assert watch(noon) == []
    plan(channel="sms", due_at=noon + 60 * MINUTE)
    assert watch(noon) == [("not_set_up_sms", False)]
    page = staff_pages.get(reverse("admin:messaging_message_queue")).content.decode()
    assert "not set up" in page and "No provider is set for it" in page


def use_the_real_owner(settings: Any) -> None:
    settings.MESSAGING_CLIENT, settings.MESSAGING_TEMPLATES = "config.owners.Owners", "config.owners.declared"


def test_supervisors_are_told_where_nobody_is_on_duty(noon: datetime, plan: Plan, settings: Any) -> None:
    boss = staff_account("boss", "Supervisors")
    plan(channel="sms")
    MessageTemplate.objects.all().delete()
    use_the_real_owner(settings)
    with clock.set_to(noon + 10 * MINUTE):
        alerts.watch()
    told = Message.objects.get(template="staff-alert")
    assert (told.address, told.channel, told.urgent, told.capped) == (boss.email, "email", True, False)
    words = contexts([told.reference], noon)[told.reference]
    assert isinstance(words, dict)
    assert "have been waiting for" in words["alert"]
    Message.objects.filter(channel="sms").update(state="sent")
    with clock.set_to(noon + 20 * MINUTE):
        alerts.watch()
    assert type(contexts([told.reference], noon)[told.reference]).__name__ == "Withheld"
    assert Message.objects.filter(template="staff-alert-over").count() == 1


def test_trouble_with_email_goes_past_the_queue_of_emails(noon: datetime, settings: Any) -> None:
    use_the_real_owner(settings)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    boss = staff_account("boss", "Supervisors")
    notice = AlertNotice.objects.create(
        key="lag_email", sentence="Emails wait.", channel="email", since=noon, seen_at=noon
    )
    tell_operators(notice, noon)
    (sent,) = mail.outbox
    assert (sent.to, "Emails wait." in sent.body) == ([boss.email], True)
    assert not Message.objects.exists()


def test_the_operators_of_the_settings_hear_of_every_alert(noon: datetime, settings: Any) -> None:
    use_the_real_owner(settings)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    boss = staff_account("boss", "Supervisors")
    settings.OPERATORS = ["ops@example.org", boss.email]
    notice = AlertNotice.objects.create(key="lag_sms", sentence="Texts wait.", channel="sms", since=noon, seen_at=noon)
    tell_operators(notice, noon)
    notice.over_at = noon
    tell_operators(notice, noon)
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["ops@example.org"], "Waymark needs an operator"),
        (["ops@example.org"], "It is over"),
    ]
    assert {message.address for message in Message.objects.all()} == {boss.email}


def test_an_operator_set_while_an_alert_is_open_hears_it_once(noon: datetime, plan: Plan, settings: Any) -> None:
    use_the_real_owner(settings)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.OPERATORS = []
    message = plan()

    def watched(minutes: int) -> list[tuple[str, str]]:
        mail.outbox.clear()
        with clock.set_to(noon + minutes * MINUTE):
            alerts.watch()
        return [(sent.to[0], str(sent.subject)) for sent in mail.outbox]

    assert watched(10) == []
    settings.OPERATORS = ["ops@example.org"]
    assert watched(11) == [("ops@example.org", "Waymark needs an operator")]
    assert watched(12) == []
    settings.OPERATORS = ["ops@example.org", "later@example.org"]
    message.delete()
    assert watched(18) == [("ops@example.org", "It is over")]
    told = AlertNotice.objects.get(key="lag_email").told
    assert told == "ops@example.org"


def test_an_alert_that_no_mail_server_took_is_tried_again(noon: datetime, settings: Any) -> None:
    use_the_real_owner(settings)
    settings.OPERATORS = ["ops@example.org"]
    settings.EMAIL_BACKEND = "nowhere.Backend"
    notice = AlertNotice.objects.create(key="lag_sms", sentence="Texts wait.", channel="sms", since=noon, seen_at=noon)
    tell_operators(notice, noon)
    notice.refresh_from_db()
    assert not notice.told
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tell_addresses(notice)
    tell_addresses(notice)
    assert [sent.to for sent in mail.outbox] == [["ops@example.org"]]
