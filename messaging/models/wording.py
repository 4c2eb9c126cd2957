"""The texts of messages: what admins say instead of the shipped words, checked when saved, and kept as it was sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.declared import Declared, Text, declared, name_of, shipped
from messaging.models.channel import ChannelKey
from messaging.wording import leads_elsewhere, malformed, names, tells_of_care, unknown

SMS_MOST = 480  # three parts of 160: longer texts arrive in pieces, and cost as many messages
LETTER_VARIABLES = frozenset({"house", "choices_url"})


class Wording(models.Model):
    """A text that was used once. Content-addressed, so it can be shown as it was after the template has changed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)

    class Meta:
        verbose_name = _("text that was sent")
        verbose_name_plural = _("texts that were sent")

    def __str__(self) -> str:
        return self.sha256[:12]

    @classmethod
    def keep(cls, text: Text) -> Wording:
        """The row of these words, made where there is none yet."""
        values = {"subject": text.subject, "text": text.text, "html": text.html}
        row: Wording = cls._default_manager.get_or_create(sha256=text.digest, defaults=values)[0]
        return row


class MessageTemplateManager(models.Manager["MessageTemplate"]):
    def texts(self, key: str, channel: str, language: str) -> list[Text]:
        """What may be said, the best first: an admin's words where they work, then the shipped ones.

        Where the code has no words in this language, those of the project's main language stand in.
        """
        template = declared().get(key)
        if template is not None and (channel, language) not in template.texts:
            language = settings.LANGUAGE_CODE
        own = self.filter(key=key, channel=channel, language=language).first()
        found = [own.content] if own is not None and not own.problems() else []
        words = shipped(key, channel, language)
        return [*found, words] if words is not None else found

    def faulty(self) -> list[MessageTemplate]:
        """The rows in whose place the shipped words are sent, because they cannot work as they are."""
        return [row for row in self.filter(key__in=declared()) if row.problems()]


class MessageTemplate(models.Model):
    """What an admin says instead of the shipped words of one message, in one language on one channel."""

    key = models.SlugField(_("message"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(
        _("subject"),
        max_length=120,
        blank=True,
        help_text=_("Email only. Shown on a locked phone: say nothing about care, and use no variable."),
    )
    text = models.TextField(_("text"), help_text=_("Write {{ name }} where a variable belongs."))
    html = models.TextField(_("HTML"), blank=True, help_text=_("Email only. Empty: made from the text."))
    # Read by the version before this one, which may run beside it during an upgrade. Nothing reads it here.
    variables = models.JSONField(default=list, blank=True, editable=False)

    # The text as it stands now, kept for ever.
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, editable=False, related_name="+")

    objects = MessageTemplateManager()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["key", "channel", "language"]
        constraints = [models.UniqueConstraint(fields=["key", "channel", "language"], name="one_template_each")]

    def __str__(self) -> str:
        return f"{name_of(self.key)} ({self.get_channel_display()}, {self.get_language_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, after the same check whoever saves, and keep the text as it is now. Raises `ValidationError`."""
        self.clean()
        self.wording = Wording.keep(self.content)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "wording"}
        super().save(*args, **kwargs)

    @property
    def content(self) -> Text:
        """The words alone."""
        return Text(self.subject, self.text, self.html)

    @property
    def shipped(self) -> Text | None:
        """The words that are sent without this row."""
        return shipped(self.key, self.channel, self.language)

    def clean(self) -> None:
        """Everything that could fail at the moment of sending fails here, with a sentence for each field."""
        problems = self.problems()
        if problems:
            raise ValidationError(problems)

    def problems(self) -> dict[str, list[str]]:
        """What is wrong, by field."""
        found: dict[str, list[str]] = {}

        def add(field: str, sentence: Any) -> None:
            found.setdefault(field, []).append(str(sentence))

        template = declared().get(self.key)
        if template is None or not any(channel == self.channel for channel, _language in template.texts):
            add("key", _("The system sends no such message on this channel. Choose one from the list."))
        else:
            self._variable_problems(template, add)
        for field in ("subject", "text", "html"):
            if malformed(getattr(self, field)):
                add(field, _("There are braces that are no variable. Write {{ name }}, one word, nothing else."))
        if not self.text.strip():
            add("text", _("A message needs a text."))
        self._channel_problems(add)
        return found

    def risks(self) -> dict[str, str]:
        """What may be meant so, and has to be read first: sentences by a short name that stays the same."""
        found: dict[str, str] = {}
        shown = self.text if self.channel == ChannelKey.SMS else self.subject
        if told := tells_of_care(shown):
            sentence = _("A locked phone shows this. It would tell others about care: %(words)s.")
            found["care " + " ".join(told)] = str(sentence) % {"words": ", ".join(f"“{word}”" for word in told)}
        if elsewhere := leads_elsewhere(f"{self.subject}\n{self.text}\n{self.html}"):
            sentence = _("Everyone gets this from now on. Call each number and open each link first: %(words)s.")
            found["elsewhere " + " ".join(elsewhere)] = str(sentence) % {"words": ", ".join(elsewhere)}
        template = declared().get(self.key)
        keeps = template.keeps.get((self.channel, self.language), ()) if template else ()
        for field in ("text", "html") if self.html else ("text",):
            said = [word for word in keeps if word not in getattr(self, field)]
            if said:
                sentence = _("The shipped wording says how to get help at once. Yours does not say: %(words)s.")
                found[f"{field} " + " ".join(said)] = str(sentence) % {"words": ", ".join(said)}
        return found

    def _variable_problems(self, template: Declared, add: Any) -> None:
        for field in ("subject", "text", "html"):
            for name in unknown([getattr(self, field)], template.variables | LETTER_VARIABLES):
                add(field, _("'%(name)s' is not one of the variables of this message.") % {"name": name})
        # HTML of its own is read in place of the text, so it needs them, too.
        for field in ("text", "html") if self.html else ("text",):
            for name in sorted(template.required - names(getattr(self, field))):
                add(field, _("This message needs {{ %(name)s }}. Without it, no one can use it.") % {"name": name})

    def _channel_problems(self, add: Any) -> None:
        if self.channel == ChannelKey.SMS:
            if self.subject or self.html:
                add("subject" if self.subject else "html", _("A text message has only a text."))
            if len(self.text) > SMS_MOST:
                add("text", _("A text message must be at most %(most)d characters.") % {"most": SMS_MOST})
        elif not self.subject.strip():
            add("subject", _("An email needs a subject."))
        elif "{{" in self.subject or "\n" in self.subject or "\r" in self.subject:
            add("subject", _("A subject is one line, the same for everybody: use no variable in it."))
