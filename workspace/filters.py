"""What the queue can be narrowed to. Nothing here is about a person, so all of it may stand in a URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guides.models import LevelOfCare
from privacy.models import User
from referral.lifecycle import ReferralStatus
from referral.models import Absence, Referral
from referral.models.referrals import ReferralQuerySet
from ui.forms import CompactForm

TABS = (
    ("today", _("Today")),
    ("new", _("New")),
    ("active", _("Active")),
    ("waiting", _("Waiting for a program")),
    ("hold", _("On hold")),
    ("connected", _("Connected")),
    ("ended", _("Ended")),
)


EVERYBODY = "all"


def under_tab(rows: ReferralQuerySet, tab: str, now: datetime) -> ReferralQuerySet:
    """The referrals under one tab of the queue."""
    match tab:
        case "today":
            return rows.overdue(now).calm()  # a call for help stands above all tabs
        case "waiting":
            return rows.open().waiting_for_program()
        case "ended":
            return rows.filter(status__in=[ReferralStatus.MET, ReferralStatus.CLOSED])
        case "hold":
            return rows.filter(status=ReferralStatus.ON_HOLD)
        case _:
            return rows.filter(status=tab)


class QueueFilter(django_filters.FilterSet):
    """Who has it, how urgent, which level, which language."""

    who = django_filters.ChoiceFilter(label=_("Whose"), method="by_who", empty_label=_("Everyone’s"))
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Referral.Urgency.choices, empty_label=_("Any"))
    level = django_filters.ModelChoiceFilter(
        label=_("Level"), queryset=LevelOfCare.objects.none(), method="by_level", empty_label=_("Any")
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        field_name="contact__language",
        choices=[("en", "English"), ("es", "Español")],
        empty_label=_("Any"),
    )

    class Meta:
        model = Referral
        form = CompactForm
        fields = ["who", "urgency", "level", "language"]

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        choices: list[tuple[str, Any]] = [
            ("mine", _("Assigned to me")),
            ("cover", _("I cover")),
            ("nobody", _("Unassigned")),
        ]
        if not user.has_perm("referral.supervise_referrals"):
            choices.append((EVERYBODY, _("Everyone’s")))
            self.filters["who"].extra["empty_label"] = _("Mine, covered, unassigned")
        if user.has_perm("referral.supervise_referrals"):
            staff = User.objects.with_perm(
                "referral.work_referrals", is_active=True, backend="django.contrib.auth.backends.ModelBackend"
            ).exclude(pk=user.pk)
            choices += [(str(each.pk), each.get_full_name() or each.get_username()) for each in staff]
        self.filters["who"].extra["choices"] = choices
        self.filters["level"].queryset = LevelOfCare.objects.in_order()

    def by_who(self, rows: QuerySet[Referral], _name: str, value: str) -> QuerySet[Referral]:
        if value == "nobody":
            return rows.filter(assigned_to=None)
        if value == "mine":
            return rows.filter(assigned_to=self.user)
        if value == "cover":
            return rows.filter(assigned_to__in=Absence.objects.covered_by(self.user))
        if value == EVERYBODY:
            return rows
        return rows.filter(assigned_to=int(value))

    def by_level(self, rows: QuerySet[Referral], _name: str, level: LevelOfCare) -> QuerySet[Referral]:
        return rows.filter(level_low__order__lte=level.order, level_high__order__gte=level.order)
