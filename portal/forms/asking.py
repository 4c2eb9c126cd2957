"""What a family fills in: asking for help, how it wants to be reached, and its consent."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from directory.geo import BadZip
from directory.models.zips import place_of
from messaging.addresses import BadAddress, normal
from referral.actions.consents import Signature
from referral.actions.contacts import Reach
from referral.actions.intake import Ask
from referral.coverage import LIMITED, Category
from referral.models import ConsentWording, Contact, Patient, Referral
from ui.forms import Form, one_of, picked, some_of, text, tick, words

WAYS = ("email", "text", "phone")
# What is called a name goes into messages; they must carry nobody else's links.
A_NAME = [
    RegexValidator(
        r"[/\\@／]|www\.|\w[.。．｡][^\W\d_]{2}",
        _("Please write a name, without a web address. Leave a space after a dot."),
        inverse_match=True,
    ),
    # Control characters, line ends, and what turns the direction of writing.
    RegexValidator(
        "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]",
        _("Please write the name on one line, in plain letters."),
        inverse_match=True,
    ),
]
AGES = [("", _("I'd rather not say")), *[each for each in Patient.Age.choices if each[0]]]
FROM_THE_FORM = sorted({*LIMITED, Category.CONTACT})


class ReachForm(Form):
    """How a family wants to be reached; every permission is a box of its own, none is ticked for it."""

    needed: Collection[str] = ("phone", "email")

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
        help_text=_("So we look close to you, and check-ins do not come at night."),
    )
    times = some_of(_("Good times to call"), Contact.Time.choices, required=False)
    voicemail = one_of(_("If no one answers"), Contact.Message.choices, initial=Contact.Message.NO, required=False)
    language = one_of(_("Which language do you prefer?"), settings.LANGUAGES)
    by_email = tick(_("Email"))
    by_text = tick(_("Text"))
    by_phone = tick(_("Phone"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("en", "English"), ("es", "Español")]  # type: ignore[attr-defined]

    def wordings(self, language: str) -> None:
        """Put the words that are agreed to beside the boxes, in the reader's language."""
        self.words = {key: ConsentWording.objects.current(key, language) for key in (*WAYS, "share")}
        for way in WAYS:
            self.fields[f"by_{way}"].label = self.words[way].label
            self.fields[f"by_{way}"].help_text = self.words[way].body

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
        if not faulty and not data.get("phone") and not data.get("email"):
            self.add_error("phone", _("Enter a phone number or an email address, so that we can reach you."))
        for box, address, sentence in (
            ("by_email", "email", _("To get emails, enter your email address.")),
            ("by_text", "phone", _("To get texts, enter your phone number.")),
            ("by_phone", "phone", _("To get calls, enter your phone number.")),
        ):
            if data.get(box) and not data.get(address) and address not in self.errors:
                self.add_error(address, sentence)
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


class AskForm(ReachForm):
    """A family asks for help. Short; what is not needed to begin is not asked."""

    needed = ("phone", "email", "signed_name")

    relation = one_of(_("Who is this for?"), Referral.Relation.choices, missing=_("Please say who this is for."))
    concern = one_of(
        _("What is it about?"), Referral.Concern.choices, missing=_("Please choose one. “Not sure” is fine.")
    )
    contact_name = text(
        _("What should we call you?"),
        max_length=100,
        validators=A_NAME,
        missing=_("Please tell us what to call you. A first name is enough."),
        attrs={"autocomplete": "name"},
        help_text=_("A first name is enough."),
    )
    patient_name = text(
        _("What is their first name?"),
        required=False,
        max_length=100,
        validators=A_NAME,
        help_text=_("Only if this is for someone you love, and only if you want to say it."),
    )
    age = picked(_("How old is the person who may need care?"), AGES, required=False)
    message = words(
        _("Is there anything you want us to know?"),
        required=False,
        max_length=2000,
        rows=4,
        hint=True,
    )
    share = tick(_("Share"))
    signed_name = text(
        _("Your name, as your signature, if you checked the box"), required=False, max_length=100, validators=A_NAME
    )
    share_answers = tick(
        _("Show the navigator my answers to the questions about care, so I do not have to repeat them.")
    )
    ways = forms.Field(required=False)  # the three boxes together: a fault of all of them is said once
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Sent with the form that is shown once more after somebody filled in the box below.
    again = forms.BooleanField(widget=forms.HiddenInput, required=False)
    # People do not see this box; machines fill in what they find, and some browsers do, too.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    field_order = ["relation", "concern", "contact_name", "patient_name", "age", "phone", "email", "zip_code"]

    def wordings(self, language: str) -> None:
        super().wordings(language)
        self.fields["share"].label = self.words["share"].label

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("share") and not data.get("signed_name"):
            self.add_error("signed_name", _("To let us share, sign with your name. Or uncheck the box."))
        if not any(data.get(f"by_{way}") for way in WAYS):
            self.add_error("ways", _("Check at least one way that we may reach you."))
        return data

    @property
    def is_unusual(self) -> bool:
        """Whether the box was filled in that people do not see, now or before the form was shown once more."""
        return bool(self.data.get("website") or self.data.get("again"))

    def once_more(self) -> bool:
        """Make the form ready to be shown once more, with all that was typed; False where that was done before."""
        if self.data.get("again") or not self.data.get("website"):
            return False
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["website"], typed["again"] = "", "on"
        self.data = typed
        return True

    def signature(self) -> Signature | None:
        data = self.cleaned_data
        if not data["share"]:
            return None
        return Signature(
            name=data["signed_name"],
            signed_as=data["relation"],
            wording=self.words["share"],
            categories=FROM_THE_FORM,
        )

    def repeats(self, referral: Referral, now: datetime) -> bool:
        """Whether this note says what the referral was opened with."""
        signed = referral.consents.live(now).values_list("signed_name", flat=True)
        same_consent = list(signed)[-1:] == ([self.cleaned_data["signed_name"]] if self.cleaned_data["share"] else [])
        return same_consent and not self.reach().differs(referral.contact) and not self.corrections(referral)

    def corrections(self, referral: Referral) -> str:
        """What this note says otherwise than the referral, beside the way to reach them and the consent."""
        data, patient = self.cleaned_data, referral.patient
        kept = {
            "relation": referral.relation,
            "concern": referral.concern,
            "contact_name": referral.contact.name,
            "patient_name": patient.name,
            "age": patient.age,
            "message": referral.message,
            "share_answers": data["share_answers"] and referral.response_id is not None,
        }
        if data["relation"] == Referral.Relation.SELF:
            del kept["patient_name"]  # is not asked then
        return "\n".join(
            f"{self.fields[name].label} {self._in_words(name)}" for name in kept if data[name] != kept[name]
        )

    def _in_words(self, name: str) -> str:
        given = self.cleaned_data[name]
        return (
            str(_("Yes") if given is True else dict(getattr(self.fields[name], "choices", ())).get(given, given)) or "–"
        )

    def ask(self, **more: Any) -> Ask:
        """The cleaned values as the action takes them; `more` is what the session adds."""
        data = self.cleaned_data
        same = ("relation", "concern", "contact_name", "phone", "email", "zip_code", "language", "times", "voicemail")
        own = data["relation"] == Referral.Relation.SELF
        return Ask(
            **{name: data[name] for name in same},
            patient_name=data["contact_name"] if own else data["patient_name"],
            age=data["age"],
            message=data["message"],
            zone=self.zone,
            permissions={way: self.words[way] for way in WAYS if data[f"by_{way}"]},
            signature=self.signature(),
            key=data["key"] or uuid.uuid4(),
            unusual=self.is_unusual,
            **more,
        )


class ConsentForm(Form):
    """A consent signed on the family's own page."""

    categories = some_of(_("What we may share"), (), required=False)
    signed_name = text(
        _("Your name, as your signature"), max_length=100, validators=A_NAME, missing=_("Please sign with your name.")
    )
    agree = tick(
        _("I have read this, and I agree."),
        required=True,
        error_messages={"required": _("Check the box if you agree. If you do not, we share nothing.")},
    )

    def __init__(
        self, *args: Any, wording: ConsentWording, has_answers: bool, covered: Collection[str] = (), **kwargs: Any
    ):
        """`covered` is what is shared already: it stays ticked, as a new signature takes the place of the old one."""
        super().__init__(*args, **{**kwargs, "initial": {"categories": list(covered)}})
        self.wording = wording
        self.fields["agree"].label = wording.label
        choices = [(Category.CONTACT, _("Name, phone and email, once a program has accepted"))]
        if has_answers:
            choices.append((Category.ANSWERS, _("My answers to the questions about care, once a program has accepted")))
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]
        self.is_wider = not {each.value for each, _label in choices} <= set(covered)

    def signature(self, relation: str) -> Signature:
        data = self.cleaned_data
        return Signature(
            name=data["signed_name"],
            signed_as=relation,
            wording=self.wording,
            categories=sorted({*LIMITED, *data["categories"]}),
        )
