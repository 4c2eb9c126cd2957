"""Who is told when something waits too long, and what was told of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from privacy.models import User
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.models.duty import DutyShift
from referral.models.followups import FollowUp
from referral.models.placements import Placement
from referral.models.referrals import Referral

LONGEST = timedelta(days=60)
LONGEST_CRISIS = timedelta(hours=4)
LAST = _("A call for help needs a step in force. Add another step for it first.")


class EscalationQuerySet(models.QuerySet["EscalationRule"]):
    def of(self, about: str) -> list[EscalationRule]:
        """The rules in force for one kind of waiting, the soonest first."""
        return sorted(self.filter(about=about, active=True), key=lambda rule: rule.after)

    def hold_the_last(self) -> bool:
        """Whether calls for help would be left without a step in force, were these deleted."""
        about = EscalationRule.About.CRISIS
        return bool(self.of(about)) and not EscalationRule.objects.exclude(pk__in=self.values("pk")).of(about)


class EscalationRule(models.Model):
    """One step: after so long, these are told, once. Several steps for the same make a ladder."""

    class About(models.TextChoices):
        CRISIS = "crisis", _("A family asks for help now, and no one has it")
        NEW = "new", _("No one has taken a new request")
        PROGRAM = "program", _("A program has not answered")
        FAMILY = "family", _("A family has not answered a check-in")

    class Unit(models.TextChoices):
        MINUTES = "minutes", _("minutes")
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")

    about = models.CharField(_("what waits"), max_length=10, choices=About)
    amount = models.PositiveSmallIntegerField(
        _("after"), validators=[MinValueValidator(1, _("Enter at least 1: nothing can wait for no time."))]
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, default=Unit.HOURS)
    tell_holder = models.BooleanField(
        _("whoever has it"), default=False, help_text=_("Or whoever covers for them. If no one has it, supervisors.")
    )
    tell_duty = models.BooleanField(_("whoever is on duty"), default=False)
    tell_supervisors = models.BooleanField(_("supervisors"), default=False)
    active = models.BooleanField(_("in force"), default=True)
    # What began to wait before the rule was made is not told of: nobody gets a hundred messages at once.
    since = models.DateTimeField(default=timezone.now, editable=False)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        ordering = ["about", "unit", "amount"]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.span}"

    @property
    def after(self) -> timedelta:
        return timedelta(**{str(self.unit): self.amount})

    @property
    def span(self) -> str:
        """ "20 minutes", in the reader's language."""
        words = {
            self.Unit.MINUTES: ngettext("%(count)d minute", "%(count)d minutes", self.amount),
            self.Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", self.amount),
            self.Unit.DAYS: ngettext("%(count)d day", "%(count)d days", self.amount),
        }
        return words[self.Unit(self.unit)] % {"count": self.amount}

    @property
    def is_last(self) -> bool:
        """Whether it is, as stored, the only step in force for calls for help, which are never without one."""
        return [rule.pk for rule in EscalationRule.objects.of(self.About.CRISIS)] == [self.pk]

    def clean(self) -> None:
        faults: dict[str, Any] = {}
        if not (self.tell_holder or self.tell_duty or self.tell_supervisors):
            faults["tell_supervisors"] = _("Choose at least one who is told.")
        sayable = 0 < (self.amount or 0) < 32_768 and self.unit in self.Unit.values  # else its field has said no
        if sayable and (fault := self._fault_of_time()):
            faults["amount"] = fault
        if self.pk and self.is_last and not (self.about == self.About.CRISIS and self.active):
            faults["active"] = LAST
        if faults:
            raise ValidationError(faults)

    def _fault_of_time(self) -> Any:
        crisis = self.about == self.About.CRISIS
        if self.after > (LONGEST_CRISIS if crisis else LONGEST):
            if crisis:
                return _("A family that asks for help now waits at most 4 hours. Enter a shorter time.")
            return _("Enter at most 60 days.")
        others = EscalationRule.objects.filter(about=self.about, active=True).exclude(pk=self.pk)
        if self.active and any(rule.after == self.after for rule in others):
            return _("There is a step after this time already. Change that one, or enter another time.")
        return None


class NoticeQuerySet(models.QuerySet["EscalationNotice"]):
    def standing(self) -> Self:
        """What still waits, whether or not somebody sees to it."""
        about, subject = EscalationRule.About, OuterRef("subject_id")
        asked = Placement.objects.filter(pk=subject, status=PlacementStatus.REQUESTED)
        silent = FollowUp.objects.filter(pk=subject, status=FollowUp.Status.SENT)
        still = (
            Q(rule__about=about.NEW, referral__status=ReferralStatus.NEW)
            | Q(Exists(asked), rule__about=about.PROGRAM)
            | Q(Exists(silent), rule__about=about.FAMILY)
        )
        return self.filter(still)

    def waiting(self) -> Self:
        """What still waits and nobody has said that they see to."""
        return self.standing().filter(acknowledged_at=None)

    def for_staff(self, user: User, now: datetime) -> Self:
        """Those that `user` may see to: supervisors and who is on duty all, others those of families they may open."""
        everywhere = user.has_perm("referral.supervise_referrals")
        if everywhere or DutyShift.objects.on_duty(now).filter(user=user).exists():
            return self
        return self.filter(referral__in=Referral.objects.visible_to(user).values("pk"))

    def newest(self) -> list[EscalationNotice]:
        """Of all steps about one thing the last that was told, the longest waiting first."""
        rows = self.select_related("rule", "acknowledged_by")
        return list({(row.rule.about, row.subject_id): row for row in rows.order_by("told_at", "pk")}.values())


class EscalationNotice(models.Model):
    """That a step was told, once, of what has the key `subject_id`: a referral, a placement or a follow-up."""

    rule = models.ForeignKey(EscalationRule, on_delete=models.CASCADE, related_name="notices")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="escalations")
    subject_id = models.BigIntegerField()
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["told_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "subject_id"], name="told_once_per_step")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.told_at:%Y-%m-%d %H:%M}"

    @property
    def had_by(self) -> str:
        """Who said that they see to it; ``""`` while nobody has."""
        return (self.acknowledged_by.get_full_name() or self.acknowledged_by.username) if self.acknowledged_by else ""

    @property
    def key(self) -> str:
        """The reference of its messages."""
        return f"escalation:{self.pk}"


def answer_time(default: timedelta) -> timedelta:
    """After how long a program that has not answered is called: the first step in force."""
    rules = EscalationRule.objects.of(EscalationRule.About.PROGRAM)
    return rules[0].after if rules else default
