"""What is asked when somebody calls."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from referral.actions.consents import MayNotSign
from referral.actions.intake import Ask
from referral.duplicates import Caller
from referral.models import Consent, ConsentWording, Contact, Patient, Referral
from referral.models.consents import CurrentWordings
from referral.models.people import name_key, with_extension
from referral.reach_form import A_NAME, WAYS, ReachForm
from referral.refusals import sentence
from referral.signing import ADULT, OLDEST, age_group, ages, bar, by_substances, names_another
from ui.forms import SeenField, one_of, picked, text, words
from workspace.consent_forms import HOW, GivenConsent

NONE, LINK = "none", "link"
FAMILY = "family"  # of the choices beside those of a referral: a school or a clinic is on the phone
CALLS_FOR = [
    (Referral.Relation.SELF, _("The person on the phone")),
    (Referral.Relation.LOVED_ONE, _("Someone they love")),
    (FAMILY, _("A family they call for (school, clinic)")),
]


def a_birth_year() -> SeenField:
    return text(
        _("Year of birth of the person who needs care"),
        required=False,
        max_length=4,
        attrs={"inputmode": "numeric", "class": "short"},
    )


def checked_year(typed: str) -> str:
    """The year as it was typed. Raises `ValidationError` where nobody who lives was born in it."""
    year, this = typed.strip(), timezone.localdate().year
    if year and not (re.fullmatch(r"[0-9]{4}", year) and this - OLDEST <= int(year) <= this):
        if re.fullmatch(r"[0-9]{4}", year):
            told = _("Check the year of birth: it is before %(first)d or after %(last)d.")
            raise forms.ValidationError(told % {"first": this - OLDEST, "last": this})
        raise forms.ValidationError(_("Enter the year of birth with four digits, such as 1988."))
    return year


def _spoken(rows: Sequence[ConsentWording], part: str) -> str:
    """One sentence in several languages; all but the first are marked `is-other`."""
    spans = (("" if row is rows[0] else " is-other", row.language, getattr(row, part)) for row in rows)
    return format_html_join("", '<span class="spoken{}" lang="{}">{}</span>', spans)


class SpokenReach(ReachForm):
    """How a family is reached, on a page of staff: the words of each permission in all languages, to be read aloud."""

    marks_optional = False
    compact = True

    NO_ADDRESS = _("Enter a phone number or an email address, so that we can reach them.")
    NO_ADDRESS_OF = (
        ("by_email", "email", _("To send emails, enter their email address.")),
        ("by_text", "phone", _("To send texts, enter their phone number.")),
        ("by_phone", "phone", _("To call them, enter their phone number.")),
    )

    def __init__(self, *args: Any, current: CurrentWordings | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["zip_code"].help_text = self.fields["phone"].help_text = ""
        self.fields["language"].label = _("Language")
        self.fields["voicemail"].label = _("If no one answers")

    def zip_or_none(self) -> str:
        """The ZIP code, or ``""`` and our own zone where it is not known yet."""
        if self.cleaned_data["zip_code"]:
            return super().clean_zip_code()
        self.zone = settings.TIME_ZONE
        return ""

    def wordings(self, language: str) -> None:
        """The permissions in the language of the family, as far as it was said; beside each box they stand in all
        languages, that of the reader first, and the page shows the one that was chosen."""
        asked = self.data.get("language", "")
        codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != language)
        keys = (*WAYS, ConsentWording.Key.SHARE.value)
        found = self.current or ConsentWording.objects.current_of_all()
        self.words = {key: found[key, asked if asked in codes else language] for key in keys}
        for way in WAYS:
            rows = list(dict.fromkeys(found[way, code] for code in codes))
            self.fields[f"by_{way}"].label = _spoken(rows, "label")
            self.fields[f"by_{way}"].help_text = _spoken(rows, "body")


class IntakeForm(SpokenReach, GivenConsent):
    """Somebody calls. What is typed is kept as it stands; only opening the referral asks for what is needed."""

    relation = one_of(
        _("Who is this for?"),
        CALLS_FOR,
        missing=_("Choose who this is for."),
    )
    contact_name = text(
        _("Name of whom we talk with"),
        max_length=100,
        validators=A_NAME,
        missing=_("Enter a name. A first name is enough."),
    )
    referrer = text(
        _("Someone else called for them"),
        required=False,
        max_length=200,
        help_text=_("A clinician, a school: name and role. The fields here are then about the family."),
    )
    caller_phone = text(
        _("Phone of who called for them"),
        required=False,
        max_length=60,
        attrs={"type": "tel", "autocomplete": "off"},
        help_text=_("With its extension: 626-555-0142 ext. 12."),
    )
    patient_name = text(
        _("Name of the person who needs care"),
        required=False,
        max_length=100,
        validators=A_NAME,
        help_text=_("Only if this is someone else, and only if they say it."),
    )
    birth_year = a_birth_year()
    age = picked(_("Or age group"), Patient.Age.choices, required=False)
    gender = picked(_("Gender"), Patient.Gender.choices, required=False)
    concern = one_of(_("What is it about?"), Referral.Concern.choices, missing=_("Choose one. “Not sure” is fine."))
    urgency = one_of(
        _("How urgent?"),
        Referral.Urgency.choices,
        initial=Referral.Urgency.ROUTINE,
        missing=_("Choose how urgent it is."),
    )
    message = words(_("In their words"), required=False, max_length=2000, rows=3)
    method = one_of(
        _("May we share with programs?"),
        [*HOW, (LINK, _("Send them a link to sign")), (NONE, _("Not now"))],
        initial=NONE,
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-kept": True}))
    mine = forms.BooleanField(label=_("Assign to me"), required=False, initial=True)

    def __init__(self, *args: Any, later: bool = False, **kwargs: Any):
        """`later` is that they hung up, or cannot stay: a name opens the referral, the rest is asked."""
        super().__init__(*args, **kwargs)
        self.later = later
        for name in self.fields if later else ():
            self.fields[name].required = name in ("contact_name", "key")
        self.fields["zip_code"].error_messages["required"] = _("Enter the ZIP code. It gives the area and the clock.")
        self.fields["read_in"].required = False
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["language"].widget.attrs["data-sets"] = "read_in"

    def clean_birth_year(self) -> str:
        return checked_year(self.cleaned_data["birth_year"])

    def clean_caller_phone(self) -> str:
        typed = self.cleaned_data["caller_phone"].strip()
        try:
            return with_extension(typed) if typed else ""
        except ValueError as error:
            raise forms.ValidationError(
                _("This does not look like a phone number. Use ten digits, such as 626-555-0142 ext. 12.")
            ) from error

    def asks_address(self, data: Mapping[str, Any]) -> bool:
        """Not where they hung up before they said it, nor where whoever called for them is called back."""
        return not self.later and not self._is_for_family(data)

    @staticmethod
    def _is_for_family(data: Mapping[str, Any]) -> bool:
        return bool(data.get("relation") == FAMILY and data.get("caller_phone"))

    def _clean_given(self, data: dict[str, Any]) -> None:
        # The words are read in the language of the call, unless another was chosen.
        data["read_in"] = data.get("read_in") or data.get("language", "")
        super()._clean_given(data)
        self._clean_signer(data)

    def _clean_signer(self, data: Mapping[str, Any]) -> None:
        """Say beside the rest that whoever consents may not, by what was typed: with somebody on the line there is
        one round of questions. The action decides."""
        born, signed_as = data.get("birth_year"), data.get("signed_as")
        if not signed_as or "birth_year" in self.errors:
            return
        age = ages(data.get("age") or "", int(born) if born else None, timezone.localdate().year)
        substance = by_substances(data.get("concern") or "")
        found = bar(signed_as, age=age, substance=substance, proof=data.get("authority") or "")
        if not found:
            return
        if born and age[0] < ADULT <= age[1]:
            birthday = gettext(
                "Born in %(year)s, they are %(low)d or %(high)d. Ask for the month and day of birth. If they are 18"
                " already, clear the year and choose the age group."
            )
            self.add_error("birth_year", birthday % {"low": age[0], "high": age[1], "year": born})
        self.add_error("signed_as", sentence(MayNotSign(found)))

    def clean_zip_code(self) -> str:
        return self.zip_or_none() if self.later else super().clean_zip_code()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.asks_address(data) and not any(data.get(f"by_{way}") for way in WAYS):
            self.add_error("by_phone", _("Ask how we may reach them, and check at least one way."))
        if data.get("relation") == Referral.Relation.SELF and self._names_another(data):
            self.add_error(
                "relation",
                _("You typed a name for the person who needs care. Choose “Someone they love”, or clear that name."),
            )
        if data.get("relation") == FAMILY:
            self._clean_family(data)
        return data

    @staticmethod
    def _names_another(data: Mapping[str, Any]) -> bool:
        return names_another(*(name_key(data.get(name) or "") for name in ("patient_name", "contact_name")))

    def _clean_family(self, data: Mapping[str, Any]) -> None:
        """Whoever calls for a family says who they are, and neither allows messages nor consents for it."""
        if not data.get("referrer"):
            self.add_error("referrer", _("Write who calls: name and role. The name above is that of the family."))
        for way in ("email", "text"):
            if data.get(f"by_{way}"):
                self.add_error(f"by_{way}", _("Only the family can allow this. Ask them when you call."))
        if data.get("method") in (Consent.Method.VERBAL, LINK):
            self.add_error("method", _("The family consents itself. Choose “Not now”, and ask when you call."))

    def missing(self) -> list[str]:
        """The labels of what a call opens with as a rule, and this one did not say."""
        data = self.cleaned_data
        asked = ("relation", "concern", "zip_code", "language")
        labels = [str(self.fields[name].label) for name in asked if not data.get(name)]
        return labels if any(data.get(f"by_{way}") for way in WAYS) else [*labels, gettext("How may we contact them?")]

    def ask(self) -> Ask:
        """The cleaned values as the action takes them. A number that was only written down allows no call."""
        data, born = self.cleaned_data, self.cleaned_data["birth_year"]
        another = self._names_another(data)
        own = (data["relation"] or Referral.Relation.SELF) == Referral.Relation.SELF and not another
        if data["relation"] == FAMILY:  # whoever is reached there is the person in care where they have one name
            own = bool(data["patient_name"]) and not another
        same = ("contact_name", "zip_code", "phone", "email", "gender", "message", "times", "voicemail")
        ways = [way for way in WAYS if data[f"by_{way}"]]
        return Ask(
            **{name: data[name] for name in same},
            **{name: data[name] for name in ("referrer", "caller_phone")},
            key=data["key"],
            relation=Referral.Relation.SELF if own else Referral.Relation.LOVED_ONE,
            concern=data["concern"] or Referral.Concern.UNSURE,
            language=data["language"] or get_language() or "en",
            urgency=data["urgency"] or Referral.Urgency.ROUTINE,
            patient_name=data["contact_name"] if own else data["patient_name"],
            zone=self.zone,
            birth_year=born,
            age=age_group(int(born), timezone.localdate().year) if born else data["age"],
            permissions={way: self.words[way] for way in ways},
            source="call",
            not_asked=self._not_asked(),
        )

    def _not_asked(self) -> list[str]:
        """What of `Contact.NOT_ASKED` was not said: of a full call nothing, but how a family may be reached for whom
        somebody else called."""
        data = self.cleaned_data
        asked = {
            "language": bool(data["language"]),
            "voicemail": not self.later or data["voicemail"] != Contact.Message.NO,
            "ways": any(data[f"by_{way}"] for way in WAYS),
        }
        whom = [] if data["relation"] or self._names_another(data) else [Contact.FOR_WHOM]
        return [*whom, *(name for name in Contact.NOT_ASKED if not asked[name])]

    @property
    def is_unreachable(self) -> bool:
        """Whether nobody can be called or written to: somebody has to find a way."""
        return not any(self.cleaned_data[name] for name in ("phone", "email", "caller_phone"))

    @property
    def is_given(self) -> bool:
        return self._is_given(self.cleaned_data)

    @property
    def sends_link(self) -> bool:
        return bool(self.cleaned_data["method"] == LINK)


def typed_in(data: Any) -> dict[str, list[str]]:
    """What was typed, field by field, as a draft keeps it."""
    names = {*IntakeForm.base_fields} - {"key"}
    return {name: data.getlist(name) for name in sorted(names) if any(data.getlist(name))}


def caller_in(typed: Mapping[str, Sequence[str]]) -> Caller:
    """What is known of the caller in what was typed so far."""
    first = {name: (values or [""])[0].strip() for name, values in typed.items()}
    names = tuple(filter(None, (first.get("contact_name", ""), first.get("patient_name", ""))))
    told = {name: first.get(name, "") for name in ("phone", "email", "birth_year", "zip_code")}
    return Caller(names=names, **told)


def draft_key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
