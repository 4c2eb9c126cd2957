"""Ask programs: the best for this need with reasons, any other by its name, several at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.models import Program
from directory.models.programs import Fit, ProgramQuerySet
from directory.wording import Line, explain
from privacy.actions import record_access
from referral.actions.endings import MAY_COME_BACK
from referral.actions.sending import MOST_AT_ONCE
from referral.coverage import LIMITED, Gap, Grant, covering
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.models import Placement, Referral
from referral.needs import wish_of
from referral.program_rows import KNOWS_ALL
from referral.refusals import GAPS
from ui.dates import short_day
from workspace.filters import levels_by_key
from workspace.forms import KEY_DIGITS, SendForm
from workspace.lines import name_levels
from workspace.views.guard import staff_required, visible, worker
from workspace.views.refusing import refused

SUGGESTED, MOST_FOUND = 8, 12
LONGEST = 60  # characters of a name that is looked for


class Fitting(NamedTuple):
    """A program, and in lines why it matches or not."""

    program: Program
    lines: list[Line]


@dataclass(frozen=True)
class Choice:
    """A program that may be asked: `bar` says why it may not, `before` how an earlier request there ended; each ``""``
    where there is nothing to say."""

    item: Fitting
    bar: str
    chosen: bool
    before: str
    levels: str  # which it offers, where no reason says it


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; posted, it looks for programs by their name, and keeps what was checked."""
    referral = visible(request, pk)
    form = SendForm(request.POST if request.method == "POST" else None, initial={"version": referral.version})
    return asking(request, referral, form, faulty=False)


def asking(
    request: HttpRequest, referral: Referral, form: SendForm, *, faulty: bool = True, status: int = 200
) -> HttpResponse:
    """Programs to choose from. Boxes of what no consent covers are greyed, with the reason."""
    now = timezone.now()
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose="workspace", now=now)
    grants = referral.consents.all().grants()
    name_levels(referral, levels_by_key())
    asked = list(referral.placements.select_related("program").order_by("sent_at", "pk"))
    live = [each.program_id for each in asked if each.is_live]
    form.grey(uncovered(grants, now))
    chosen = {each for each in form.typed("program") if each.isdecimal() and len(each) < KEY_DIGITS}
    text = str(form["find"].value() or "").replace("\0", "").strip()[:LONGEST]
    public = Program.objects.public()
    named = public.filter(name__icontains=text).exclude(pk__in=live)
    found = _listed(referral, named, now)[:MOST_FOUND] if text else []
    known = {item.program.pk for item in found}
    suggested = suggestions(referral, live, now)
    best = [item for item in suggested if item.program.pk not in known]
    rest = chosen - {str(item.program.pk) for item in (*found, *best)}
    kept = _listed(referral, public.filter(pk__in=rest), now) if rest else []
    before, accepted = _asked_before(asked)
    levels = _unsaid if referral.level_low or referral.level_high else _offered
    _grant, gap = covering(grants, recipient=0, categories=LIMITED, now=now)
    context: dict[str, object] = {
        "referral": referral,
        "form": form,
        "faulty": form if faulty else None,
        "named": text,
        "kept": _choices(kept, grants, chosen, before, now, levels),
        "found": _choices(found, grants, chosen, before, now, levels),
        "best": _choices(best, grants, chosen, before, now, levels),
        "all_found": bool(suggested) and not best,
        "accepted": accepted,
        "no_consent": GAPS[gap]() if gap in (Gap.NONE_SIGNED, Gap.REVOKED, Gap.EXPIRED) else "",
        "left": MOST_AT_ONCE - len(live),
    }
    return refused(request, "workspace/ask.html", context, status)


def to_ask_again(referral: Referral, placements: Collection[Placement]) -> dict[int, list[str]]:
    """The requests that ended because another program had accepted, and nothing stands any more that ended
    them: by their keys, with what each program was to see."""
    if referral.status != ReferralStatus.ACTIVE or any(each.status in KNOWS_ALL for each in placements):
        return {}
    live = {each.program_id for each in placements if each.is_live}
    last = {each.program_id: each for each in sorted(placements, key=lambda each: (each.sent_at, each.pk))}
    return {
        each.pk: sorted(set(each.categories) - LIMITED)
        for each in last.values()
        if each.status == PlacementStatus.CANCELLED and each.reason in MAY_COME_BACK and each.program_id not in live
    }


def uncovered(grants: Collection[Grant], now: datetime) -> set[str]:
    """The categories that no live consent covers; none where there is no consent, which is said by itself."""
    live = [each for each in grants if each.is_live(now)]
    covered = {category for each in live for category in each.categories}
    return {value for value, _label in SendForm.CATEGORIES if live and value not in covered}


def suggestions(referral: Referral, asked: Collection[int], now: datetime) -> list[Fitting]:
    """Programs for this need that are not `asked`, best first, with the directory's own reasons. Where the gender was
    not said, what is for one gender alone comes after what is open to everybody."""
    levels = levels_by_key().values()
    wish = wish_of(referral, levels)
    ranked = Program.objects.public().ranked(wish, now=now, details=False)
    fits = [fit for fit in ranked if fit.program.pk not in asked and fit.match.fits]
    if not wish.gender:
        fits.sort(key=lambda fit: bool(fit.program.only_for))
    return _explained(fits[:SUGGESTED])


def _listed(referral: Referral, programs: ProgramQuerySet, now: datetime) -> list[Fitting]:
    wish = wish_of(referral, levels_by_key().values())
    return _explained(programs.ranked(wish, now=now, reach=None, details=False))


def _explained(fits: Iterable[Fit]) -> list[Fitting]:
    names = {each.slug: str(each) for each in levels_by_key().values()}
    return [Fitting(fit.program, explain(fit.match, names)) for fit in fits]


def _asked_before(asked: Iterable[Placement]) -> tuple[dict[int, str], list[str]]:
    """How the last request to each program ended, by its key; and the programs that have accepted and still stand."""
    ended, accepted = {}, []
    for each in asked:
        if each.status in KNOWS_ALL:
            accepted.append(each.program.name)
        if not each.is_live:
            day = short_day(timezone.localdate(each.moved_at or each.answered_at or each.sent_at))
            told = {"status": each.get_status_display(), "day": day}
            ended[each.program_id] = " ".join(
                [_("Asked before. %(status)s on %(day)s.") % told, each.reason_words]
            ).strip()
    return ended, accepted


def _choices(
    items: Collection[Fitting],
    grants: Collection[Grant],
    chosen: Collection[str],
    before: Mapping[int, str],
    now: datetime,
    levels: Callable[[Program], str],
) -> list[Choice]:
    found = []
    for item in items:
        grant, gap = covering(grants, recipient=item.program.pk, categories=LIMITED, now=now)
        bar = "" if grant else GAPS[gap or Gap.NONE_SIGNED]()
        found.append(
            Choice(item, bar, str(item.program.pk) in chosen, before.get(item.program.pk, ""), levels(item.program))
        )
    return found


def _unsaid(program: Program) -> str:
    """Nothing: where a level is wished, a reason says it."""
    return ""


def _offered(program: Program) -> str:
    offered = {each.level_id for each in program.offers.all()}
    return ", ".join(str(level) for key, level in levels_by_key().items() if key in offered)
