"""What the queue can be narrowed to. Nothing here is about a person, so all of it may stand in a URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guides.models import LevelOfCare
from privacy.models import User
from referral.lifecycle import ReferralStatus
from referral.models import Absence, Referral, Task
from referral.models.referrals import ReferralQuerySet
from ui.forms import CompactForm

TABS = (
    ("today", _("Today")),
    ("new", _("New")),
    ("active", _("Active")),
    ("waiting", _("Waiting for a program")),
    ("hold", _("On hold")),
    ("connected", _("Connected")),
    ("unassigned", _("Unassigned")),
    ("urgent", _("Urgent")),
    ("undelivered", _("Not delivered")),
    ("ended", _("Ended")),
)
SORTS = {
    "pressing": _("Most pressing"),
    "newest": _("Newest"),
    "oldest": _("Oldest"),
    "level": _("Level, highest"),
    "holder": _("Who has it"),
}
# What is kept of the queue's address, in a saved filter and on the way back.
KEPT = ("show", "who", "urgency", "level", "language", "sort")


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
        case "unassigned":
            return rows.open().filter(assigned_to=None)
        case "urgent":
            tasks = Task.objects.open().filter(urgent=True).values("referral")
            return rows.open().filter(Q(urgency=Referral.Urgency.URGENT) | Q(pk__in=tasks))
        case "undelivered":
            return rows.open().filter(pk__in=Task.objects.undelivered().values("referral"))
        case "hold":
            return rows.filter(status=ReferralStatus.ON_HOLD)
        case _:
            return rows.filter(status=tab)


def ordered(rows: ReferralQuerySet, sort: str, tab: str, now: datetime) -> ReferralQuerySet:
    """The rows of a tab in the order that was asked for; what has ended is newest first."""
    match sort:
        case "newest":
            return rows.with_attention().order_by("-opened_at", "-pk")
        case "oldest":
            return rows.with_attention().order_by("opened_at", "pk")
        case "level":
            highest = [F("level_high__order").desc(nulls_last=True), F("level_low__order").desc(nulls_last=True)]
            return rows.with_attention().order_by(*highest, "opened_at", "pk")
        case "holder":
            return rows.with_attention().order_by(
                F("assigned_to__first_name").asc(nulls_first=True),
                "assigned_to__last_name",
                "assigned_to",
                "next_action_at",
                "pk",
            )
    return rows.with_attention().order_by("-closed_at") if tab == "ended" else rows.most_pressing_first(now)


def kept_query(asked: QueryDict) -> str:
    """The queue's own filters of an address, and nothing else of it."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := asked.get(name, "")[:40]:
            kept[name] = value
    return kept.urlencode()


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

    sort = django_filters.ChoiceFilter(
        label=_("Sort by"), choices=list(SORTS.items())[1:], method="as_it_is", empty_label=SORTS["pressing"]
    )

    class Meta:
        model = Referral
        form = CompactForm
        fields = ["who", "urgency", "level", "language", "sort"]

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
        for name, key in (("who", "w"), ("sort", "o")):
            self.form.fields[name].widget.attrs["data-key"] = key

    def as_it_is(self, rows: QuerySet[Referral], _name: str, _value: str) -> QuerySet[Referral]:
        return rows  # the order is for `ordered`: the counts need none

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
