"""What staff write themselves: personal, so it lies encrypted beside its message, and goes with it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.declared import WORDS, declared
from messaging.models.message import Message
from privacy.fields import EncryptedTextField


class WrittenWordsManager(models.Manager["WrittenWords"]):
    def among(self, messages: Collection[Message]) -> dict[int, str]:
        """The words of those messages whose template leaves a place for some, by the messages' ids; no query where
        there are none."""
        known = declared()
        theirs = [one.pk for one in messages if one.template in known and WORDS in known[one.template].variables]
        rows = self.filter(message__in=theirs) if theirs else self.none()
        return {row.pk: row.words for row in rows}


class WrittenWords(models.Model):
    """The words of one message, who wrote them and why."""

    message = models.OneToOneField(
        Message, verbose_name=_("message"), primary_key=True, on_delete=models.CASCADE, related_name="written"
    )
    words = EncryptedTextField(_("words"))
    reason = EncryptedTextField(_("reason"))
    author = models.CharField(_("written by"), max_length=80)
    written_at = models.DateTimeField(_("written"))

    objects = WrittenWordsManager()

    class Meta:
        verbose_name = _("words of staff")
        verbose_name_plural = _("words of staff")

    def __str__(self) -> str:
        return str(self.message_id)
