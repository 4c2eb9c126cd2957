"""One referral: the person, the need, consents, placements, tasks, follow-ups and everything that happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, Window, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from messaging.models import Message
from privacy.actions import record_access, record_accesses
from privacy.models import AccessEvent, User
from referral.actions.common import Actor, rests
from referral.actions.moving import may_reopen
from referral.actions.stops import given_up
from referral.actions.waitlists import to_keep_until
from referral.actions.writing import going_out, waiting_letters
from referral.answers import answer_lines
from referral.determination import found
from referral.duplicates import of_its_steps
from referral.hours import Work, late_before
from referral.lifecycle import PLACEMENT, REFERRAL, UNDO_TIME, ReferralStatus, Role, moves_from
from referral.models import (
    Absence,
    Appointment,
    Consent,
    Disclosure,
    EscalationNotice,
    EscalationRule,
    FollowUp,
    OtherPerson,
    Placement,
    Referral,
    Task,
    TimelineEntry,
)
from referral.models.conditions import GRACE
from referral.models.escalations import NoticeQuerySet
from referral.models.history import TimelineQuerySet
from referral.models.hours import working_time
from referral.models.people import name_key
from referral.models.rare import where_any
from referral.models.referrals import ReferralQuerySet
from referral.models.sight import Sight
from referral.reasons import CALL_CAREFULLY, CALL_ONCE, NO_TEXTS, coded
from referral.refusals import MAY_NOT_SIGN
from referral.signing import Bar
from referral.timeline import for_staff, level_names, who
from workspace.attention import due, due_at, next_check_in, next_step
from workspace.filters import levels_by_key
from workspace.forms import AnswerForm
from workspace.lines import late_of, name_levels
from workspace.moving_forms import ReopenForm
from workspace.person_forms import PersonForm
from workspace.views.ask_programs import to_ask_again
from workspace.views.guard import sight_of, staff_required, visible, worker
from workspace.views.referral_forms import FOLDED, FORMS, Bound, page_forms, typed_words
from workspace.views.referral_rows import Rows, TaskRow, rows_of
from workspace.views.refusing import refused
from workspace.views.writing import says_when

MOST_ALIKE = 5
SHOWN_LINES, LINES_A_PAGE = 12, 50
MOVES = frozenset(move.name for move in REFERRAL)
NEEDS_REASON = frozenset(move.name for move in PLACEMENT if move.needs_reason)
LOOKING_NOW = timedelta(minutes=5)
WORDS_READ = 2  # of `_rank`: what comes before it, a family wrote
OPENED = "workspace"  # to be shown a line of the queue is not to look at the page


@require_safe
@staff_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, visible(request, pk))


def page(request: HttpRequest, referral: Referral, *, status: int = 200, bound: Bound | None = None) -> HttpResponse:
    """The page, with forms that were sent and refused in place of the empty ones. Opening it is written down."""
    user, now, bound = worker(request), timezone.now(), bound or {}
    known = levels_by_key()
    name_levels(referral, known)
    levels = level_names(known.values())
    record_access(actor=user, subject=referral.key, action="viewed", purpose=OPENED, now=now)
    role, work = Actor.of(user).role, working_time()
    moves = moves_of(referral, role)
    placements = list(referral.placements.select_related("program", "level").order_by("-sent_at"))
    few = _few(referral, placements, user, now)
    prefetch_related_objects(placements, Prefetch("appointments", few["appointments"]))
    rows = rows_of(referral, placements, few["followups"], role=role, bound=bound, now=now, work=work)
    tasks, others = [row[0] for row in rows.tasks], list(few["others"])
    instead = next((each for each in others if each.instead), None)
    for task in tasks:
        task.instead = instead.who if instead else ""
    _say_who_has(referral, tasks, user, now)
    history, note_count = _latest(referral, few["merged"], levels)
    context: dict[str, object] = {
        "referral": referral,
        "contact": referral.contact,
        "patient": referral.patient,
        "now": now,
        "held": _held(referral),
        "moves": moves,
        "escalated": _escalated(few["told"], placements),
        "placements": rows.placements,
        "ask_again": to_ask_again(referral, placements),
        "to_keep": [(each, until) for each in placements if (until := to_keep_until(each, now))],
        "consents": _consents(referral, now),
        "disclosures": few["disclosures"],
        "ticked": {each.title: each for each in few["ticked"].order_by("done_at", "pk")}.values(),
        **_to_do(referral, rows, now),
        **_clock(referral, now, work),
        "next_step": next_step(referral, placements, [row[0] for row in rows.followups], now),
        "going": _going(referral, few["waiting"], now),
        "followups": rows.followups,
        **history,
        **_cautions(few, tasks),
        "answers": answers_of(referral),
        "found": found(referral.response, get_language() or "en", levels) if referral.response else None,
        "forms": page_forms(request, referral, moves, bound, tasks, others, note_count, work),
        "others": [(each, PersonForm.of(each, referral.version)) for each in sorted(others, key=_not_instead)],
        "instead": instead,
        "folds": FOLDED,
        "stopped": referral.is_open and bool(given_up(referral, now)),
        "reopen_form": _reopen_form(referral, role),
        "alike": _alike(few["alike"], user, sight_of(request), now),
        **_refused_forms(bound, referral, moves, rows),
    }
    if bound:
        return refused(request, "workspace/referral.html", context, status)
    return render(request, "workspace/referral.html", context)


def _not_instead(person: OtherPerson) -> bool:
    return not person.instead


def _say_who_has(referral: Referral, tasks: list[Task], user: User, now: datetime) -> None:
    """Of calls for help that a colleague has, whether they are away and whether `user` may take them over."""
    referral.open_tasks = tasks  # type: ignore[attr-defined]
    had = [task for task in tasks if task.is_crisis and task.had_by]
    away = Absence.objects.users_on(timezone.localdate(now)) if had else ()
    for task in had:
        task.say_who_has(user.pk, now, away)


def _to_do(referral: Referral, rows: Rows, now: datetime) -> dict[str, object]:
    """What comes first, and the tasks that are left; a check-in that is due where nothing comes first."""
    asks_for_help = referral.is_open and any(row[0].is_crisis for row in rows.tasks)
    first = _on_top(referral, rows, asks_for_help, now)
    return {
        "asks_for_help": asks_for_help,
        "first": first,
        "tasks": [each for each in rows.tasks if each not in first],
        "due_check_in": None if first else _due_check_in(referral, rows, now),
    }


def _cautions(few: dict[str, Any], tasks: Collection[Task]) -> dict[str, object]:
    """What to know before one calls or writes: who else looks, what others hear, how often we may call."""
    said = {line for task in tasks for line in task.text.split("\n")}
    return {
        "looking": _looking(few["looks"]),
        "overheard": few["overheard"].exists(),
        "call_once": coded(CALL_ONCE) in said,
        "call_carefully": coded(CALL_CAREFULLY) in said,
        "no_texts": coded(NO_TEXTS) in said,
    }


def _rank(task: Task) -> int:
    """What comes first: a call for help, what the family wrote, a number to find before any call; then all else."""
    finds = task.kind in (Task.Kind.FIND_NUMBER, Task.Kind.NO_WAY)
    return 0 if task.is_crisis else 1 if task.is_word else 2 if finds else 3


def _few(referral: Referral, placements: Collection[Placement], user: User, now: datetime) -> dict[str, Any]:
    """The lists that only few referrals have anything in; those that a closed one does not show are empty."""
    looks = AccessEvent.objects.filter(subject=referral.key, purpose=OPENED, at__gte=now - LOOKING_NOW)
    shown = {
        "told": referral.escalations.standing(),
        "ticked": referral.tasks.ticked_by(user, now - UNDO_TIME),
    }
    return where_any(
        referral,
        merged=referral.merged_from.select_related("contact"),
        appointments=Appointment.objects.filter(placement__in=placements),
        disclosures=Disclosure.objects.filter(placement__in=placements).select_related("placement"),
        followups=referral.followups.all(),
        waiting=waiting_letters(referral, placements),
        others=OtherPerson.objects.filter(patient=referral.patient_id),
        overheard=referral.contact.calls_shut(now),
        looks=looks.exclude(actor=user).exclude(actor=None).select_related("actor"),
        alike=Referral.objects.alike(referral).exclude(of_its_steps(referral)).select_related("assigned_to"),
        **{name: rows if referral.is_open else rows.none() for name, rows in shown.items()},
    )


def _looking(looks: Iterable[AccessEvent]) -> list[str]:
    """The others who opened the page in the last minutes."""
    return sorted({each.actor.get_full_name() or each.actor.get_username() for each in looks if each.actor})


@require_safe
@staff_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """All that happened, in pages, the newest first. Opening is written down."""
    referral = visible(request, pk)
    record_access(actor=worker(request), subject=referral.key, action="viewed", purpose=OPENED, now=timezone.now())
    codes, entries = _lines(referral)
    page = Paginator(entries, LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = _said(page.object_list, codes, level_names(levels_by_key().values()))
    context = {"referral": referral, "page": page, "lines": lines, "earlier": page.number > 1}
    return render(request, "workspace/history.html", context)


def _clock(referral: Referral, now: datetime, work: Work) -> dict[str, object]:
    """The same clock as in the queue."""
    at = due_at(referral, now)
    return {"clock_at": at, "clock": due(at, now, late_of(referral, late_before(now, GRACE, work)))}


def _due_check_in(referral: Referral, rows: Rows, now: datetime) -> tuple[FollowUp, date | None, AnswerForm] | None:
    """The check-in whose answer is the next step: its form stands there."""
    waits = next_check_in([row[0] for row in rows.followups])
    if waits is None or waits.staff_at > now or referral.status in (ReferralStatus.NEW, ReferralStatus.ON_HOLD):
        return None
    return next((row for row in rows.followups if row[0] == waits and waits.may_be_answered), None)


def _going(referral: Referral, waiting: Iterable[Message], now: datetime) -> list[tuple[TimelineEntry, str]]:
    """What is about to go out, and when in words."""
    lines = going_out(referral, waiting, now=now)
    return [(line, says_when(outlook, referral.contact.zone, now)) for line, outlook in lines]


def _latest(
    referral: Referral, duplicates: Iterable[Referral], levels: Mapping[str, str]
) -> tuple[dict[str, object], int]:
    """The latest lines for the page, and how many notes of its own the referral has."""
    merged = list(duplicates)
    codes = {each.pk: each.public_code for each in merged}
    own_notes = Q(referral=referral, kind=TimelineEntry.Kind.NOTE)
    counted = _lines_of(referral, codes).annotate(
        line_count=Window(Count("pk")), note_count=Window(Count("pk", filter=own_notes))
    )
    lines = list(counted[:SHOWN_LINES])
    line_count, note_count = (getattr(lines[0], name) if lines else 0 for name in ("line_count", "note_count"))
    history: dict[str, object] = {
        "merged": codes,
        "merged_rows": merged,
        "lines": _said(lines, codes, levels),
        "line_count": line_count,
        "more_lines": line_count > SHOWN_LINES,
    }
    return history, note_count


def _lines(referral: Referral) -> tuple[dict[int, str], TimelineQuerySet]:
    """{duplicate that was merged into it: its code}, and the lines of all of them, the newest first."""
    codes = dict(referral.merged_from.values_list("pk", "public_code"))
    return codes, _lines_of(referral, codes)


def _lines_of(referral: Referral, merged: Collection[int]) -> TimelineQuerySet:
    return TimelineEntry.objects.filter(referral__in=[referral.pk, *merged]).order_by("-at", "-pk")


def _said(
    entries: Iterable[TimelineEntry], codes: Mapping[int, str], levels: Mapping[str, str]
) -> list[tuple[TimelineEntry, str, str]]:
    """Lines with who, and what in words; of a duplicate that was merged into it with its code."""
    found = []
    for entry in entries:
        code = codes.get(entry.referral_id)
        found.append((entry, f"{who(entry)} ({code})" if code else who(entry), for_staff(entry, levels)))
    return found


def _consents(referral: Referral, now: datetime) -> list[tuple[Consent, bool, str]]:
    """Each with whether it is valid, and why it does not count; the valid ones come first."""
    rows = list(referral.consents.shown(now).select_related("wording", "recorded_by", "patient"))
    prefetch_related_objects([each for each in rows if not each.any_program], "recipients")
    in_order = sorted(rows, key=lambda each: (each.signed_at, each.pk))
    for before, after in pairwise(in_order):
        if name_key(before.signed_name) != name_key(after.signed_name):
            after.another_name = before.signed_name  # type: ignore[attr-defined]
    return sorted(
        ((each, each.is_live(now), MAY_NOT_SIGN[Bar(each.barred)]() if each.barred else "") for each in rows),
        key=lambda row: not row[1],
    )


def _held(referral: Referral) -> TimelineEntry | None:
    """The line that says why the referral is on hold."""
    lines = referral.timeline.filter(kind=TimelineEntry.Kind.HELD)
    return lines.order_by("-at", "-pk").first() if referral.hold_until else None


def _escalated(told: NoticeQuerySet, placements: Iterable[Placement]) -> list[tuple[EscalationNotice, str]]:
    """What was told of and still waits, with the program where it is one that has not answered."""
    programs = {each.pk: each.program.name for each in placements}
    about = EscalationRule.About.PROGRAM
    return [(each, programs.get(each.subject_id, "") if each.rule.about == about else "") for each in told.newest()]


def _on_top(referral: Referral, rows: Rows, asks_for_help: bool, now: datetime) -> list[TaskRow]:
    """The rows of the next step. Who asks for help now is read whole: every call, and whatever else they wrote."""
    awake = [row for row in rows.tasks if not rests(row[0], referral, now)]
    in_order_of_need = sorted(awake, key=lambda row: (_rank(row[0]), row[0].due_at))
    return [row for row in in_order_of_need if _rank(row[0]) < WORDS_READ] if asks_for_help else in_order_of_need[:1]


def _refused_forms(bound: Bound, referral: Referral, moves: list[str], rows: Rows) -> dict[str, object]:
    faulty = next((form for form in bound.values() if form.errors), None)
    return {"faulty": faulty, "typed": _typed_without_place(bound, referral, moves, rows)}


def _typed_without_place(bound: Bound, referral: Referral, moves: list[str], rows: Rows) -> list[str]:
    return [
        words
        for name, form in bound.items()
        for words in typed_words(form)
        if not _has_place(name, referral, moves, rows)
    ]


def _has_place(name: str, referral: Referral, moves: list[str], rows: Rows) -> bool:
    """Whether the page still has a place for a refused form; what was typed is shown by itself where it has none."""
    if name in FORMS:
        return name == "note" or (name in moves if name in MOVES else referral.is_open)
    kind, row, _button = name.split("-")
    if kind == "task":
        return any(str(task.pk) == row and task.asks_what_happened for task, *_more in rows.tasks)
    if kind == "placement":
        return any(NEEDS_REASON & set(can) for each, can, *_forms in rows.placements if str(each.pk) == row)
    return any(each.may_be_answered for each, _day, _form in rows.followups if str(each.pk) == row)


def moves_of(referral: Referral, role: Role) -> list[str]:
    """What may be done with the referral; it is taken where nobody has it, and given back where somebody has."""
    unfit = "take" if referral.assigned_to_id else "give_back"
    return [move for move in moves_from(REFERRAL, referral.status, role=role) if move != unfit]


def _reopen_form(referral: Referral, role: Role) -> ReopenForm | None:
    if "reopen" not in moves_from(REFERRAL, referral.status, role=role) or not may_reopen(referral):
        return None
    return ReopenForm(initial={"version": referral.version}, auto_id="reopen_%s")


def _alike(others: ReferralQuerySet, user: User, sight: Sight, now: datetime) -> list[tuple[Referral, bool]]:
    """The others with the same phone or e-mail, and whether this member of staff may open them. Each is recorded."""
    found = list(others.findable_within(sight)[:MOST_ALIKE])
    keys = [each.key for each in found]
    record_accesses(actor=user, subjects=keys, action="viewed", purpose="same phone or email", now=now)
    return [(each, sight.sees(each.pk, each.assigned_to_id)) for each in found]


def answers_of(referral: Referral) -> list[tuple[str, str]]:
    """The family's answers in words, if it shared them."""
    if referral.response is None:
        return []
    return answer_lines(referral.response, get_language() or "en", _("Not sure"), _("None of these"))
