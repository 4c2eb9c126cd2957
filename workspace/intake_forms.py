"""What is asked when somebody calls, and what is written down of a consent that was said or signed on paper."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from messaging.calendar import utc_of
from referral.actions.consents import Signature
from referral.actions.contacts import People
from referral.actions.intake import Ask
from referral.coverage import LIMITED, Category
from referral.duplicates import Caller
from referral.models import Consent, ConsentWording, Patient, Referral
from referral.models.consents import CATEGORY_LABELS, CONSENT_LIFE
from referral.models.people import name_key
from referral.reach_form import A_NAME, WAYS, ReachForm
from referral.signing import OLDEST, age_group, names_another
from ui.forms import CompactForm, SeenField, one_of, picked, some_of, text, words
from workspace.forms import FARTHEST, VersionForm

NONE, LINK = "none", "link"
SIGNERS = [("", _("Please choose")), *(each for each in Consent.Signer.choices if each[0] != Consent.Signer.LOVED_ONE)]
HOW = [(Consent.Method.VERBAL, _("They say yes now")), (Consent.Method.PAPER, _("Signed on paper"))]
BESIDE = [(each.value, CATEGORY_LABELS[each]) for each in Category if each not in LIMITED]
DAY = {"invalid": _("Please write the day as 2026-03-31.")}


def a_past_day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=DAY, **kwargs)


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
        raise forms.ValidationError(_("Enter the year of birth with four digits, such as 1988."))
    return year


class GivenConsent(CompactForm):
    """The elements of 42 CFR 2.31 of a consent that staff write down. Names of programs come one on a line."""

    method = one_of(_("How do they consent?"), HOW, missing=_("Choose how they consent."))
    read_in = one_of(
        _("Words that were read or signed"),
        [("en", "English"), ("es", "Español")],
        missing=_("Choose the words that were read aloud or signed."),
    )
    signed_name = text(_("Who consents: full name"), required=False, max_length=100, validators=A_NAME)
    signed_as = picked(
        _("By what right"),
        SIGNERS,
        required=False,
        help_text=_("Under 12, a parent. From 12 on, for alcohol or drug use, the minor. From 18 on, never a parent."),
    )
    authority = text(
        _("Guardian or agent: what shows it"),
        required=False,
        max_length=200,
        help_text=_("Such as: court order of 2026-02-03, seen."),
    )
    categories = some_of(
        _("Besides the need and the area, programs that accept may see"),
        BESIDE,
        required=False,
        initial=[Category.CONTACT],
    )
    recipients = words(
        _("Only these programs, one on each line"),
        required=False,
        rows=2,
        max_length=2000,
    )
    until = a_past_day(_("Until"), help_text=_("Empty: 180 days on paper, 30 days if only said."))
    witness = text(_("Said: who else heard it"), required=False, max_length=100)
    signed_on = a_past_day(_("Paper: day it was signed"))
    kept_where = text(_("Paper: where it is kept"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["recipients"].help_text = _("Leave empty for any listed program that we ask.")
        words = ConsentWording.objects.current_of(("share", code) for code in ("en", "es"))
        found = {code: wording for (_key, code), wording in words.items()}
        self.share_words, self._wording = list(dict.fromkeys(found.values())), found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self._is_given(data):
            self._clean_given(data)
        return data

    def _is_given(self, data: Mapping[str, Any]) -> bool:
        return data.get("method") in (Consent.Method.VERBAL, Consent.Method.PAPER)

    def _clean_given(self, data: dict[str, Any]) -> None:
        paper, today = data["method"] == Consent.Method.PAPER, timezone.localdate()
        needed = {
            "signed_name": _("Enter the full name of whoever consents."),
            "signed_as": _("Choose by what right they consent."),
            "read_in": _("Choose the words that were read aloud or signed."),
        }
        if paper:
            needed["signed_on"] = _("Enter the day on the paper.")
            needed["kept_where"] = _("Write where the paper is kept.")
        for name, sentence in needed.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if paper and data.get("signed_on") and data["signed_on"] > today:
            self.add_error("signed_on", _("This day is not here yet. Enter the day on the paper."))
        self._clean_end(data, today)
        self._clean_recipients(data)

    def _clean_end(self, data: Mapping[str, Any], today: date) -> None:
        until, signed = data.get("until"), data.get("signed_on")
        if until and not today < until <= today + FARTHEST:
            self.add_error("until", _("Choose a day after today, at most two years away."))
        elif data["method"] == Consent.Method.PAPER and signed and _is_over(signed, until, today):
            self.add_error("signed_on", _("This paper is too old: it held for 180 days. Ask for a new consent."))

    def _clean_recipients(self, data: Mapping[str, Any]) -> None:
        self.programs, unknown = programs_named(data.get("recipients", ""))
        for line, near in unknown.items():
            names = ", ".join(near)
            sentence = (
                _("There are several programs like “%(line)s”: %(names)s. Write the whole name.")
                if near
                else _("No listed program is called “%(line)s”.")
            )
            self.add_error("recipients", sentence % {"line": line, "names": names})

    def signature(self, now: datetime) -> Signature:
        """What was given, as the action takes it."""
        data = self.cleaned_data
        return Signature(
            name=data["signed_name"],
            signed_as=data["signed_as"],
            wording=self._wording[data["read_in"]],
            categories=sorted({*LIMITED, *data["categories"]}),
            recipients=self.programs,
            method=data["method"],
            given_at=_given_at(data["signed_on"], now) if data["method"] == Consent.Method.PAPER else now,
            expires_at=_end_of(data["until"]) if data["until"] else None,
            authority=data["authority"],
            witness=data["witness"] if data["method"] == Consent.Method.VERBAL else "",
            kept_where=data["kept_where"] if data["method"] == Consent.Method.PAPER else "",
        )


def _is_over(signed: date, until: date | None, today: date) -> bool:
    """Whether a paper of this day holds no more: what names no end after 180 days, any after two years."""
    return signed <= today - (FARTHEST if until else CONSENT_LIFE)


def _given_at(day: date, now: datetime) -> datetime:
    """A paper has a day and no hour: noon stands for it, now where that is not over."""
    return min(now, utc_of(datetime.combine(day, time(12)), settings.TIME_ZONE))


def _end_of(day: date) -> datetime:
    return utc_of(datetime.combine(day + timedelta(days=1), time(0)), settings.TIME_ZONE)


def programs_named(lines: str) -> tuple[list[Program], dict[str, list[str]]]:
    """The listed programs of these names, or of whose name this is a part; and what names none, or more than one."""
    found: dict[int, Program] = {}
    unknown: dict[str, list[str]] = {}
    for line in filter(None, (each.strip() for each in lines.splitlines())):
        public = Program.objects.public()
        rows = list(public.filter(name__iexact=line)[:2]) or list(public.filter(name__icontains=line)[:4])
        if len(rows) == 1:
            found[rows[0].pk] = rows[0]
        else:
            unknown[line] = [each.name for each in rows]
    return list(found.values()), unknown


class ConsentForm(VersionForm, GivenConsent):
    """On a referral's page."""


class CorrectForm(VersionForm, ReachForm):
    """On a referral's page: who they are, and how they are reached."""

    marks_optional = False
    compact = True

    contact_name = text(
        _("Name of whom we talk with"),
        max_length=100,
        validators=A_NAME,
        missing=_("Enter a name. A first name is enough."),
    )
    patient_name = text(_("Name of the person who needs care"), required=False, max_length=100, validators=A_NAME)
    birth_year = a_birth_year()
    age = picked(_("Or age group"), Patient.Age.choices, required=False)

    field_order = ["contact_name", "patient_name", "birth_year", "age", "phone", "email", "zip_code", "language"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wordings(get_language() or "en")
        self.fields["phone"].help_text = self.fields["zip_code"].help_text = ""

    def clean_birth_year(self) -> str:
        return checked_year(self.cleaned_data["birth_year"])

    def people(self) -> People:
        """The cleaned values as the action takes them."""
        data = self.cleaned_data
        born, names = data["birth_year"], ("contact_name", "patient_name", "birth_year")
        age = age_group(int(born), timezone.localdate().year) if born else data["age"]
        return People(**{name: data[name] for name in names}, age=age)

    @staticmethod
    def initial_of(referral: Referral) -> dict[str, Any]:
        contact, patient = referral.contact, referral.patient
        names = ("phone", "email", "zip_code", "language", "times", "voicemail", "by_email", "by_text", "by_phone")
        reach = {name: getattr(contact, name) for name in names}
        return {
            **reach,
            "phone": contact.phone_shown,
            "contact_name": contact.name,
            "patient_name": patient.name,
            "birth_year": patient.birth_year or "",
            "age": patient.age,
        }


def _spoken(rows: Sequence[ConsentWording], part: str) -> str:
    """One sentence in several languages; all but the first are marked `is-other`."""
    spans = (("" if row is rows[0] else " is-other", row.language, getattr(row, part)) for row in rows)
    return format_html_join("", '<span class="spoken{}" lang="{}">{}</span>', spans)


class IntakeForm(ReachForm, GivenConsent):
    """Somebody calls. What is typed is kept as it stands; only opening the referral asks for what is needed."""

    marks_optional = False
    compact = True

    relation = one_of(
        _("Who is this for?"),
        [(Referral.Relation.SELF, _("The person on the phone")), (Referral.Relation.LOVED_ONE, _("Someone they love"))],
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
        help_text=_("A clinician, a school: name, role and phone."),
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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["zip_code"].error_messages["required"] = _("Enter the ZIP code. It gives the area and the clock.")
        self.fields["zip_code"].help_text = ""
        self.fields["phone"].help_text = ""
        self.fields["read_in"].required = False
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["voicemail"].label = _("If no one answers")
        self.fields["language"].label = _("Language")
        self.fields["language"].widget.attrs["data-sets"] = "read_in"

    def wordings(self, language: str) -> None:
        """The permissions in the language of the call, as far as it was said; beside each box they stand in all
        languages, that of the reader first, and the page shows the one that was chosen."""
        asked = self.data.get("language", "")
        super().wordings(asked if asked in dict(settings.LANGUAGES) else language)
        codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != language)
        found = ConsentWording.objects.current_of((way, code) for way in WAYS for code in codes)
        for way in WAYS:
            rows = list(dict.fromkeys(found[way, code] for code in codes))
            self.fields[f"by_{way}"].label = _spoken(rows, "label")
            self.fields[f"by_{way}"].help_text = _spoken(rows, "body")

    def clean_birth_year(self) -> str:
        return checked_year(self.cleaned_data["birth_year"])

    def _clean_given(self, data: dict[str, Any]) -> None:
        # The words are read in the language of the call, unless another was chosen.
        data["read_in"] = data.get("read_in") or data.get("language", "")
        super()._clean_given(data)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(f"by_{way}") for way in WAYS):
            self.add_error("by_phone", _("Ask how we may reach them, and check at least one way."))
        own = data.get("relation") == Referral.Relation.SELF
        names = (name_key(data.get(name) or "") for name in ("patient_name", "contact_name"))
        if own and names_another(*names):
            self.add_error(
                "relation",
                _("You typed a name for the person who needs care. Choose “Someone they love”, or clear that name."),
            )
        return data

    def ask(self) -> Ask:
        """The cleaned values as the action takes them."""
        data, born = self.cleaned_data, self.cleaned_data["birth_year"]
        own = data["relation"] == Referral.Relation.SELF
        same = ("relation", "concern", "contact_name", "zip_code", "language", "phone", "email", "gender", "referrer")
        return Ask(
            **{name: data[name] for name in (*same, "message", "times", "voicemail", "urgency", "key")},
            patient_name=data["contact_name"] if own else data["patient_name"],
            zone=self.zone,
            birth_year=born,
            age=age_group(int(born), timezone.localdate().year) if born else data["age"],
            permissions={way: self.words[way] for way in WAYS if data[f"by_{way}"]},
            source="call",
        )

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
    year = first.get("birth_year", "")
    return Caller(phone=first.get("phone", ""), email=first.get("email", ""), names=names, birth_year=year)


def draft_key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
