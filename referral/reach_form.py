"""Fields about a family that its own pages and the staff's share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.geo import BadZip
from directory.models.zips import place_of
from messaging.addresses import BadAddress, normal
from messaging.models.channel import is_set_up
from referral.actions.contacts import Reach
from referral.models import ConsentWording, Contact
from referral.names import has_address
from ui.forms import Form, one_of, some_of, text, tick

WAYS = ("email", "text", "phone")


def no_address(name: str) -> None:
    """What is called a name may go into messages; they must carry nobody else's links."""
    if has_address(name):
        raise ValidationError(_("Please write a name, without a web address. Leave a space after a dot."))


A_NAME: list[Callable[[str], None]] = [
    no_address,
    # Control characters, line ends, and what turns the direction of writing.
    RegexValidator(
        "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]",
        _("Please write the name on one line, in plain letters."),
        inverse_match=True,
    ),
]


class ReachForm(Form):
    """How a family wants to be reached; every permission is a box of its own, none is ticked for it."""

    needed: Collection[str] = ("phone", "email")

    # What is said where an address is missing, at all or of a way that was chosen.
    NO_ADDRESS: ClassVar[str | Promise] = _("Enter a phone number or an email address, so that we can reach you.")
    NO_ADDRESS_OF: ClassVar[Sequence[tuple[str, str, str | Promise]]] = (
        ("by_email", "email", _("To get emails, enter your email address.")),
        ("by_text", "phone", _("To get texts, enter your phone number.")),
        ("by_phone", "phone", _("To get calls, enter your phone number.")),
    )

    phone = text(
        _("Phone"),
        required=False,
        max_length=40,
        attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"},
        help_text=_("Enter a phone number, an email address, or both."),
    )
    email = text(
        _("Email"),
        required=False,
        max_length=254,
        attrs={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
    zip_code = text(
        _("ZIP code"),
        max_length=10,
        missing=_("Enter your ZIP code so we can look near you."),
        attrs={"inputmode": "numeric", "autocomplete": "postal-code", "class": "short"},
        help_text=_("We look for programs near you, and send no check-ins at night."),
    )
    times = some_of(_("When may we call?"), Contact.Time.choices, required=False)
    voicemail = one_of(_("If no one answers"), Contact.Message.choices, initial=Contact.Message.NO, required=False)
    language = one_of(_("Which language do you prefer?"), settings.LANGUAGES)
    by_email = tick(_("Email"))
    by_text = tick(_("Text"))
    by_phone = tick(_("Phone"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("en", "English"), ("es", "Español")]  # type: ignore[attr-defined]
        if not is_set_up("sms"):
            # Nobody is asked for what we could not do; what was said of texts before stays as it was.
            self.fields["by_text"].disabled, self.fields["by_text"].widget = True, forms.HiddenInput()

    def wordings(self, language: str) -> None:
        """Put the words that are agreed to beside the boxes, in the reader's language."""
        found = ConsentWording.objects.current_of((key, language) for key in (*WAYS, "share"))
        self.words = {key: wording for (key, _language), wording in found.items()}
        for way in WAYS:
            self.fields[f"by_{way}"].label = self.words[way].label
            self.fields[f"by_{way}"].help_text = self.words[way].body

    def asks_address(self, data: Mapping[str, Any]) -> bool:
        """Whether somebody must be reachable here."""
        return True

    def clean_phone(self) -> str:
        return self._address(
            "phone", "sms", _("This does not look like a phone number. Use ten digits, such as 626-555-0142.")
        )

    def clean_email(self) -> str:
        return self._address(
            "email", "email", _("This does not look like an email address. Use one such as name@example.org.")
        )

    def _address(self, name: str, channel: str, sentence: Any) -> str:
        value = str(self.cleaned_data[name])
        try:
            return normal(channel, value) if value else ""
        except BadAddress as error:
            raise forms.ValidationError(sentence) from error

    def clean_zip_code(self) -> str:
        try:
            place = place_of(self.cleaned_data["zip_code"])
        except BadZip as error:
            if error.reason == "shape":
                raise forms.ValidationError(_("A ZIP code has five digits, such as 91101.")) from error
            raise forms.ValidationError(_("We do not know this ZIP code. Please check the digits.")) from error
        self.zone = place.zone or settings.TIME_ZONE
        return place.zip

    def clean_voicemail(self) -> str:
        return self.cleaned_data["voicemail"] or Contact.Message.NO

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        faulty = {"phone", "email"} & set(self.errors)
        if not faulty and not data.get("phone") and not data.get("email") and self.asks_address(data):
            self.add_error("phone", str(self.NO_ADDRESS))
        for box, address, sentence in self.NO_ADDRESS_OF:
            if data.get(box) and not data.get(address) and address not in self.errors:
                self.add_error(address, str(sentence))
        return data

    def reach(self) -> Reach:
        """The cleaned values as the action takes them."""
        data = self.cleaned_data
        return Reach(
            **{name: data[name] for name in ("phone", "email", "zip_code", "language", "times", "voicemail")},
            **{f"by_{way}": data[f"by_{way}"] for way in WAYS},
            zone=self.zone,
            wordings={"email": self.words["email"].body, "sms": self.words["text"].body},
        )
