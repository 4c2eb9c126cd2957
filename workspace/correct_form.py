"""What staff correct later: who they are, and how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from referral.actions.contacts import Reach
from referral.actions.people import People
from referral.duplicates import Similar
from referral.models import Contact, Patient, Referral
from referral.models.people import as_phone
from referral.reach_form import A_NAME, WAYS
from referral.signing import age_group
from ui.forms import picked, some_of, text, tick
from workspace.forms import VersionForm
from workspace.intake_forms import SpokenReach, a_birth_year, checked_year

# Shown where the number is known as wrong, and stands here as it was.
RIGHT = ("right", _("It is right after all: texts and calls may go there"))


class CorrectForm(VersionForm, SpokenReach):
    """On a referral's page: who they are, and how they are reached."""

    contact_name = text(
        _("Name of whom we talk with"),
        max_length=100,
        validators=A_NAME,
        missing=_("Enter a name. A first name is enough."),
    )
    relation = picked(_("Who is this for?"), [("", _("Not asked yet")), *Referral.Relation.choices], required=False)
    patient_name = text(_("Name of the person who needs care"), required=False, max_length=100, validators=A_NAME)
    birth_year = a_birth_year()
    age = picked(_("Or age group"), Patient.Age.choices, required=False)
    gender = picked(_("Gender"), Patient.Gender.choices, required=False)
    right = some_of(_("This number was logged as wrong"), [RIGHT], required=False)

    field_order = [
        "contact_name",
        "relation",
        "patient_name",
        "birth_year",
        "age",
        "gender",
        "phone",
        "right",
        "email",
        "zip_code",
        "language",
    ]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wordings(get_language() or "en")
        # A number that was found is kept before the rest is known.
        self.fields["zip_code"].required = self.fields["language"].required = False

    def ask_whether_shared(self, others: Sequence[Similar]) -> None:
        """Ask before another family's number or address is saved as this one's: it says whose, and nothing more."""
        if not others:
            return
        said = [
            gettext("%(name)s (%(code)s): %(by)s.")
            % {"name": each.referral.contact, "code": each.referral.public_code, "by": ", ".join(each.by)}
            for each in others
        ]
        sentence = gettext("Another family has it, too. %(families)s Check what you typed. Nothing is saved yet.")
        self.fields["shared"] = tick(_("It is right: both families use it"))
        self.fields["shared"].required = True
        self.fields["shared"].error_messages["required"] = sentence % {"families": " ".join(said)}
        self.order_fields([*self.field_order[: self.field_order.index("email") + 1], "shared"])

    def clean_zip_code(self) -> str:
        return self.zip_or_none()

    def clean_birth_year(self) -> str:
        return checked_year(self.cleaned_data["birth_year"])

    def people(self) -> People:
        """The cleaned values as the action takes them."""
        data = self.cleaned_data
        born, names = data["birth_year"], ("contact_name", "relation", "patient_name", "birth_year", "gender")
        age = age_group(int(born), timezone.localdate().year) if born else data["age"]
        return People(**{name: data[name] for name in names}, age=age)

    def reach(self) -> Reach:
        """The cleaned values as the action takes them, with what of `Contact.NOT_ASKED` stands here empty."""
        data = self.cleaned_data
        said = {
            "language": bool(data["language"]),
            "voicemail": bool(self.data.get("voicemail")),
            "ways": any(data[f"by_{way}"] for way in WAYS),
        }
        return replace(super().reach(), unsaid=[name for name in Contact.NOT_ASKED if not said[name]])

    def against(self, referral: Referral) -> list[str]:
        """What was typed otherwise than it stands there by now: both, so that neither is lost unseen."""
        now, typed = self.initial_of(referral), {**self.cleaned_data, "phone": as_phone(self.cleaned_data["phone"])}
        names = ("contact_name", "patient_name", "birth_year", "phone", "email", "zip_code", "language")
        return [
            gettext("%(field)s: now “%(now)s”, yours “%(yours)s”.")
            % {"field": self.fields[name].label, "now": now[name], "yours": typed[name]}
            for name in names
            if now[name] != typed[name]
        ]

    @staticmethod
    def initial_of(referral: Referral) -> dict[str, Any]:
        contact, patient = referral.contact, referral.patient
        names = ("phone", "email", "zip_code", "language", "times", "voicemail", "by_email", "by_text", "by_phone")
        reach = {name: getattr(contact, name) for name in names}
        reach |= {name: "" for name in contact.not_asked or () if name in names}
        return {
            **reach,
            "phone": contact.phone_shown,
            "contact_name": contact.name,
            "patient_name": patient.name,
            "birth_year": patient.birth_year or "",
            "age": patient.age,
            "gender": patient.gender or "",
        }
