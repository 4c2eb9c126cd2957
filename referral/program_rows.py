"""What a program may read about a person, by category of consent: for its page, and for staff before they share it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.geo import BadZip
from directory.models.zips import place_of
from referral.answers import answer_lines, payment_line
from referral.coverage import Category
from referral.models import Referral


@dataclass(frozen=True)
class Row:
    """One fact; `href` calls the number where it is one."""

    label: str
    value: str
    href: str = ""


def program_rows(referral: Referral, categories: Collection[str]) -> dict[Category, list[Row]]:
    """The rows of each of these categories, in their fixed order. What is not asked for is not read at all."""
    return {category: write(referral) for category, write in WRITE.items() if category in categories}


def _need(referral: Referral) -> list[Row]:
    return [
        Row(_("About"), referral.get_concern_display()),
        Row(_("Suggested level of care"), referral.level_range or _("not known yet")),
    ]


def _situation(referral: Referral) -> list[Row]:
    contact = referral.contact
    return [
        Row(_("Age"), referral.patient.get_age_display()),
        Row(_("Area"), _area(contact.zip_code)),
        Row(_("Language"), contact.get_language_display()),
        Row(_("Good times to call"), ", ".join(contact.time_labels) or _("any")),
    ]


def _contact(referral: Referral) -> list[Row]:
    contact, patient = referral.contact, referral.patient
    rows = [Row(_("Who to contact"), contact.name)]
    if referral.relation == Referral.Relation.SELF:
        rows.append(Row(_("The person who may need care"), _("the same person")))
    else:
        rows.append(Row(_("The person who may need care"), patient.name or _("someone close to them")))
    if contact.phone:
        rows.append(Row(_("Phone"), contact.phone_shown, f"tel:{contact.phone}"))
        rows.append(Row(_("If no one answers"), contact.get_voicemail_display()))
    if contact.email:
        rows.append(Row(_("Email"), contact.email))
    return rows


def _answers(referral: Referral) -> list[Row]:
    if not referral.response:
        return []
    words = (get_language() or "en", _("Not sure"), _("None of these"))
    paying = payment_line(referral.response, *words)
    first = [Row(_("How care could be paid for"), paying)] if paying else []
    return first + [Row(question, answer) for question, answer in answer_lines(referral.response, *words)]


def _area(zip_code: str) -> str:
    """The town, never the ZIP code: five digits and a language can be one family."""
    try:
        place = place_of(zip_code)
    except BadZip:
        return ""
    return f"{place.city}, {place.state}"


WRITE: Mapping[Category, Callable[[Referral], list[Row]]] = {
    Category.NEED: _need,
    Category.SITUATION: _situation,
    Category.CONTACT: _contact,
    Category.ANSWERS: _answers,
}
