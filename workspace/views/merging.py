"""Who may be the same family: the list, and two side by side before they are merged."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from privacy.actions import record_accesses
from referral.actions.common import CannotMerge
from referral.actions.merging import differences, has_better_number, preview_merge, weighs_more
from referral.actions.proved import is_proved, why_not
from referral.duplicates import alike
from referral.lifecycle import Refused
from referral.models import Referral
from referral.public_code import as_code
from referral.refusals import sentence
from ui.forms import CompactForm
from workspace.forms import VersionForm
from workspace.moving_forms import CodeForm, MergeForm, UnmergeForm
from workspace.views.guard import staff_required, visible, worker
from workspace.views.refusing import refused

DIFFERS = {
    "person": _("The names of the person in care differ."),
    "age": _("The ages differ: no age fits both."),
    "contact": _("The names of whom we talk with differ."),
    "browser": _(
        "No one has opened a link that we sent for the one that goes on. Whoever sent it may be someone else: keep the"
        " other one."
    ),
    "emails": _(
        "Each was sent from a browser with its own email, and one of them may be someone else’s. Call the number that"
        " you know: ask which email is theirs, and if they asked twice."
    ),
}
NOT_YOURS = _("A colleague has it. Ask them, or a supervisor, to merge.")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """The list; posted with the code of another, on to the two side by side."""
    referral = visible(request, pk)
    if request.method != "POST":
        return same_page(request, referral)
    form = CodeForm(request.POST)
    other = _with_code(request, referral, form) if form.is_valid() else None
    if other is None:
        return same_page(request, referral, status=422, bound={"code": form})
    return redirect("workspace:compare", referral.pk, other.pk)


def _with_code(request: HttpRequest, referral: Referral, form: CodeForm) -> Referral | None:
    """The one that has this code, where it can be merged by whoever asks; else the form says why not."""
    code, user = as_code(form.cleaned_data["code"]), worker(request)
    other = Referral.objects.findable_by(user).filter(public_code=code).exclude(pk=referral.pk).first()
    if other is None:
        form.add_error("code", _("No other referral has this code. A code is such as K7P2-XM94."))
    elif not Referral.objects.visible_to(user).filter(pk=other.pk).exists():
        form.add_error("code", NOT_YOURS)
    else:
        return other
    return None


def same_page(
    request: HttpRequest, referral: Referral, *, status: int = 200, bound: Mapping[str, CompactForm] | None = None
) -> HttpResponse:
    """The others that may be the same family, by what; those that are merged, and how to take one out again."""
    user, bound = worker(request), bound or {}
    found = alike(referral, user)
    opens = set(
        Referral.objects.visible_to(user)
        .filter(pk__in=[each.referral.pk for each in found])
        .values_list("pk", flat=True)
    )
    merged = list(referral.merged_from.select_related("contact", "patient"))
    shown = [referral, *(each.referral for each in found), *merged]
    _record(request, shown, "duplicates")
    empty = UnmergeForm(initial={"version": referral.version}, auto_id="unmerge_%s")
    context: dict[str, object] = {
        "referral": referral,
        "found": [(each, each.referral.pk in opens) for each in found if each.referral not in merged],
        "merged": merged,
        "form": bound.get("unmerge", empty),
        "by_code": bound.get("code") or CodeForm(),
        "faulty": next((form for form in bound.values() if form.errors), None),
    }
    if bound:
        return refused(request, "workspace/same.html", context, status)
    return render(request, "workspace/same.html", context)


@require_safe
@staff_required
def compare(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The one that has more is proposed to go on, unless somebody chose (``?so=1``)."""
    keep, other = visible(request, pk), visible(request, row)
    if "so" not in request.GET and weighs_more(other, keep, timezone.now()):
        keep, other = other, keep
    return compare_page(request, keep, other)


def compare_page(
    request: HttpRequest,
    keep: Referral,
    other: Referral,
    *,
    status: int = 200,
    form: VersionForm | None = None,
) -> HttpResponse:
    """Both side by side, what a merge would bring together, and the form that does it. Both looks are written down."""
    if keep.pk == other.pk:
        return redirect("workspace:same", keep.pk)
    _record(request, [keep, other], "merge")
    initial = {"version": keep.version, "other_version": other.version, "contact": "keep"}
    now = timezone.now()
    barred, carries = why_not(other, keep, now), has_better_number(other.contact, keep.contact)
    if carries and not barred:
        initial["contact"] = "other"
    shown = form or MergeForm(initial=initial, auto_id="merge_%s")
    if isinstance(shown, MergeForm):
        shown.name_contacts(keep.contact, other.contact, only_keep=bool(barred))
        if form is None:
            shown.ask_what_differs(keep, other)
    prefetch_related_objects([keep, other], "placements__program")
    for each in (keep, other):
        each.signed = [(row, row.is_live(now)) for row in each.consents.shown(now)]  # type: ignore[attr-defined]
    context: dict[str, object] = {
        "referral": keep,
        "pair": [keep, other],
        "barred": sentence(CannotMerge(f"other_{barred}")) if barred else "",
        "unproved": not (is_proved(keep) or is_proved(other)),
        "carries": carries,
        "stays": _not_carried(keep, other),
        "differs": [DIFFERS[each] for each in differences(keep, other, timezone.localdate())],
        "form": shown,
        "faulty": form if form is not None and form.errors else None,
    }
    try:
        merge = preview_merge(keep, other, now)
        ended = [each.pk for each in merge.ends]
        stands = [*merge.goes, *keep.placements.all()]
        context["merge"] = merge
        context["kept_programs"] = {each.program_id for each in stands if each.is_live and each.pk not in ended}
    except (CannotMerge, Refused) as error:
        context["refusal"] = sentence(error)
    if form is not None:
        return refused(request, "workspace/compare.html", context, status)
    return render(request, "workspace/compare.html", context)


def _not_carried(keep: Referral, other: Referral) -> list[tuple[str, str, str]]:
    """(what, of the one that goes on, of the closed one) where they differ and the closed one's is not taken over."""
    facts = [
        (_("Concern"), *(each.concern_words for each in (keep, other))),
        (_("Level"), *(each.level_range or "–" for each in (keep, other))),
        (_("Name of the person"), *(each.patient.name or "–" for each in (keep, other))),
    ]
    return [(str(what), str(one), str(two)) for what, one, two in facts if one != two]


def _record(request: HttpRequest, shown: list[Referral], purpose: str) -> None:
    keys = [each.key for each in shown]
    record_accesses(actor=worker(request), subjects=keys, action="viewed", purpose=purpose, now=timezone.now())
