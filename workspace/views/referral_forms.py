"""The forms that stand on a referral's page: empty, as they were typed and refused, or gone with their place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar, cast
from zoneinfo import ZoneInfo

from django.forms import CharField, ChoiceField, ModelChoiceField, Select
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guides.models import LevelOfCare
from messaging.actions import CALLS, is_shut
from privacy.models import User
from referral.actions.endings import UNDECIDED
from referral.actions.referrals import FARTHEST_TRY
from referral.actions.stops import given_up
from referral.hours import Work, call_at, next_tries
from referral.models import ConsentWording, Contact, OtherPerson, Placement, Referral, Task, TimelineEntry
from workspace.call_forms import LOCAL, SOON, CallForm, CallInCrisis
from workspace.consent_forms import ConsentForm
from workspace.correct_form import CorrectForm
from workspace.forms import (
    LISTEN_CHANNELS,
    AssignForm,
    CloseForm,
    GiveBackForm,
    HandOverForm,
    HoldForm,
    ListenForm,
    NoteForm,
    PlanForm,
    TaskForm,
    VersionForm,
)
from workspace.need_forms import NeedForm
from workspace.person_forms import PersonForm

# Those of the referral itself, by the name of their button; those of its rows are made where the rows are.
FORMS: Final[Mapping[str, type[VersionForm]]] = {
    "assign": AssignForm,
    "hand_over": HandOverForm,
    "give_back": GiveBackForm,
    "note": NoteForm,
    "call": CallForm,
    "hold": HoldForm,
    "need": NeedForm,
    "close": CloseForm,
    "consent": ConsentForm,
    "correct": CorrectForm,
    "plan": PlanForm,
    "task": TaskForm,
    "listen": ListenForm,
    "person": PersonForm,
}


class Folded(NamedTuple):
    """What a folded form is called, and its button."""

    title: str | Promise
    button: str | Promise


# Those that are fetched when they are opened: each has a page of its own, too.
FOLDED: Final[Mapping[str, Folded]] = {
    "task": Folded(gettext_lazy("Add a task"), gettext_lazy("Add")),
    "assign": Folded(gettext_lazy("Assign"), gettext_lazy("Assign")),
    "hand_over": Folded(gettext_lazy("Hand over to a colleague"), gettext_lazy("Hand over")),
    "give_back": Folded(gettext_lazy("Give back to the queue"), gettext_lazy("Give back")),
    "hold": Folded(gettext_lazy("Put on hold"), gettext_lazy("Put on hold")),
    "close": Folded(gettext_lazy("Close"), gettext_lazy("Close")),
    "need": Folded(gettext_lazy("Change the need"), gettext_lazy("Save")),
    "consent": Folded(gettext_lazy("Record a consent: said, or on paper"), gettext_lazy("Save consent")),
    "plan": Folded(gettext_lazy("Start another plan"), gettext_lazy("Start")),
    "listen": Folded(gettext_lazy("They want messages again"), gettext_lazy("Start messages again")),
    "correct": Folded(gettext_lazy("Correct this"), gettext_lazy("Save")),
    "person": Folded(gettext_lazy("Another person to call"), gettext_lazy("Save")),
}
A_MINUTE = timedelta(minutes=1)  # the minute of closing is still ours, as it is in every promise
Bound = Mapping[str, VersionForm]  # what was sent, by the name of its form
F = TypeVar("F", bound=VersionForm)


def page_forms(
    request: HttpRequest,
    referral: Referral,
    moves: Collection[str],
    bound: Bound,
    tasks: Collection[Task],
    others: Collection[OtherPerson],
    notes: int,
    work: Work,
) -> dict[str, VersionForm | None]:
    """The note, the call, and what was sent and refused; None for a folded form, which `folded_form` makes
    when it is opened. `tasks` are those that are open, `notes` is how many there are."""
    for name, form in bound.items():
        _fit(name, form, referral, moves)
    help_now = any(task.is_crisis for task in tasks)
    call = bound.get("call") or _empty("call", referral, CallInCrisis if help_now else CallForm)
    calls = [task for task in tasks if task.kind in Task.HEARD]
    urgent = help_now or referral.urgency == Referral.Urgency.URGENT
    _offer_calls(call, referral, calls, work, urgent=urgent)
    _offer_people(call, referral, others)
    # Whoever was not reached is not let go because a field was left as it is: in danger soon, else in their hours.
    again = cast(ChoiceField, call.fields["next_try"])
    tries = [str(key) for key, _words in cast("list[tuple[str, str]]", again.choices)]
    again.initial = tries[len(SOON) if urgent and not help_now else 0] if referral.contact.is_called_back else ""
    return {**dict.fromkeys(FORMS), "note": note_form(request, referral, notes), **bound, "call": call}


def folded_form(name: str, referral: Referral, moves: Collection[str]) -> VersionForm:
    """The empty form, with what may be chosen in it for this referral."""
    form = _empty(name, referral)
    _fit(name, form, referral, moves)
    return form


def _fit(name: str, form: VersionForm, referral: Referral, moves: Collection[str]) -> None:
    """Offer only what holds for this referral now, at first and after an error."""
    if name == "close":
        _offer_endings(form, moves)
    elif name == "hand_over":
        to = cast("ModelChoiceField[User]", form.fields["to"])
        if to.queryset is not None and referral.assigned_to_id:
            to.queryset = to.queryset.exclude(pk=referral.assigned_to_id)
    elif name == "listen":
        _offer_channels(form, referral)
    elif name == "hold":
        offer_requests(form, referral.placements.filter(status__in=UNDECIDED).select_related("program"))
    elif name == "correct":
        _offer_corrections(form, referral)


def _offer_corrections(form: VersionForm, referral: Referral) -> None:
    """Ask who needs care where nobody has, and whether a number is right after all where it was logged as wrong."""
    if not referral.contact.phone_wrong_at:
        cast(ChoiceField, form.fields["right"]).choices = []
    if referral.contact.whom_asked:
        del form.fields["relation"]


def _offer_channels(form: VersionForm, referral: Referral) -> None:
    """The channels that the family stopped. Where none is left, the page has no such form."""
    now, stopped = timezone.now(), given_up(referral, timezone.now())
    field = form.fields["channel"]
    by = referral.contact.key
    if not any(is_shut(address=address, channel=channel, now=now, by=by) for channel, address in stopped.items()):
        del form.fields["safe"]
    assert isinstance(field, ChoiceField)
    field.choices = [each for each in LISTEN_CHANNELS if each[0] in stopped]
    if len(field.choices) == 1:
        field.initial = [field.choices[0][0]]
    if field.choices:
        field.help_text = _to_read(stopped, referral.contact.language)


WORDED = {"email": "email", "sms": "text", CALLS: "phone"}
NEW_WAY = gettext_lazy("Only ways they agreed to before are here. For a new one, read its words under “Correct this”.")


def _to_read(channels: Collection[str], language: str) -> str:
    """What is read aloud to a family, in its language, before messages start by these channels again."""
    rows = ConsentWording.objects.current_of((WORDED[channel], language) for channel in channels).values()
    words = [(row.language, f"{row.label} {row.body if row.key == ConsentWording.Key.TEXT else ''}") for row in rows]
    read = format_html_join("", '<br><span lang="{}">“{}”</span>', ((code, each.strip()) for code, each in words))
    return format_html("{}{}<br>{}", _("Read aloud, and hear a yes:"), read, NEW_WAY)


def offer_requests(form: VersionForm, asked: Iterable[Placement]) -> None:
    """Who puts a referral on hold says what becomes of what no program has decided yet; else nothing is asked."""
    names = ", ".join(each.program.name for each in asked if each.status in UNDECIDED)
    if names:
        form.fields["requests"].label = _("%(programs)s: what happens meanwhile?") % {"programs": names}
    else:
        del form.fields["requests"]


def _empty(name: str, referral: Referral, form: type[VersionForm] | None = None) -> VersionForm:
    initial: dict[str, object] = {"version": referral.version}
    if name == "need":
        initial |= {"concern": referral.concern, "low": referral.level_low, "high": referral.level_high}
        initial |= {"urgency": referral.urgency, "reason": referral.level_reason, "age": referral.patient.age}
        initial |= {"gender": referral.patient.gender or "", "payment": referral.payment or []}
    if name == "consent":
        initial["read_in"] = referral.contact.language
    if name == "correct":
        initial |= CorrectForm.initial_of(referral)
    words: dict[str, Any] = {}
    if name in ("consent", "correct"):
        words["current"] = ConsentWording.objects.current_of_all()
    if name == "need":
        words["levels"] = list(LevelOfCare.objects.in_order())
    return (form or FORMS[name])(initial=initial, auto_id=f"{name}_%s", **words)


def _offer_endings(form: VersionForm, moves: Collection[str]) -> None:
    """The need is met only where a program cares for the person: before that no page offers it, also after an error."""
    if "meet" not in moves:
        closing = cast(ChoiceField, form.fields["closing"])
        choices = cast("list[tuple[str, str]]", closing.choices)
        closing.choices = [each for each in choices if each[0] != Referral.Closing.MET]


def _offer_calls(form: VersionForm, referral: Referral, calls: Collection[Task], work: Work, *, urgent: bool) -> None:
    """Let whoever logs a call say which of those on the list it was (what is due already, unless they say otherwise),
    whether they were allowed to leave word, and when they call again: where it cannot wait, at any hour."""
    now, contact = timezone.now(), referral.contact
    done, again, outcome = (cast(ChoiceField, form.fields[name]) for name in ("done", "next_try", "outcome"))
    done.choices = [
        (task.pk, ". ".join(part for part in (task.title, task.more.split("\n")[0]) if part)) for task in calls
    ]
    zone = ZoneInfo(contact.zone)
    day_ends = (now.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0)
    done.initial = [task.pk for task in calls if task.kind in Task.CALLS and task.due_at < day_ends]
    offered = next_tries(now, contact.times, contact.zone, work)
    tries = [(at, date_format(at.astimezone(zone), "l, M j, g:i a")) for at in offered]
    again.choices = [
        *(_soon(contact, now, work) if urgent else ()),
        *(
            (
                at.isoformat(),
                words if work.at_work(at - A_MINUTE) else _("%(when)s (outside our hours)") % {"when": words},
            )
            for at, words in tries
        ),
    ]
    again.choices = [*again.choices, ("", _("no other try"))]
    own = form.fields["own_try"]
    first, last = (each.astimezone(zone) for each in (now, now + FARTHEST_TRY))
    own.widget.attrs |= {"min": f"{first:{LOCAL}}", "max": f"{last:{LOCAL}}"}
    own.help_text = "" if urgent else _("Inside the hours in which they may be called.")
    outcome.help_text = _("If no one answers: %(allowed)s") % {"allowed": contact.get_voicemail_display()}
    outcome.choices = [
        (value, _left_word(contact, str(label)) if value == TimelineEntry.Call.LEFT_WORD else label)
        for value, label in TimelineEntry.Call.choices
    ]


def _offer_people(form: VersionForm, referral: Referral, others: Collection[OtherPerson]) -> None:
    """Ask who was called where the family has more than one person to call."""
    if not others:
        del form.fields["person"]
        return
    choices = [("", str(referral.contact)), *((str(each.pk), each.who) for each in others)]
    form.fields["person"].widget = Select(choices=choices)


def _left_word(contact: Contact, label: str) -> str:
    """What was allowed; where nothing was, that it was done all the same is written down, and is no choice to make."""
    if contact.voicemail == Contact.Message.NO and "voicemail" not in (contact.not_asked or ()):
        return _("%(what)s, though they asked for none") % {"what": label}
    return _("%(what)s (%(allowed)s)") % {"what": label, "allowed": contact.get_voicemail_display()}


def _soon(contact: Contact, now: datetime, work: Work) -> list[tuple[str, str]]:
    """The tries of `SOON`, with a word where the family chose other hours."""
    found = []
    for key, words in (("30", _("in 30 minutes, at %(time)s")), ("60", _("in an hour, at %(time)s"))):
        at = now + SOON[key]
        said = words % {"time": date_format(at.astimezone(ZoneInfo(contact.zone)), "g:i a")}
        fits = call_at(at, contact.times, contact.zone, work) == at
        found.append((key, said if fits else _("%(when)s (outside their hours)") % {"when": said}))
    return found


def note_form(request: HttpRequest, referral: Referral, written: int | None = None) -> NoteForm:
    """The note as far as it was written when another button of the page was pressed and refused.

    The browser keeps what is in a field of the same id when a part of the page is swapped; a saved note, one more of
    those that are `written`, changes it.
    """
    if written is None:
        written = referral.timeline.filter(kind=TimelineEntry.Kind.NOTE).count()
    initial = {"note": request.POST.get("note", ""), "version": referral.version}
    return NoteForm(initial=initial, auto_id=f"note_{written}_%s")


def row_form(form: type[F], kind: str, row: int, bound: Bound) -> F:
    """The form of a row: the one that was just refused, or one with what was typed beside another button."""
    start = f"{kind}-{row}-"
    refused = next((each for name, each in bound.items() if name.startswith(start)), None)
    if isinstance(refused, form):
        return refused
    return form(auto_id=f"{start}%s", initial=dict(refused.data.items()) if refused else {})


def typed_words(form: VersionForm) -> list[str]:
    """The words in a form, without what was chosen."""
    fields = [form[name] for name, field in form.fields.items() if isinstance(field, CharField)]
    words = [each.value() for each in fields if not each.is_hidden]
    return [each for each in words if each and each.strip()]
