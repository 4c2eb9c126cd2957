"""What is written down of a consent that was said or signed on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from messaging.calendar import utc_of
from referral.actions.consents import Signature
from referral.coverage import LIMITED, Category
from referral.models import Consent, ConsentWording
from referral.models.consents import CATEGORY_LABELS, CONSENT_LIFE, CurrentWordings
from referral.reach_form import A_NAME
from ui.forms import CompactForm, one_of, picked, some_of, text, tick, words
from workspace.forms import FARTHEST, VersionForm

SIGNERS = [("", _("Please choose")), *Consent.Signer.choices]
HOW = [(Consent.Method.VERBAL, _("They say yes now")), (Consent.Method.PAPER, _("Signed on paper"))]
BESIDE = [(each.value, CATEGORY_LABELS[each]) for each in Category if each not in LIMITED]
DAY = {"invalid": _("Please write the day as 2026-03-31.")}


def a_past_day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, error_messages=DAY, **kwargs)


class GivenConsent(CompactForm):
    """The elements of 42 CFR 2.31 of a consent that staff write down. Names of programs come one on a line."""

    method = one_of(_("How do they consent?"), HOW, missing=_("Choose how they consent."))
    read_in = one_of(
        _("Words that were read or signed"),
        [("en", "English"), ("es", "Español")],
        missing=_("Choose the words that were read aloud or signed."),
    )
    read_aloud = tick(_("I read these words aloud, and they said yes to them."))
    signed_name = text(_("Who consents: full name"), required=False, max_length=100, validators=A_NAME)
    signed_as = picked(
        _("By what right"),
        SIGNERS,
        required=False,
        help_text=_(
            "Under 12, a parent. From 12 on, the minor; for mental health alone also a parent. From 18 on, the person; "
            "someone who loves them, only for what they told us themselves."
        ),
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

    def __init__(self, *args: Any, current: CurrentWordings | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["recipients"].help_text = _("Leave empty for any listed program that we ask.")
        words = current or ConsentWording.objects.current_of_all()
        found = {code: words["share", code] for code in ("en", "es")}
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
        if not paper and not data.get("read_aloud"):
            self.add_error("read_aloud", _("Read the words aloud. Check this once they said yes to them."))
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
