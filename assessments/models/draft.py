"""The draft of a questionnaire: the rows that admins edit until they publish them as a version.

Parts speak of each other by key, as the published document does. So a draft can hold a broken reference for a while:
it is shown beside the part that it concerns, and nothing else is lost with the part that went away.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.engine.definition import Language
from assessments.engine.reading import KEY_LENGTH
from assessments.engine.wording import said
from assessments.models.versions import Questionnaire

WORDS = ("en_me", "en_loved", "es_me", "es_loved")
"""The columns of a text: a language and a voice each."""


def words_in(row: models.Model, language: Language, prefix: str = "") -> str:
    """The words of a row's text as the person reads them; in the other language, or voice, where there are none."""
    wanted = [f"{language}_me", f"{language}_loved", *WORDS]
    return next((words for name in wanted if (words := getattr(row, prefix + name))), "")


class Worded(models.Model):
    """A text in both languages and both voices."""

    en_me = models.TextField(_("English, to the person"), blank=True)
    en_loved = models.TextField(_("English, to someone who loves them"), blank=True)
    es_me = models.TextField(_("Spanish, to the person"), blank=True)
    es_loved = models.TextField(_("Spanish, to someone who loves them"), blank=True)

    class Meta:
        abstract = True

    def words(self) -> str:
        """The text in the language of the page; of a passage that follows an answer, the words of its last case."""
        return said(self.written_words())

    def written_words(self) -> str:
        """The text in the language of the page as it was written."""
        return words_in(self, "es" if (get_language() or "").startswith("es") else "en")


class Draft(Worded):
    """One questionnaire's draft. The text is its title; `levels` are slugs from the lowest to the highest."""

    questionnaire = models.OneToOneField(Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE)
    levels = models.JSONField(_("levels"), default=list)
    edited_at = models.DateTimeField(_("edited"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.questionnaire)


class Part(Worded):
    """Something in a draft that has a key and a place among its like.

    `revision` counts the times it was saved, so that nobody overwrites what somebody else has just changed.
    """

    draft = models.ForeignKey(Draft, verbose_name=_("draft"), on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField(_("place"))
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "key"], name="one_%(class)s_per_key")]

    def __str__(self) -> str:
        return Truncator(self.words() or self.key).chars(80)


class Dimension(Part):
    """An area that is rated 0–4. The text is its name."""

    class Meta(Part.Meta):
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")


class Question(Part):
    """A question; its choices go from the least to the most severe. `shows_when` None: it is always asked.

    `helps` is the key of the question before it when it is a helper, else empty. The ask texts say who can answer it.
    """

    class Kind(models.TextChoices):
        ONE = "one", _("one answer")
        MANY = "many", _("any number of answers")

    class Role(models.TextChoices):
        SAFETY = "safety", _("Safety: its answers can show the crisis page")
        RATED = "rated", _("Rated: its answers count towards the level")
        CONTEXT = "context", _("Fact: about the person, for rules to look at")
        PREFERENCE = "preference", _("Preference: orders the options, never the level")

    kind = models.CharField(_("answers"), max_length=10, choices=Kind, default=Kind.ONE)
    role = models.CharField(_("what it is for"), max_length=10, choices=Role, default=Role.RATED)
    has_help = models.BooleanField(default=False)
    help_en_me = models.TextField(_("English, to the person"), blank=True)
    help_en_loved = models.TextField(_("English, to someone who loves them"), blank=True)
    help_es_me = models.TextField(_("Spanish, to the person"), blank=True)
    help_es_loved = models.TextField(_("Spanish, to someone who loves them"), blank=True)
    shows_when: models.JSONField[Any, Any] = models.JSONField(_("shows when"), null=True, blank=True)
    # Null, because code from before writes rows beside these columns while an upgrade goes on.
    helps = models.CharField(_("helps with"), max_length=KEY_LENGTH, null=True, blank=True)  # noqa: DJ001
    has_ask = models.BooleanField(null=True, blank=True)
    ask_en_me = models.TextField(_("English, to the person"), null=True, blank=True)  # noqa: DJ001
    ask_en_loved = models.TextField(_("English, to someone who loves them"), null=True, blank=True)  # noqa: DJ001
    ask_es_me = models.TextField(_("Spanish, to the person"), null=True, blank=True)  # noqa: DJ001
    ask_es_loved = models.TextField(_("Spanish, to someone who loves them"), null=True, blank=True)  # noqa: DJ001

    class Meta(Part.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")


class Choice(Worded):
    """An answer. `rates` is {dimension key: 1–4}; `favours` the slugs of levels that a preference speaks for.

    `means` are the keys of the answers to the helped question that a helper's answer leaves possible. `sign` is what is
    seen where this is the answer, as the document has it: {language: {voice: sentence}}.
    """

    question = models.ForeignKey(Question, verbose_name=_("question"), on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveIntegerField(_("place"))
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    rates = models.JSONField(_("rates"), default=dict)
    favours = models.JSONField(_("favours"), default=list)
    means: models.JSONField[Any, Any] = models.JSONField(_("leaves possible"), null=True, blank=True)
    sign: models.JSONField[Any, Any] = models.JSONField(_("what is seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words() or self.key


class Rule(Part):
    """Something that holds when its condition does."""

    when: models.JSONField[Any, Any] = models.JSONField(_("when"), null=True, blank=True)

    class Meta(Part.Meta):
        abstract = True


class FloorRule(Rule):
    """The least level when the condition holds, or of the first step only. The text is the reason families read."""

    level = models.CharField(_("level"), max_length=KEY_LENGTH)
    source = models.TextField(_("source"), blank=True)
    first = models.BooleanField(_("only the first step, for days"), null=True, blank=True)

    class Meta(Rule.Meta):
        verbose_name = _("floor rule")
        verbose_name_plural = _("floor rules")


class SafetyRule(Rule):
    """Shows the crisis page. The text is what the page says."""

    class Urgency(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency: call 911")
        CRISIS = "crisis", _("Crisis: call or text 988")
        PROMPT = "prompt", _("Prompt: get medical advice today")

    class Helpline(models.TextChoices):
        EMERGENCY = "911", "911"
        CRISIS = "988", "988"
        DOMESTIC_VIOLENCE = "domestic-violence", _("Domestic violence hotline")
        POISON = "poison", _("Poison Control")
        __empty__ = _("As urgent as it is: 988 in a crisis, else 911")

    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.CRISIS)
    # Null, because code from before writes rows beside this column while an upgrade goes on.
    helpline = models.CharField(  # noqa: DJ001
        _("number shown first"), max_length=20, choices=Helpline, null=True, blank=True
    )

    class Meta(Rule.Meta):
        verbose_name = _("safety rule")
        verbose_name_plural = _("safety rules")


class Note(Rule):
    """Special care: the text is shown with the result."""

    class Meta(Rule.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")


class KeptDraft(models.Model):
    """A draft that was replaced before it was published, kept so that it can be had back."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="kept_drafts"
    )
    document = models.JSONField(_("draft"))
    kept_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("earlier draft")
        verbose_name_plural = _("earlier drafts")
        ordering = ["-kept_at"]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.kept_at:%Y-%m-%d %H:%M}"
