"""What is asked where a family moves on. Each form belongs to one action and names no other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from directory.geo import BadZip
from directory.models.zips import place_of
from referral.actions.contacts import CHANGEABLE, Reach
from referral.actions.moving import NextStep
from referral.models import ConsentWording, Contact, Patient, Referral
from ui.forms import CompactForm, one_of, text, tick, words
from workspace.forms import DateField, VersionField, VersionForm
from workspace.need_forms import LevelsForm

DAY = {"invalid": _("Please write the day as 2026-03-31.")}


class StepForm(LevelsForm):
    """The level that comes next, and why."""

    def next_step(self) -> NextStep:
        """The cleaned values as the action takes them."""
        return NextStep(**{name: self.cleaned_data[name] for name in ("low", "high", "urgency", "reason")})


class ReopenForm(VersionForm):
    reason = words(
        _("Why was it closed in error? Not needed in the first 10 minutes."), required=False, rows=2, max_length=1000
    )


class CodeForm(CompactForm):
    """Which other referral is of the same family, where nothing that was typed says so."""

    code = text(
        _("The code of the other one"),
        missing=_("Enter its code, such as K7P2-XM94."),
        max_length=20,
        attrs={"class": "short", "autocomplete": "off"},
    )


class EndForm(VersionForm):
    """The day on which care is expected to end; empty where nobody knows."""

    ends_on = DateField(label=_("Care is expected to end on"), required=False, error_messages=DAY)


class OpeningForm(VersionForm):
    """The day on which a program expects an opening for who is on its waitlist; empty where it does not know."""

    expected_on = DateField(label=_("Opening expected on"), required=False, error_messages=DAY)


class MovedForm(VersionForm):
    """Where the family has moved to."""

    zip_code = text(
        _("New ZIP code"),
        max_length=10,
        missing=_("Enter the ZIP code where they live now."),
        attrs={"inputmode": "numeric", "class": "short"},
    )
    reason = words(_("In a few words"), missing=_("Say what you told the family."), rows=2, max_length=1000)

    def clean_zip_code(self) -> str:
        try:
            self.place = place_of(self.cleaned_data["zip_code"])
        except BadZip as error:
            raise forms.ValidationError(_("Enter a ZIP code with five digits, such as 91101.")) from error
        return self.place.zip

    def reach(self, contact: Contact) -> Reach:
        """How the contact is reached there: as before, in another place."""
        same: dict[str, Any] = {name: getattr(contact, name) for name in CHANGEABLE}
        same |= {"zip_code": self.place.zip, "zone": self.place.zone or settings.TIME_ZONE}
        ways = {"email": "email", "sms": "text"}
        language = get_language() or "en"
        wordings = {key: ConsentWording.objects.current(way, language).body for key, way in ways.items()}
        return Reach(**same, wordings=wordings)


def age_words(patient: Patient) -> str:
    """The age as it is known: the group, and the year of birth."""
    group = patient.get_age_display()
    return (
        gettext("%(group)s, born %(year)s") % {"group": group, "year": patient.birth_year}
        if patient.birth_year
        else group
    )


def _number(contact: Contact) -> str:
    """The number, and that it is wrong where that is known."""
    if contact.phone_wrong_at is None:
        return contact.phone_shown
    return gettext("%(phone)s (wrong number)") % {"phone": contact.phone_shown}


class MergeForm(VersionForm):
    """Which contact is used from now on; the versions of both as they were shown."""

    other_version = VersionField()
    contact = one_of(
        _("Whom do we contact from now on?"),
        [("keep", _("The contact of the one that is kept")), ("other", _("The contact of the one that is closed"))],
        initial="keep",
    )
    age = one_of(_("Which age is right?"), (), missing=_("Choose the age that is right."))
    language = one_of(_("In which language do we write and call?"), (), missing=_("Choose the language."))
    sure = tick(_("I am sure that this is one and the same person in care."), required=False)

    def ask_what_differs(self, keep: Referral, other: Referral) -> None:
        """Offer both ages and both languages, each only where they differ."""
        pair = (keep, other)
        for name, facts in (
            ("age", [age_words(each.patient) for each in pair]),
            ("language", [each.contact.get_language_display() for each in pair]),
        ):
            if facts[0] == facts[1]:
                self.fields.pop(name, None)
                continue
            codes = [each.public_code for each in pair]
            choices = zip(("keep", "other"), facts, codes, strict=True)
            field: Any = self.fields[name]
            field.choices = [(key, f"{fact} ({code})") for key, fact, code in choices]

    def name_contacts(self, keep: Contact, other: Contact, *, only_keep: bool) -> None:
        """Say whose they are; of the one that cannot be used nothing is offered."""
        field: Any = self.fields["contact"]
        ways = [", ".join(filter(None, (str(each), _number(each), each.email))) for each in (keep, other)]
        field.choices = [(key, f"{label}: {way}") for (key, label), way in zip(field.choices, ways, strict=True)]
        if only_keep:
            field.choices = field.choices[:1]


class UnmergeForm(VersionForm):
    reason = words(
        _("Why are they not the same?"), missing=_("Say why, for whoever reads this next."), rows=2, max_length=1000
    )
