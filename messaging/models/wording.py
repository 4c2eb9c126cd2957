"""The texts of messages: edited by admins, checked when saved, and kept as they were when something was sent."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.channel import ChannelKey
from messaging.wording import malformed, unknown

SMS_MOST = 480  # three parts of 160: longer texts arrive in pieces, and cost as many messages
HOUSE_VARIABLES = frozenset({"house", "choices_url"})


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


class MessageTemplateManager(models.Manager["MessageTemplate"]):
    def find(self, key: str, channel: str, language: str) -> MessageTemplate | None:
        """The template in this language, else in the project's main language."""
        rows = {row.language: row for row in self.filter(key=key, channel=channel).select_related("wording")}
        return rows.get(language) or rows.get(settings.LANGUAGE_CODE)


class MessageTemplate(models.Model):
    """The text of one kind of message in one language for one channel."""

    key = models.SlugField(_("key"), max_length=60)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKey)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(
        _("subject"),
        max_length=120,
        blank=True,
        help_text=_("E-mail only. Shown on a locked phone: say nothing about care, and use no variable."),
    )
    text = models.TextField(_("text"), help_text=_("Write {{ name }} where a variable belongs."))
    html = models.TextField(_("HTML"), blank=True, help_text=_("E-mail only. Empty: made from the text."))
    variables = models.JSONField(
        _("variables"), default=list, blank=True, help_text=_("The variables that may be used.")
    )

    # The text as it stands now, kept for ever.
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, editable=False, related_name="+")

    objects = MessageTemplateManager()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["key", "channel", "language"]
        constraints = [models.UniqueConstraint(fields=["key", "channel", "language"], name="one_template_each")]

    def __str__(self) -> str:
        return f"{self.key} {self.channel} {self.language}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, after the same check whoever saves, and keep the text as it is now. Raises `ValidationError`."""
        self.clean()
        digest = sha256("\0".join([self.subject, self.text, self.html]).encode()).hexdigest()
        values = {"subject": self.subject, "text": self.text, "html": self.html}
        self.wording = Wording.objects.get_or_create(sha256=digest, defaults=values)[0]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "wording"}
        super().save(*args, **kwargs)

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

        names = self.variables if isinstance(self.variables, list) else None
        if names is None or not all(isinstance(name, str) and name.isidentifier() for name in names):
            add("variables", _('Give a list of names, such as ["first_name", "link"].'))
            names = []
        known = {*names, *HOUSE_VARIABLES}
        for field in ("subject", "text", "html"):
            value = getattr(self, field)
            if malformed(value):
                add(field, _("There are braces that are no variable. Write {{ name }}, one word, nothing else."))
            for name in unknown([value], known):
                add(field, _("'%(name)s' is not one of the variables of this message.") % {"name": name})
        if not self.text.strip():
            add("text", _("A message needs a text."))
        self._channel_problems(add)
        return found

    def _channel_problems(self, add: Any) -> None:
        if self.channel == ChannelKey.SMS:
            if self.subject or self.html:
                add("subject" if self.subject else "html", _("A text message has only a text."))
            if len(self.text) > SMS_MOST:
                add("text", _("A text message must be at most %(most)d characters.") % {"most": SMS_MOST})
        elif not self.subject.strip():
            add("subject", _("An e-mail needs a subject."))
        elif "{{" in self.subject or "\n" in self.subject or "\r" in self.subject:
            add("subject", _("A subject is one line, the same for everybody: use no variable in it."))
