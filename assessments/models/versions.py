"""A questionnaire's published versions, and what families answered to them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from assessments.engine.decide import Outcome, evaluate
from assessments.engine.definition import Definition
from assessments.engine.definition import Voice as SpokenTo
from assessments.engine.document import parse
from privacy.fields import EncryptedJSONField, blind_index
from privacy.session_store import stored_key


class Questionnaire(models.Model):
    """What admins edit; families only ever see its newest version."""

    key = models.SlugField(_("key"), max_length=64, unique=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["key"]
        permissions = [("publish_questionnaire", _("Can publish a questionnaire"))]

    def __str__(self) -> str:
        return self.key

    def newest(self) -> QuestionnaireVersion | None:
        """The version that families answer now; None before the first is published."""
        return self.versions.order_by("-number").first()


class VersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    """Versions by who answers them."""

    def asked(self, key: str) -> QuestionnaireVersion | None:
        """The version that families answer now; None where nothing is published, or all of it is put away."""
        return self.filter(questionnaire__key=key, questionnaire__archived_at=None).order_by("-number").first()


class QuestionnaireVersion(models.Model):
    """A frozen, hashed and proved definition. The database refuses to change or delete a row."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), related_name="versions", on_delete=models.PROTECT
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.TextField(_("definition"), help_text=_("Canonical JSON."))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    engine = models.CharField(_("engine"), max_length=20)
    proof = models.JSONField(_("proof"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["questionnaire", "-number"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"

    @property
    def definition(self) -> Definition:
        """The parsed definition; parsed and compiled once per process, since a version never changes."""
        return parsed(self.document)


@lru_cache(maxsize=32)
def version_of(pk: int) -> QuestionnaireVersion:
    """A version, read once per process: no row ever changes."""
    return QuestionnaireVersion.objects.get(pk=pk)


@lru_cache(maxsize=32)
def parsed(document: str) -> Definition:
    """The definition of a canonical JSON text."""
    return parse(json.loads(document))


OPENED_IN = """
    SELECT response.*, session.session_data
    FROM assessments_response AS response, django_session AS session
    WHERE response.session_index = %s AND response.expires_at > %s
    AND session.session_key = %s AND session.expire_date > %s
"""


def session_index(session_key: str) -> str:
    """What a response is found by together with its session. It opens nothing: the session says whose it is."""
    return blind_index(session_key, purpose="assessments.session")


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses by what may still be done with them."""

    def live(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def opened_in(self, session_key: str, now: datetime) -> Response | None:
        """The one that this session opened last, with `session_data` as the session's row has it, while both are live.

        In SQL, as every page of a questionnaire begins with it: to build and compile it anew takes a third of a page.
        """
        at = connections[self.db].ops.adapt_datetimefield_value(now)
        found = self.raw(OPENED_IN, [session_index(session_key), at, stored_key(session_key), at])
        return next(iter(found), None)

    def untallied(self) -> Self:
        """Those that came to their end and are not counted yet."""
        return self.filter(tallied=False).exclude(completed_at=None)


class Response(models.Model):
    """A family's answers to one version, which it keeps for ever.

    `answers` are {question key: choice key | [choice keys] | "not_sure"}. Nothing else is stored of the way: the
    engine replays it. `determination` is what the engine made of complete answers, as `outcome_to_json` gives it.
    """

    class Voice(models.TextChoices):
        ME = "me", _("for me")
        LOVED = "loved", _("for someone I love")

    class Keeping(models.TextChoices):
        """Where the family that answers can come back to its answers; for how long, the settings say."""

        DEVICE = "device", _("on this device")
        SAVED = "saved", _("by a code or a link, on any device")
        NOWHERE = "nowhere", _("nowhere: the device is shared")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    start_key = models.UUIDField(_("key of the form that began it"), null=True, unique=True, editable=False)
    version = models.ForeignKey(QuestionnaireVersion, verbose_name=_("version"), on_delete=models.PROTECT)
    language = models.CharField(_("language"), max_length=5)
    voice = models.CharField(_("voice"), max_length=5, choices=Voice)
    keeping = models.CharField(
        _("kept where"), max_length=7, choices=Keeping, default=Keeping.DEVICE, db_default=Keeping.DEVICE
    )
    session_index = models.CharField(max_length=64, null=True, editable=False, db_index=True)  # noqa: DJ001  rows of before
    # How often everything that opens it was ended: a session that opened it before the last time opens it no more.
    # None for never.
    turn = models.PositiveIntegerField(null=True, editable=False)
    answers = EncryptedJSONField(_("answers"), default=dict)
    determination = EncryptedJSONField(_("determination"), null=True, blank=True)
    created_at = models.DateTimeField(_("started"))
    updated_at = models.DateTimeField(_("last answer"))
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), db_index=True)
    # Whether it is in the tallies of its questions; it gets there once, when it has ended.
    tallied = models.BooleanField(default=False, db_default=False, editable=False)

    session_data: str  # only of what `opened_in` finds

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def spoken_to(self) -> SpokenTo:
        """The voice of its texts: to the person, or to someone who loves them."""
        return "me" if self.voice == self.Voice.ME else "loved"

    @property
    def kept_for(self) -> timedelta:
        """How long after the last answer it can be opened, and is there."""
        lives: dict[str, timedelta] = settings.RESPONSES_KEPT_FOR
        return lives[self.keeping]

    def outcome(self) -> Outcome:
        """What the engine makes of the answers as they stand."""
        answers: dict[str, Any] = self.answers
        return evaluate(self.version.definition, answers)
