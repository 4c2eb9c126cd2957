"""How often each question was seen and answered, counted without keeping who."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.versions import QuestionnaireVersion


class Tally(models.Model):
    """What became of one question of one version, over all responses that have ended.

    `seen` is the sum of `answered`, `not_sure` and `left`. `widened` counts the "not sure" but for which the result
    would have been narrower.
    """

    version = models.ForeignKey(
        QuestionnaireVersion, verbose_name=_("version"), on_delete=models.PROTECT, related_name="tallies"
    )
    question = models.CharField(_("question"), max_length=64)
    seen = models.PositiveIntegerField(_("seen"), default=0)
    answered = models.PositiveIntegerField(_("answered"), default=0)
    not_sure = models.PositiveIntegerField(_("not sure"), default=0)
    left = models.PositiveIntegerField(_("left here"), default=0)
    widened = models.PositiveIntegerField(_("left the result open"), default=0)

    class Meta:
        verbose_name = _("tally of a question")
        verbose_name_plural = _("tallies of questions")
        constraints = [models.UniqueConstraint(fields=["version", "question"], name="one_tally_per_question")]

    def __str__(self) -> str:
        return f"{self.version} {self.question}"
