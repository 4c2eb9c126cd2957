"""The ways back to answers, and to show them: a code of words, an emailed link, a link for one other person.

Each goes with its response. Of a code and a token only the keyed hash or the hash is here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.versions import Response
from privacy.fields import EncryptedTextField, blind_index
from privacy.models import SecretLink


class ReturnCodeQuerySet(models.QuerySet["ReturnCode"]):
    def for_words(self, words: list[str]) -> Self:
        """The code that is these words, in this order; none where there are none."""
        return self.filter(code_index=code_index(words)) if words else self.none()


def code_index(words: list[str]) -> str:
    """What a code is looked up by."""
    return blind_index(" ".join(words), purpose="assessments.return_code")


class ReturnCode(models.Model):
    """Whoever knows the words may open, change and delete these answers on any device."""

    response = models.OneToOneField(
        Response, verbose_name=_("response"), related_name="return_code", on_delete=models.CASCADE
    )
    code_index = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"))

    objects = ReturnCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("return code")
        verbose_name_plural = _("return codes")

    def __str__(self) -> str:
        return str(self.pk)


class ReturnLink(SecretLink):
    """The link in the email that somebody sent to themselves: it opens the answers on any device."""

    response = models.ForeignKey(
        Response, verbose_name=_("response"), related_name="return_links", on_delete=models.CASCADE
    )

    class Meta:
        verbose_name = _("emailed return link")
        verbose_name_plural = _("emailed return links")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def which(self) -> str:
        return str(self.response_id)


class SharedResult(SecretLink):
    """A link by which one other person sees the result, and nothing else, until it ends or is taken back."""

    LIFE: ClassVar[timedelta] = timedelta(days=7)

    response = models.ForeignKey(
        Response, verbose_name=_("response"), related_name="shared_results", on_delete=models.CASCADE
    )
    with_answers = models.BooleanField(_("with the answers"), default=False)
    # What the other person reads above it, in the words of who shares. Null, so that older code can still write links.
    said_by = EncryptedTextField(_("from"), null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared result")
        verbose_name_plural = _("shared results")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def which(self) -> int:
        return int(self.pk)
