"""The page on which receivers stop, pause and resume; and what operators do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as system_settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from messaging import alerts, clock, metrics
from messaging.delivery.drain import drain
from messaging.letter import choices_url
from messaging.models import Channel, Message, MessageTemplate, Suppression
from messaging.retry import Refused, Unclear
from messaging.sink.store import Store
from privacy.models import AccessEvent
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
PAGE = "/messages/"


@pytest.fixture
def sent(noon: datetime, plan: Plan) -> Message:
    message = plan()
    drain("email")
    message.refresh_from_db()
    assert message.state == "sent"
    return message


def opened(message: Message) -> Client:
    browser = Client()
    answer = browser.get(choices_url(message).removeprefix(system_settings.BASE_URL), follow=True)
    assert answer.status_code == 200
    return browser


def test_choices_link_swaps_its_token_and_keeps_the_language(noon: datetime, plan: Plan) -> None:
    answer = Client().get(choices_url(plan(language="es")).removeprefix(system_settings.BASE_URL))
    assert answer["Location"] == "/es/messages/"


def test_the_page_shows_no_address(sent: Message) -> None:
    text = opened(sent).get(PAGE).content.decode()
    assert sent.address not in text
    assert sent.masked_address in text


def test_who_has_no_session_is_told_what_to_do() -> None:
    answer = Client().get(PAGE)
    assert answer.status_code == 410
    assert "Open the link at the end of any email" in answer.content.decode()


def test_stopping_and_starting_again_on_the_page(sent: Message) -> None:
    browser = opened(sent)
    answer = browser.post(PAGE, {"choice": "stop"}, follow=True)
    assert "Messages are stopped" in answer.content.decode()
    assert owner.events[-1].kind == "stopped"
    assert Suppression.objects.active(sent.address_index, clock.now()).count() == 1
    browser.post(PAGE, {"choice": "resume"})
    assert Suppression.objects.active(sent.address_index, clock.now()).count() == 0


def test_stopping_everything_reaches_every_address_of_the_person(sent: Message, plan: Plan) -> None:
    text = plan(channel="sms", person_key=sent.person_key)
    opened(sent).post(PAGE, {"choice": "stop_all"})
    text.refresh_from_db()
    assert text.state == "suppressed"


def test_a_pause_ends_when_the_day_begins_where_the_person_lives(sent: Message) -> None:
    opened(sent).post(PAGE, {"choice": "pause", "until": "2026-03-20"})
    assert owner.events[-1].kind == "paused"  # and not stopped: the owner must not shut the channel for good
    until = Suppression.objects.get().until
    assert until is not None
    assert until.isoformat() == "2026-03-20T07:00:00+00:00"  # midnight in summer time


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose one of these"),
        ({"choice": "everything"}, "Choose one of these"),
        ({"choice": "pause"}, "until which day"),
        ({"choice": "pause", "until": "soon"}, "Write the day like this"),
        ({"choice": "pause", "until": "2026-03-04"}, "Choose a day after today"),
        ({"choice": "pause", "until": "2099-01-01"}, "within a year"),
    ],
)
def test_a_wrong_choice_gets_a_clear_sentence_and_keeps_what_was_typed(
    sent: Message, form: dict[str, str], sentence: str
) -> None:
    answer = opened(sent).post(PAGE, form)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text
    assert form.get("until", "") in text
    assert Suppression.objects.count() == 0


GOOD = {"key": "check-in", "channel": "email", "language": "en", "subject": "Hi", "text": "Hello {{ link }}"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "unknown"}, "key"),
        ({"text": "Hello {{ name }} {{ link }}"}, "text"),
        ({"text": "Hello {{ first name }} {{ link }}"}, "text"),
        ({"text": "{% if x %} {{ link }}"}, "text"),
        ({"text": "  "}, "text"),
        ({"text": "Hello {{ first_name }}"}, "text"),
        ({"html": "{{ other }} {{ link }}"}, "html"),
        ({"html": "<p>Hello</p>"}, "html"),
        ({"subject": ""}, "subject"),
        ({"subject": "For {{ first_name }}"}, "subject"),
        ({"subject": "a\nBcc: x"}, "subject"),
        ({"channel": "sms"}, "subject"),
        ({"channel": "sms", "subject": "", "text": "{{ link }}" + "x" * 481}, "text"),
    ],
)
def test_every_fault_of_a_template_is_found_beside_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        MessageTemplate(**{**GOOD, **changes}).save()
    assert list(error.value.message_dict) == [field]
    MessageTemplate(**GOOD).save()


# --- Operators ------------------------------------------------------------------------------------------------------
@pytest.fixture
def operator(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("operator", is_superuser=True))


def test_the_queue_page_shows_each_channel_and_pauses_it(noon: datetime, plan: Plan, operator: Client) -> None:
    plan()
    url = reverse("admin:messaging_message_queue")
    assert "running" in operator.get(url).content.decode()
    text = operator.post(url, {"channel": "email", "do": "pause"}, follow=True).content.decode()
    assert "paused" in text
    assert "is paused, and 1 message is due" in text
    operator.post(url, {"channel": "email", "do": "resume"})
    assert not Channel.objects.of("email").paused
    history = operator.get(reverse("admin:messaging_channel_history", args=["email"])).content.decode()
    assert history.index("paused") < history.index("running")
    assert "operator" in history


def test_message_is_shown_as_sent_with_links_cut_and_access_recorded(
    sent: Message, operator: Client, template: MessageTemplate
) -> None:
    template.text = "Quite another text: {{ link }}"
    template.save()
    text = operator.get(reverse("admin:messaging_message_as_sent", args=[sent.pk])).content.decode()
    assert "Hello Sample, did you connect?" in text
    assert "abcdefgh" not in text
    assert sent.address not in text
    assert AccessEvent.objects.filter(subject=f"message:{sent.pk}", action="viewed").exists()


def test_a_message_whose_owner_is_silent_by_now_is_shown_with_blanks(sent: Message, operator: Client) -> None:
    owner.withhold[sent.reference] = "closed"
    text = operator.get(reverse("admin:messaging_message_as_sent", args=[sent.pk])).content.decode()
    assert "Hello [first_name]" in text


def act(operator: Client, action: str, message: Message) -> None:
    url = reverse("admin:messaging_message_changelist")
    assert operator.post(url, {"action": action, "_selected_action": [message.pk]}).status_code == 302
    message.refresh_from_db()


def test_a_dead_message_can_be_sent_again_and_passes_the_gate_again(
    noon: datetime, plan: Plan, operator: Client
) -> None:
    couriers.answers.append(Refused("refused", "554"))
    message = plan()
    drain("email")
    message.refresh_from_db()
    assert message.state == "dead"
    act(operator, "send_again", message)
    assert message.state == "scheduled"
    with clock.set_to(noon + timedelta(minutes=1)):
        drain("email")
    message.refresh_from_db()
    assert message.state == "sent"
    act(operator, "send_again", message)
    assert message.state == "sent"


@pytest.mark.parametrize(("action", "state"), [("was_sent", "sent"), ("was_not_sent", "dead")])
def test_a_person_settles_what_is_uncertain(
    noon: datetime, plan: Plan, operator: Client, action: str, state: str
) -> None:
    couriers.answers.append(Unclear("line_dropped"))
    message = plan()
    drain("email")
    act(operator, action, message)
    assert message.state == state
    assert message.attempts.filter(outcome="person").exists()


def test_staff_stop_everything_for_who_said_stop_to_them(sent: Message, operator: Client, plan: Plan) -> None:
    text = plan(channel="sms", person_key=sent.person_key)
    act(operator, "said_stop", sent)
    text.refresh_from_db()
    assert (sent.state, text.state, text.reason) == ("sent", "suppressed", "stopped")
    assert set(Suppression.objects.values_list("channel", "source")) == {("email", "staff"), ("sms", "staff")}
    assert (owner.events[-1].kind, owner.events[-1].channel) == ("stopped", "")
    assert AccessEvent.objects.get(subject=f"message:{sent.pk}").purpose == "stopped messages"


def test_admin_pages_of_messages_open(sent: Message, operator: Client) -> None:
    for name in ("message", "channel", "messagetemplate", "suppression", "permission", "inboundreply"):
        assert operator.get(reverse(f"admin:messaging_{name}_changelist")).status_code == 200, name
    text = operator.get(reverse("admin:messaging_message_change", args=[sent.pk])).content.decode()
    assert sent.address not in text
    assert operator.get(reverse("admin:messaging_messagetemplate_add")).status_code == 200


def test_admin_refuses_an_override_without_its_link_and_keeps_it(operator: Client) -> None:
    url = reverse("admin:messaging_messagetemplate_add")
    text = operator.post(url, {**GOOD, "html": "", "text": "No way in, typed with care"}).content.decode()
    assert "This message needs {{ link }}" in text
    assert "No way in, typed with care" in text
    assert not MessageTemplate.objects.exists()
    assert operator.post(url, {**GOOD, "html": ""}).status_code == 302


def test_admin_warns_of_words_about_care_until_they_are_read(operator: Client) -> None:
    url = reverse("admin:messaging_messagetemplate_add")
    sent = {**GOOD, "html": "", "subject": "Residential treatment"}
    page = operator.post(url, sent)
    assert "It would tell others about care: “Residential”, “treatment”." in page.content.decode()
    assert "Please correct the error below" not in page.content.decode()
    assert page.content.decode().count("Not saved yet. Read the warnings") == 1
    read = page.context["adminform"].form.read
    assert operator.post(url, {**sent, "subject": "Your detox", "read": read}).status_code == 200
    assert not MessageTemplate.objects.exists()
    assert operator.post(url, {**sent, "read": read}).status_code == 302
    listed = operator.get(reverse("admin:messaging_messagetemplate_changelist")).content.decode()
    assert "It would tell others about care" in listed


def test_a_supervisor_sends_the_shipped_words_again(template: MessageTemplate, make_user: Any, sign_in: Any) -> None:
    supervisor = sign_in(make_user("supervisor", "Supervisors"))
    page = supervisor.get(reverse("admin:messaging_messagetemplate_change", args=[template.pk])).content.decode()
    way = reverse("admin:messaging_messagetemplate_delete", args=[template.pk])
    assert way in page
    assert supervisor.post(way, {"post": "yes"}).status_code == 302
    assert not MessageTemplate.objects.filter(pk=template.pk).exists()


def test_admin_begins_an_override_with_the_shipped_words(operator: Client) -> None:
    url = reverse("admin:messaging_messagetemplate_add")
    text = operator.get(url, {"key": "check-in", "channel": "email", "language": "es"}).content.decode()
    assert "Asunto de fábrica" in text
    listed = operator.get(reverse("admin:messaging_messagetemplate_changelist")).content.decode()
    assert listed.count("Change the wording") == sum(len(each.texts) for each in owner.templates().values())


def test_a_new_wording_begins_with_its_variables_and_preview(operator: Client) -> None:
    url = reverse("admin:messaging_messagetemplate_add")
    page = operator.get(url, {"key": "check-in", "channel": "email", "language": "en"}).content.decode()
    assert "Variables of this message:" in page and "<code>link</code>" in page
    assert "As a family would read it" in page and "Delete this row" not in page
    assert operator.get(url, {"key": "check-in", "channel": "sms", "language": "xx"}).status_code == 200


def test_the_sample_says_what_stands_in_the_form(operator: Client) -> None:
    url, sent = reverse("admin:messaging_messagetemplate_add"), {**GOOD, "html": "", "text": "Typed {{ link }}"}
    page = operator.post(url, {**sent, "_try": "1"}).content.decode()
    assert "The sample below says what stands in the form." in page and "Typed https" in page
    assert "English: as you typed it, not saved" in page and "Spanish: as it is sent now" in page
    assert not MessageTemplate.objects.exists()
    page = operator.post(url, {**sent, "subject": "Your detox", "text": "Risky {{ link }}"}).content.decode()
    assert "Read the warnings" in page and "Risky https" in page


def test_what_has_other_words_in_one_language_alone_says_so(operator: Client) -> None:
    url = reverse("admin:messaging_messagetemplate_add")
    said = "In Spanish this message still says the shipped words."
    page = operator.post(url, {**GOOD, "html": "", "_continue": "1"}, follow=True).content.decode()
    assert page.count(said) == 2 and "language=es" in page
    row = MessageTemplate.objects.get()
    page = operator.get(reverse("admin:messaging_messagetemplate_delete", args=[row.pk])).content.decode()
    assert "Then the shipped wording is sent again:" in page and row.shipped is not None
    assert row.shipped.subject in page


def test_admin_never_changes_which_message_an_override_is_for(operator: Client, template: MessageTemplate) -> None:
    url = reverse("admin:messaging_messagetemplate_change", args=[template.pk])
    shown = operator.get(url)
    assert 'name="key"' not in shown.content.decode()
    sent = {**GOOD, "seen": shown.context["seen"]}
    operator.post(url, {**sent, "key": "other", "channel": "sms", "language": "es", "html": "", "subject": "Ours"})
    template.refresh_from_db()
    assert (template.key, template.channel, template.language) == ("check-in", "email", "en")
    assert template.subject == "Ours"


def test_metrics_count_and_name_nobody(noon: datetime, plan: Plan, sent: Message) -> None:
    plan()
    families = {name: list(samples) for name, _kind, _help, samples in metrics.families()}
    assert ({"channel": "email"}, 1.0) in families["waymark_messages_due"]
    assert ({"result": "accepted"}, 1.0) in families["waymark_attempts_24h"]
    assert "contact:" not in str(families)
    assert "example.org" not in str(families)


def test_alert_when_messages_wait_too_long_or_are_uncertain(
    noon: datetime, plan: Plan, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MESSAGING_UNCERTAIN_LIMIT = 0
    couriers.answers.append(Unclear("line_dropped"))
    plan()
    drain("email")
    plan()
    with clock.set_to(noon + timedelta(minutes=10)):
        assert [alert.key for alert in alerts.watch()] == ["lag_email", "uncertain"]
    assert "alert uncertain" in caplog.text


# --- The mail of the demo -------------------------------------------------------------------------------------------
def test_the_demo_shows_mail_and_texts_with_working_links(settings: Settings) -> None:
    store = Store(settings.MESSAGING_MAIL_FOLDER)
    store.add_email(
        b"Subject: A note\r\nTo: s@example.org\r\nMessage-ID: <1@x>\r\n\r\nSee http://127.0.0.1:8000/c/abc/ now <b>"
    )
    name = store.add_sms({"To": "+16265550142", "Body": "Hello https://waymark.example/c/xyz/"})
    page = Client().get(reverse("messaging:demo-mail")).content.decode()
    assert "A note" in page
    assert "+16265550142" in page
    text = Client().get(reverse("messaging:demo-item", args=[name])).content.decode()
    assert '<a href="https://waymark.example/c/xyz/">' in text
    assert store.has("<1@x>")
    assert not store.has("<2@x>")


@pytest.mark.parametrize("name", ["../keys.json", "..%2fkeys.json", "1-2.eml", "x"])
def test_the_demo_reads_nothing_but_mail(name: str) -> None:
    assert Client().get(f"/demo/mail/{name}/").status_code == 404


def test_in_hosted_mode_there_is_no_demo(settings: Settings) -> None:
    settings.HOSTED = True
    assert Client().get(reverse("messaging:demo-mail")).status_code == 404


def test_queue_page_says_what_needs_review_or_that_nothing_waits(noon: datetime, plan: Plan, operator: Client) -> None:
    url = reverse("admin:messaging_message_queue")
    page = operator.get(url).content.decode()
    assert "Nothing waits." in page and "0 seconds" not in page and "stands-out" not in page
    Message.objects.filter(pk=plan().pk).update(state="review")
    page = operator.get(url).content.decode()
    assert page.count('class="stands-out"') == 1 and "look</span>" in page
    assert "?state__in=review&amp;channel__exact=email" in page


def test_queue_page_says_what_a_pause_holds_up(noon: datetime, plan: Plan, operator: Client) -> None:
    plan()
    plan(due_at=noon + timedelta(minutes=30), not_after=noon + timedelta(hours=2))
    plan(due_at=noon + timedelta(days=3), not_after=noon + timedelta(days=4))
    page = operator.get(reverse("admin:messaging_message_queue")).content.decode()
    assert "What a pause would hold up: Due now: 1. Due within an hour: 2. Due within a day: 2." in page
    assert "is too late from" in page
    operator.post(reverse("admin:messaging_message_queue"), {"channel": "email", "do": "pause"})
    assert "What this pause holds up:" in operator.get(reverse("admin:messaging_message_queue")).content.decode()


def test_admin_previews_a_text_in_both_languages(operator: Client, template: MessageTemplate) -> None:
    row = MessageTemplate.objects.get(key="check-in", channel="sms", language="es")
    page = operator.get(reverse("admin:messaging_messagetemplate_change", args=[row.pk])).content.decode()
    assert "As a family would read it" in page
    assert "Hello Sample, did you connect?" in page and "Hola Muestra, ¿se conectó?" in page
    assert "Only half as much fits because of: ó" in page
