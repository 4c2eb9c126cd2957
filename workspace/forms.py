"""What staff fill in on a referral's page. Each form belongs to one action and names no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from guides.models import LevelOfCare
from messaging.actions import CALLS
from privacy.models import User
from referral.coverage import LIMITED, Category
from referral.figures import Held, held_now
from referral.models import Absence, FollowUp, FollowUpPlan, Referral, Task
from referral.models.consents import CATEGORY_LABELS
from referral.models.people import can_be_called
from ui.dates import short_day
from ui.forms import CompactForm, one_of, picked, some_of, text, tick, words
from workspace.danger_forms import AsksOfDanger

UNKNOWN = 0  # versions count from one
KEY_DIGITS = 18
FARTHEST = timedelta(days=2 * 365)
LISTEN_CHANNELS = [("email", _("Email")), ("sms", _("Text messages")), (CALLS, _("Phone"))]


class VersionField(forms.IntegerField):
    """The version that a page showed. A page that does not say which one it is counts as an old one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        try:
            return int(super().clean(value))
        except forms.ValidationError:
            return UNKNOWN


class VersionForm(CompactForm):
    """The version of the referral that the page showed: an action on an older one is refused, and of two presses of one
    button on one page the second is known."""

    version = VersionField()


class ConfirmedForm(VersionForm):
    """A step that is shown before it is taken: `shown` is the mark of what was shown, empty before that."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class DateField(forms.DateField):
    """A day from today on, and near enough that somebody who works here now may still see it."""

    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")

    def validate(self, value: Any) -> None:
        super().validate(value)
        today = timezone.localdate()
        if value and value < today:
            raise forms.ValidationError(_("This day is past. Please choose today or later."))
        if value and value > today + FARTHEST:
            day = formats.date_format(today + FARTHEST, "DATE_FORMAT")
            raise forms.ValidationError(_("This day is too far away. Choose %(day)s or earlier.") % {"day": day})


def a_day(label: Any) -> DateField:
    messages = {"required": _("Please choose a day."), "invalid": _("Please write the day as 2026-03-31.")}
    return DateField(label=label, error_messages=messages)


def a_colleague(label: Any) -> forms.ModelChoiceField[User]:
    """Somebody who may work on referrals; `offer_staff` fills it."""
    return forms.ModelChoiceField(
        label=label,
        queryset=User.objects.none(),
        empty_label=_("Please choose"),
        error_messages={"required": _("Choose someone."), "invalid_choice": _("Choose someone.")},
    )


def offer_staff(form: forms.Form, *names: str, held: Mapping[int, Held] | None = None) -> None:
    """Offer the staff in these fields, with who is away, and how many each has by `held`."""
    staff = User.objects.with_perm(
        "referral.work_referrals", is_active=True, backend="django.contrib.auth.backends.ModelBackend"
    ).order_by("first_name", "username")
    away = {each.user_id: each for each in Absence.objects.on(timezone.localdate())}
    for name in names:
        field: Any = form.fields[name]
        field.queryset = staff
        field.label_from_instance = lambda user: _staff_name(user, away.get(user.pk), held)


class AssignForm(VersionForm):
    to = a_colleague(_("Assign to"))
    counts = True  # whether it says how many families each has

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_staff(self, "to", held=held_now() if self.counts else None)


def _staff_name(user: User, away: Absence | None, held: Mapping[int, Held] | None) -> str:
    """A colleague as they are chosen; whoever is away is not chosen by mistake."""
    name = user.get_full_name() or user.get_username()
    if held is not None:
        has = held.get(user.pk, Held(0, 0))
        name = _("%(name)s: %(open)d open, %(urgent)d urgent") % {"name": name, **has._asdict()}
    if away is None:
        return name
    day = short_day(away.last_day)
    return str(_("%(name)s, away until %(day)s") % {"name": name, "day": day})


class HandOverForm(AssignForm):
    counts = False
    note = words(_("What must they know?"), missing=_("Write what your colleague must know."), rows=2, max_length=1000)


class WordForm(AsksOfDanger, VersionForm):
    """What a family said to somebody else than its navigator."""

    danger_in = "said"

    said = words(_("What did they say?"), missing=_("Write what they said."), max_length=2000)
    number = text(
        _("Number to call back"),
        required=False,
        max_length=40,
        attrs={"type": "tel", "inputmode": "tel", "class": "short"},
        help_text=_("Leave it empty if it is the number we have."),
    )
    asks_now = tick(_("They ask for help now: call whoever is on duty"))

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if number and not can_be_called(number):
            raise forms.ValidationError(
                _("Enter the whole number, such as 626-555-0142, or leave it empty if it is the one we have.")
            )
        return number


class TakeOverForm(VersionForm):
    reason = words(_("Why do you take it over?"), missing=_("Write why you take it over."), rows=2, max_length=1000)


class AbsenceForm(CompactForm):
    """Who is away, who covers, and when."""

    user = a_colleague(_("Who is away"))
    cover = a_colleague(_("Who covers"))
    first_day = a_day(_("First day"))
    last_day = a_day(_("Last day"))

    def __init__(self, *args: Any, worker: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial = {"cover": worker, "first_day": today, "last_day": today}
        offer_staff(self, "user", "cover")


class GiveBackForm(VersionForm):
    note = words(
        _("What must whoever takes it know?"),
        missing=_("Write what whoever takes it must know."),
        rows=2,
        max_length=1000,
    )


class ResolveForm(VersionForm):
    """The end of a call for help."""

    happened = words(
        _("What happened?"), missing=_("Write what happened, for whoever reads this next."), max_length=2000
    )


class ReplyForm(VersionForm):
    """An answer to a family or a program, on the page where it asked."""

    answer = words(_("Your answer, on their page"), missing=_("Please write your answer first."), max_length=2000)


class NoteForm(AsksOfDanger, VersionForm):
    danger_in = "note"
    # A name of its own: the note travels with every other form of its page, so that no refusal loses it.
    note = words(_("Note"), missing=_("Please write the note first."), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs |= {"hx-preserve": "true", "data-key": "n"}


class ListenForm(VersionForm):
    """The family told us that it wants messages again. Which channels it stopped, the page knows."""

    channel = some_of(
        _("What do they want again?"),
        LISTEN_CHANNELS,
        required=True,
        missing=_("Check at least one way."),
    )
    words = text(_("What did they say?"), missing=_("Write how they asked for it."), max_length=200)
    safe = tick(_("Only they read or hear it now"), help_text=_("They told us that someone else did. Ask them first."))


class HoldForm(VersionForm):
    until = a_day(_("Until"))
    reason = words(_("Why?"), missing=_("Please say why it must wait."), rows=2, max_length=1000)
    requests = one_of(
        _("Requests to programs"),
        [("stay", _("They go on")), ("end", _("Cancel them: the programs are told"))],
        initial="stay",
        required=False,
    )


# What a family says for itself alone.
NOT_OF_MANY = (Referral.Closing.WITHDRAWN, Referral.Closing.STOPPED)


class EndForm(CompactForm):
    """How something ended, and why."""

    closing = picked(
        _("How did it end?"),
        [
            ("", _("Please choose")),
            *(each for each in Referral.Closing.choices if each[0] not in NOT_OF_MANY),
        ],
    )
    reason = words(_("In a few words"), missing=_("Please say in a few words how it ended."), rows=2, max_length=1000)


class CloseForm(ConfirmedForm, EndForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stopped = Referral.Closing.STOPPED
        self.fields["closing"].choices += [(stopped.value, stopped.label)]  # type: ignore[attr-defined]


class GreyedBoxes(forms.CheckboxSelectMultiple):
    """Check boxes of which some are greyed: `off` says which, `why` is said beside them."""

    off: Collection[str] = ()
    why: Any = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.off:
            option["attrs"] |= {"disabled": True, "checked": False}
            option |= {"hint": self.why, "selected": False}
        return option


class SeveralPrograms(forms.ModelMultipleChoiceField[Program]):
    """Programs by their keys; a key that no database could hold is none of them."""

    def clean(self, value: Any) -> Any:
        if any(len(str(each)) >= KEY_DIGITS for each in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": ""})
        return super().clean(value)


class SendForm(ConfirmedForm):
    """A request to programs: which ones, and what beyond the limited part they may see once they have accepted."""

    CATEGORIES = [(each.value, CATEGORY_LABELS[each]) for each in Category if each not in LIMITED]

    program = SeveralPrograms(
        label=_("Programs"),
        queryset=Program.objects.none(),
        error_messages={
            "required": _("Please choose a program."),
            "invalid_choice": _("This program is no longer listed. Please choose another."),
            "invalid_pk_value": _("Please choose a program."),
        },
    )
    categories = forms.MultipleChoiceField(
        label=_("Once it accepts, it also sees"),
        choices=CATEGORIES,
        widget=GreyedBoxes,
        required=False,
        initial=[Category.CONTACT],
        error_messages={"invalid_choice": _("Please choose among these.")},
    )
    find = text(_("Another program, by its name"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.public()  # type: ignore[attr-defined]

    def grey(self, categories: Collection[str]) -> None:
        """Grey the boxes of what no consent covers."""
        widget: Any = self.fields["categories"].widget
        widget.off, widget.why = categories, _("The consent does not cover this. Ask for a wider one first.")

    def typed(self, name: str) -> list[str]:
        """What was sent under this name; nothing where nothing was."""
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """The reasons as they were typed, with the names of their fields."""
        return [(name, str(value)) for name, value in self.data.items() if name.startswith("reason_")]

    def reason(self, program: Program) -> str:
        """Why this program anyway, as it was typed."""
        return str(self.data.get(f"reason_{program.pk}", ""))


class PlanForm(VersionForm):
    plan = forms.ModelChoiceField(
        label=_("Plan"),
        queryset=FollowUpPlan.objects.filter(active=True),
        empty_label=_("Please choose"),
        error_messages={"required": _("Please choose a plan."), "invalid_choice": _("Please choose a plan.")},
    )


class TaskForm(VersionForm):
    kind = picked(_("What?"), Task.Kind.choices, initial=Task.Kind.CALL)
    text = text(_("More about it"), required=False, max_length=500)
    due = a_day(_("By when?"))
    urgent = tick(_("Urgent"))


class AnswerForm(VersionForm):
    """What the family said on the phone to a check-in."""

    answer = one_of(_("What did they say?"), FollowUp.Answer.choices, missing=_("Please choose what they said."))
    text = words(_("In their words"), required=False, rows=2, max_length=1000)


class ReasonForm(VersionForm):
    reason = words(_("Why?"), missing=_("Enter the reason."), rows=2, max_length=1000)


class StartForm(VersionForm):
    """The level at which a program took the person in. Where it offers only one, nobody has to say it."""

    level = forms.ModelChoiceField(
        label=_("Level they were admitted to"), queryset=LevelOfCare.objects.none(), required=False
    )

    def __init__(self, *args: Any, offered: Collection[LevelOfCare] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        field.queryset, field.empty_label = LevelOfCare.objects.in_order(), _("not known yet")
        if offered:
            field.choices = [("", field.empty_label), *((each.pk, str(each)) for each in offered)]


class CancelForm(ConfirmedForm, ReasonForm):
    """The reason for cancelling a request or a place."""
