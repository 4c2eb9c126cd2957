"""What the queue can be narrowed to. Nothing here is about a person, so all of it may stand in a URL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guides.models import LevelOfCare
from guides.publishing.cache import page_cache
from privacy.models import User
from referral.hours import Work
from referral.lifecycle import ReferralStatus
from referral.models import Referral
from referral.models.conditions import (
    ENDED,
    OPEN,
    has_urgent_task,
    in_crisis,
    late,
    undelivered,
    waits_for_program,
)
from referral.models.referrals import ReferralQuerySet
from referral.models.sight import NOBODY, Sight
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


def levels_by_key() -> dict[int, LevelOfCare]:
    """All levels in order, with their texts, kept until one changes."""
    levels: dict[int, LevelOfCare] = page_cache.value(
        "levels of staff", lambda: {level.pk: level for level in LevelOfCare.objects.in_order()}
    )
    return levels


def tab_holds(tab: str, now: datetime) -> Q:
    """What a referral must be to stand under one tab of the queue."""
    is_open = Q(status__in=OPEN)
    match tab:
        case "today":
            return Q(next_action_at__lte=now) & ~in_crisis()  # a call for help stands above all tabs
        case "waiting":
            return is_open & waits_for_program()
        case "ended":
            return Q(status__in=ENDED)
        case "unassigned":
            return is_open & Q(assigned_to=None)
        case "urgent":
            return is_open & (Q(urgency=Referral.Urgency.URGENT) | has_urgent_task())
        case "undelivered":
            return is_open & undelivered()
        case "hold":
            return Q(status=ReferralStatus.ON_HOLD)
        case _:
            return Q(status=tab)


def under_tab(rows: ReferralQuerySet, tab: str, now: datetime) -> ReferralQuerySet:
    """The referrals under one tab of the queue."""
    return rows.filter(tab_holds(tab, now))


def tab_counts(rows: ReferralQuerySet, now: datetime, work: Work) -> dict[str, int]:
    """How many stand under each tab, in one query; ``late`` are those whose time has passed for too long: calls for
    help, too, which stand above the tab of today.

    What has ended is not counted: it only grows, and nobody waits there.
    """
    wanted = {name: tab_holds(name, now) for name, _label in TABS if name != "ended"}
    wanted["late"] = late(now, work)
    counted: dict[str, int] = rows.at_work().aggregate(
        **{f"n_{name}": Count("pk", filter=holds) for name, holds in wanted.items()}
    )
    return {name: counted[f"n_{name}"] for name in wanted}


def ordered(rows: ReferralQuerySet, sort: str, tab: str, now: datetime) -> ReferralQuerySet:
    """The rows of a tab in the order that was asked for; what has ended is newest first."""
    match sort:
        case "newest":
            return rows.order_by("-opened_at", "-pk")
        case "oldest":
            return rows.order_by("opened_at", "pk")
        case "level":
            highest = [F("level_high__order").desc(nulls_last=True), F("level_low__order").desc(nulls_last=True)]
            return rows.order_by(*highest, "opened_at", "pk")
        case "holder":
            return rows.order_by(
                F("assigned_to__first_name").asc(nulls_first=True),
                "assigned_to__last_name",
                "assigned_to",
                "next_action_at",
                "pk",
            )
    return rows.order_by("-closed_at", "-pk") if tab == "ended" else rows.most_pressing_first(now)


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
    level = django_filters.ChoiceFilter(label=_("Level"), method="by_level", empty_label=_("Any"))
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

    def __init__(self, *args: Any, user: User, sight: Sight, levels: Mapping[int, LevelOfCare], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sight, self.levels = sight, levels
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
        self.filters["level"].extra["choices"] = [(str(pk), str(level)) for pk, level in levels.items()]
        for name, key in (("who", "w"), ("sort", "o")):
            self.form.fields[name].widget.attrs["data-key"] = key

    def as_it_is(self, rows: QuerySet[Referral], _name: str, _value: str) -> QuerySet[Referral]:
        return rows  # the order is for `ordered`: the counts need none

    def by_who(self, rows: ReferralQuerySet, _name: str, value: str) -> QuerySet[Referral]:
        if value == EVERYBODY:
            return rows
        if value == "cover":
            return rows.held_by(*self.sight.covered)
        keys = {"nobody": NOBODY, "mine": self.sight.user}
        return rows.held_by(keys[value] if value in keys else int(value))

    def by_level(self, rows: QuerySet[Referral], _name: str, value: str) -> QuerySet[Referral]:
        level = self.levels[int(value)]
        return rows.filter(level_low__order__lte=level.order, level_high__order__gte=level.order)
