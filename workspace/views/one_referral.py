"""One referral: the person, the need, consents, placements, tasks, follow-ups and everything that happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.forms import CharField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.models import Program
from directory.views import listed_programs
from guides.models import LevelOfCare
from privacy.actions import record_access, record_accesses
from privacy.models import AccessEvent, User
from referral.actions.common import Actor
from referral.answers import answer_lines
from referral.lifecycle import PLACEMENT, REFERRAL, Role, moves_from
from referral.models import Disclosure, Referral, Task, TimelineEntry
from referral.needs import wish_of
from referral.timeline import for_staff, level_names, who
from workspace.attention import due, next_step
from workspace.commands import FORMS
from workspace.forms import NoteForm, ReasonForm, ResolveForm, SaidForm
from workspace.views.guard import staff_required, worker

SUGGESTED = 8
MOST_ALIKE = 5
MOVES = frozenset(move.name for move in REFERRAL)
NEEDS_REASON = frozenset(move.name for move in PLACEMENT if move.needs_reason)
LOOKING_NOW = timedelta(minutes=5)
OPENED = "workspace"  # to be shown a line of the queue is not to look at the page


@require_safe
@staff_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    referral = visible(request, pk)
    return page(request, referral)


def visible(request: HttpRequest, pk: int) -> Referral:
    """The referral, or 404 where this member of staff may not see it."""
    rows = Referral.objects.visible_to(worker(request)).select_related(
        "contact", "patient", "assigned_to", "level_low", "level_high", "service_area", "based_on", "response__version"
    )
    found: Referral = get_object_or_404(rows, pk=pk)
    return found


def page(request: HttpRequest, referral: Referral, *, status: int = 200, **bound: Any) -> HttpResponse:
    """The page, with forms that were sent and refused in place of the empty ones. Opening it is written down."""
    user, now = worker(request), timezone.now()
    record_access(actor=user, subject=referral.key, action="viewed", purpose=OPENED, now=now)
    role, levels = Actor.of(user).role, level_names()
    moves = _moves(referral, role)
    placements = referral.placements.select_related("program").order_by("-sent_at")
    looking = AccessEvent.objects.filter(subject=referral.key, purpose=OPENED, at__gte=now - LOOKING_NOW)
    context: dict[str, Any] = {
        "referral": referral,
        "contact": referral.contact,
        "patient": referral.patient,
        "now": now,
        "moves": moves,
        "placements": [
            (each, moves_from(PLACEMENT, each.status, role=role), _row_form(ReasonForm, "placement", each.pk, bound))
            for each in placements
        ],
        "consents": [(each, each.is_live(now)) for each in referral.consents.prefetch_related("recipients")],
        "disclosures": Disclosure.objects.filter(placement__referral=referral).select_related("placement"),
        "tasks": [
            (task, due(task.due_at, now), _row_form(ResolveForm, "task", task.pk, bound))
            for task in referral.tasks.open().select_related("acknowledged_by")
        ],
        "next_step": next_step(referral, now),
        "followups": [(each, _row_form(SaidForm, "followup", each.pk, bound)) for each in referral.followups.all()],
        "lines": [(entry, who(entry), for_staff(entry, levels)) for entry in referral.timeline.order_by("-at", "-pk")],
        "suggestions": suggestions(referral) if referral.status == "active" else [],
        "looking": sorted({each.actor_label for each in looking.exclude(actor=user).exclude(actor=None)}),
        "answers": answers_of(referral),
        "forms": _forms(request, referral, moves) | bound,
        "alike": _alike(referral, user, now),
        "faulty": next((form for form in bound.values() if form.errors), None),
    }
    _offer_calls(context["forms"]["call"], referral)
    context["typed"] = [words for name, form in bound.items() for words in _typed(form) if not _shown(name, context)]
    return (
        refused(request, "workspace/referral.html", context, status)
        if bound
        else render(request, "workspace/referral.html", context)
    )


def _moves(referral: Referral, role: Role) -> list[str]:
    """What may be done with the referral; it is taken where nobody has it, and given back where somebody has."""
    unfit = "take" if referral.assigned_to_id else "give_back"
    return [move for move in moves_from(REFERRAL, referral.status, role=role) if move != unfit]


def _alike(referral: Referral, user: User, now: datetime) -> list[tuple[Referral, bool]]:
    """The others with the same phone or e-mail, and whether this member of staff may open them. Each is a look."""
    rows = Referral.objects.alike(referral).findable_by(user).select_related("assigned_to")[:MOST_ALIKE]
    found = list(rows)
    keys = [each.key for each in found]
    record_accesses(actor=user, subjects=keys, action="viewed", purpose="same phone or e-mail", now=now)
    opens = set(
        Referral.objects.visible_to(user).filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True)
    )
    return [(each, each.pk in opens) for each in found]


def refused(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A page that says what was not done. htmx swaps only what succeeded, and must not keep a form's address."""
    if not getattr(request, "htmx", False):
        return render(request, template, context, status=status)
    answer = render(request, template, context)
    answer.headers["HX-Push-Url"] = "false"
    return answer


def _forms(request: HttpRequest, referral: Referral, moves: list[str]) -> dict[str, Any]:
    return {name: _form(name, referral, moves) for name in FORMS} | {"note": note_form(request, referral)}


def _offer_calls(form: Any, referral: Referral) -> None:
    """Let whoever logs a call say which of those on the list it was."""
    calls = referral.tasks.open().filter(kind__in=Task.CALLS)
    form.fields["done"].choices = [
        (task.pk, ". ".join(part for part in (task.title, task.text.split("\n")[0]) if part)) for task in calls
    ]


def _form(name: str, referral: Referral, moves: list[str]) -> Any:
    initial: dict[str, Any] = {"version": referral.version}
    if name == "need":
        initial |= {"concern": referral.concern, "low": referral.level_low, "high": referral.level_high}
        initial |= {"urgency": referral.urgency, "reason": referral.level_reason, "age": referral.patient.age}
        initial |= {"gender": referral.patient.gender or "", "payment": referral.payment or []}
    form = FORMS[name](initial=initial, auto_id=f"{name}_%s")
    if name == "close" and "meet" not in moves:
        closing = form.fields["closing"]
        closing.choices = [each for each in closing.choices if each[0] != Referral.Closing.MET]  # type: ignore[attr-defined]
    return form


def note_form(request: HttpRequest, referral: Referral) -> NoteForm:
    """The note as far as it was written when another button of the page was pressed and refused.

    The browser keeps what is in a field of the same id when a part of the page is swapped; a saved note changes it.
    """
    written = referral.timeline.filter(kind=TimelineEntry.Kind.NOTE).count()
    initial = {"note": request.POST.get("note", ""), "version": referral.version}
    return NoteForm(initial=initial, auto_id=f"note_{written}_%s")


def _row_form(form: type[Any], kind: str, row: int, bound: Mapping[str, Any]) -> Any:
    """The form of a row: the one that was just refused, or one with what was typed beside another button."""
    start = f"{kind}-{row}-"
    refused = next((each for name, each in bound.items() if name.startswith(start)), None)
    if isinstance(refused, form):
        return refused
    return form(auto_id=f"{start}%s", initial=refused.data.dict() if refused else {})


def _shown(name: str, context: Mapping[str, Any]) -> bool:
    """Whether the page still has a place for a refused form; what was typed is shown by itself where it has none."""
    referral: Referral = context["referral"]
    if name in FORMS:
        always = {"note": True, "send": referral.status == "active"}
        return always.get(name, name in context["moves"] if name in MOVES else referral.is_open)
    kind, row, _deed = name.split("-")
    if kind == "task":
        return any(str(task.pk) == row and task.is_crisis for task, _due, _form in context["tasks"])
    if kind == "placement":
        return any(NEEDS_REASON & set(can) for each, can, _form in context["placements"] if str(each.pk) == row)
    return any(each.may_be_answered for each, _form in context["followups"] if str(each.pk) == row)


def _typed(form: Any) -> list[str]:
    """The words in a form, without what was chosen."""
    words = [form[name].value() for name, field in form.fields.items() if isinstance(field, CharField)]
    return [each for each in words if each and each.strip()]


def answers_of(referral: Referral) -> list[tuple[str, str]]:
    """The family's answers in words, if it shared them."""
    if referral.response is None:
        return []
    return answer_lines(referral.response, get_language() or "en", _("Not sure"), _("None of these"))


def suggestions(referral: Referral) -> list[Any]:
    """Programs for this need, best first, with the directory's own reasons."""
    taken = set(referral.placements.live().values_list("program_id", flat=True))
    fits = [
        fit
        for fit in Program.objects.public().ranked(wish_of(referral), now=timezone.now())
        if fit.program.pk not in taken
    ]
    return listed_programs(fits[:SUGGESTED], {each.slug: str(each) for each in LevelOfCare.objects.in_order()})
