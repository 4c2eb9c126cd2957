"""What staff note of somebody else to call for a family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from referral.actions.other_people import Facts
from referral.models import Contact, OtherPerson
from referral.models.people import can_be_called
from referral.reach_form import A_NAME
from ui.forms import picked, text, tick, words
from workspace.forms import VersionForm


class PersonKeyForm(VersionForm):
    """Which other person to call a button is about."""

    person = forms.UUIDField(widget=forms.HiddenInput)


class PersonForm(VersionForm):
    """Another person to call: a new one, or the one whose key is in `person`."""

    person = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = text(_("Name"), max_length=100, validators=A_NAME, missing=_("Enter a name. A first name is enough."))
    relation = text(_("Who they are"), required=False, max_length=100, help_text=_("Such as: sister, case worker."))
    phone = text(
        _("Phone"),
        max_length=60,
        attrs={"type": "tel", "autocomplete": "off"},
        missing=_("Enter a phone number, such as 626-555-0142."),
    )
    language = picked(_("Language"), [("", _("not asked")), *settings.LANGUAGES], required=False)
    knows = tick(_("They know of the request: we may say who calls and why"))
    instead = tick(_("Call them instead of the family’s contact"))
    when = text(_("When to call"), required=False, max_length=100, help_text=_("Such as: evenings, after 6."))
    apart = tick(_("The family must not know that they call us"))
    voicemail = picked(_("If no one answers"), Contact.Message.choices)
    note = words(_("Note"), required=False, rows=2, max_length=1000)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"].strip()
        if not can_be_called(typed):
            raise forms.ValidationError(
                _("This does not look like a phone number. Use ten digits, such as 626-555-0142.")
            )
        return typed

    @property
    def facts(self) -> Facts:
        """The cleaned values as the action takes them."""
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__dataclass_fields__})

    @classmethod
    def of(cls, person: OtherPerson, version: int) -> PersonForm:
        """The form to change this person."""
        initial: dict[str, Any] = {name: getattr(person, name) for name in Facts.__dataclass_fields__}
        initial |= {"phone": person.phone_shown, "person": person.pk, "version": version}
        return cls(initial=initial, auto_id=f"person-{person.pk}_%s")
