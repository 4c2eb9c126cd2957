"""Shipped words, what an admin says in their place, and that no message dies of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

import pytest
from django.apps import apps
from pytest_django.fixtures import Settings

from messaging import alerts, steering
from messaging.delivery.drain import drain
from messaging.models import Message, MessageTemplate, Wording
from messaging.wording import leads_elsewhere, tells_of_care
from referral.message_texts import declared
from tests.messaging import couriers, owner

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
LANGUAGES = ("en", "es")


def sent_text(message: Message) -> str:
    drain(message.channel)
    message.refresh_from_db()
    assert message.state == "sent", message.reason
    return couriers.letters[-1].content.text


def test_an_override_is_sent_and_deleted_the_shipped_words_are(noon: datetime, plan: Plan) -> None:
    assert "Hola Sample, ¿se conectó?" in sent_text(plan(language="es"))
    MessageTemplate.objects.all().delete()
    assert "Texto de fábrica" in sent_text(plan(language="es"))
    assert "Shipped text" in sent_text(plan(channel="sms"))


@pytest.mark.parametrize("bad", ["No link at all", "{{ link }} {{ unknown }}", "{{ link }} {{ first name }}", ""])
def test_a_bad_override_falls_back_to_the_shipped_words_with_alert(noon: datetime, plan: Plan, bad: str) -> None:
    first = plan()
    MessageTemplate.objects.filter(language="en", channel="email").update(text=bad)
    assert "Shipped words for Sample" in sent_text(first)
    (alert,) = [each for each in alerts.current() if each.key == "template"]
    assert "check-in (email, English)" in alert.sentence


def test_an_override_that_names_what_is_not_given_falls_back(noon: datetime, plan: Plan) -> None:
    del owner.context["first_name"]
    assert "Texto de fábrica" in sent_text(plan(language="es"))


def test_shipped_words_are_kept_as_they_were_sent(noon: datetime, plan: Plan) -> None:
    MessageTemplate.objects.all().delete()
    message = plan()
    sent_text(message)
    wording = message.attempts.exclude(wording=None).latest("pk").wording
    assert isinstance(wording, Wording)
    assert wording.text == "Shipped words for {{ first_name }}: {{ link }}"


@pytest.mark.parametrize(
    ("language", "ending"), [("en", "Reply STOP to stop."), ("es", "Responda PARAR para no recibir más.")]
)
def test_a_text_ends_with_how_to_stop_in_its_language(noon: datetime, plan: Plan, language: str, ending: str) -> None:
    text = sent_text(plan(channel="sms", language=language))
    assert text.endswith(ending)
    assert ("STOP" in text) is (language == "en")


def test_an_upgrade_drops_only_rows_that_nobody_changed(template: MessageTemplate) -> None:
    upgrade = import_module("messaging.migrations.0006_rows_override_shipped_words")
    old = Wording.objects.create(
        sha256=min(upgrade.SHIPPED), subject="We received your request", text="As it was shipped."
    )
    MessageTemplate.objects.exclude(pk=template.pk).update(wording=old)
    upgrade.drop_unchanged(apps, None)
    assert list(MessageTemplate.objects.all()) == [template]


def test_every_shipped_message_has_both_languages_and_no_fault(settings: object) -> None:
    settings.MESSAGING_TEMPLATES = "referral.message_texts.declared"  # type: ignore[attr-defined]
    for key, template in declared().items():
        channels = {channel for channel, _language in template.texts}
        assert set(template.texts) == {(channel, language) for channel in channels for language in LANGUAGES}
        assert template.required & {"link", "words", "alert", "code", "call"}
        for (channel, language), words in template.texts.items():
            row = MessageTemplate(
                key=key, channel=channel, language=language, subject=words.subject, text=words.text, html=words.html
            )
            assert row.problems() == {}, row


def test_every_shipped_crisis_sentence_says_988_in_its_language() -> None:
    for template in declared().values():
        for (_channel, language), words in template.texts.items():
            if "988" in words.text:
                assert "911" in words.text
                assert ("988 y oprima 2" in words.text and "AYUDA al 988" in words.text) is (language == "es")


def test_shipped_subjects_say_nothing_about_care() -> None:
    texts = {words.subject.lower() for template in declared().values() for words in template.texts.values()}
    told = ("care", "treatment", "program", "988", "atención", "tratamiento", "programa", "{{")
    assert not [subject for subject in texts if any(word in subject for word in told)]


def test_words_that_tell_of_care_are_found_in_both_languages() -> None:
    assert tells_of_care("Residential treatment for your son") == ["Residential", "treatment"]
    assert tells_of_care("Your bed is ready: intake at 9") == ["bed", "intake"] and not tells_of_care(
        "A bedtime camera"
    )
    assert tells_of_care("Hay una cama") == ["cama"]
    assert tells_of_care("Su atención: REHABILITACIÓN") == ["atención", "REHABILITACIÓN"]
    assert not [
        words.subject
        for template in declared().values()
        for words in template.texts.values()
        if tells_of_care(words.subject)
    ]


def test_every_shipped_mail_that_says_988_asks_other_words_to_keep_it(settings: Settings) -> None:
    settings.MESSAGING_TEMPLATES = "referral.message_texts.declared"
    for key, template in declared().items():
        for (channel, language), words in template.texts.items():
            assert ("988" in words.text) is bool(template.keeps.get((channel, language))), key
            row = MessageTemplate(key=key, channel=channel, language=language, subject=words.subject, text=words.text)
            assert row.risks() == {}
            row.subject, row.text = "Their detox" if channel == "email" else "", "Detox {{ link }}"
            assert len(row.risks()) == 1 + ("988" in words.text)


@pytest.mark.parametrize(("language", "by"), [("en", "This is an automatic message."), ("es", "mensaje automático")])
def test_the_preview_of_an_automatic_mail_ends_as_it_is_sent(
    db: None, settings: Settings, language: str, by: str
) -> None:
    settings.MESSAGING_TEMPLATES = "referral.message_texts.declared"
    settings.MESSAGING_CLIENT = "config.owners.Owners"
    shown = {key: steering.preview(key, channel="email", language=language) for key in declared()}
    automatic = {key: by in each.content.text for key, each in shown.items() if each is not None}
    assert {key for key, said in automatic.items() if not said} == {"referral-note"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Or call (818) 555-0199.", ["(818) 555-0199"]),
        (
            "See http://elsewhere.example/a?b, or www.elsewhere.example.",
            ["http://elsewhere.example/a?b", "www.elsewhere.example"],
        ),
        ("818-555-0199 or +1 626 555 0177", ["818-555-0199", "+1 626 555 0177"]),
        ("See evil.example/x or ask@clinic.example.", ["evil.example/x"]),
        ("Text HELP to 741742, or 1-800-KID-TALK.", ["741742", "1-800-KID-TALK"]),
        ("Call or text 988, or 911. Answer 1, 2 or 3 by 10:30. {{ link }}", []),
    ],
)
def test_typed_links_and_numbers_are_found(text: str, found: list[str]) -> None:
    assert leads_elsewhere(text) == found
