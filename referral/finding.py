"""Finding a family: by code, phone number, e-mail address, name (partly, misspelt), or a program that was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, product

from django.db.models import Exists, OuterRef, Q, QuerySet

from directory.models import Program
from referral.models import Contact, ContactKey, OtherPerson, PatientKey, Placement, Referral
from referral.models.name_keys import key_number
from referral.models.people import EXTENSION
from referral.models.referrals import ReferralQuerySet
from referral.models.sight import Sight
from referral.names import (
    asked_half,
    asked_parts,
    asked_slips,
    asked_sound,
    closeness,
    ending_of,
    has_slip,
    may_begin,
    words_of,
)
from referral.public_code import CODE_LENGTH, as_code, begins_code

MOST = 50
# So many people are looked at for a name that many have; more words narrow it.
CANDIDATES = 300
PROGRAMS = 5
HALF = 10  # a rank behind those of names that answer whole
END_OF_PHONE = re.compile(r"[\s.()-]*(?:[0-9][\s.()-]*){4,10}")


# How well a referral answers (-1 best) and when it was opened, by its key.
Found = dict[int, tuple[int, datetime]]


def find(text: str, sight: Sight) -> list[Referral]:
    """What may be found with `sight`, the best first, with all that a line of the queue shows.

    Whoever has the code, number or address comes first, then names by how well they answer, then the newest.
    """
    text, rows = text.strip(), Referral.objects.findable_within(sight)
    found = _exact(text, rows) or _by_ending(text, rows) or _by_beginning_of_code(text, rows)
    if not found:
        words = words_of(text)
        named = _by_name(words, rows) or _by_half(words, rows) or _by_slip(words, rows) or _by_slips(words, rows)
        named = named or _by_name(words[1:], rows)
        found = _by_program(text, rows) | named
    newest = sorted(found, key=lambda pk: (found[pk][1], pk), reverse=True)
    best = sorted(newest, key=lambda pk: found[pk][0])[:MOST]  # stable: the newest of equals first
    listed = {each.pk: each for each in Referral.objects.filter(pk__in=best).for_queue()}
    return [listed[pk] for pk in best if pk in listed]


def _exact(text: str, rows: ReferralQuerySet) -> Found:
    code, contacts = as_code(text), list(Contact.objects.reached_at(text).values_list("pk", flat=True))
    others = list(OtherPerson.objects.by_phone(text).values_list("patient", flat=True))
    if len(code) != CODE_LENGTH and not contacts and not others:
        return {}
    same = rows.filter(Q(public_code=code) | Q(contact__in=contacts) | Q(patient__in=others))
    return {pk: (-1, opened_at) for pk, opened_at in same.values_list("pk", "opened_at")}


def _by_ending(text: str, rows: ReferralQuerySet) -> Found:
    """Whose phone number, or that of who called for them or is called, too, ends so: its last four digits, or all
    ten."""
    if not END_OF_PHONE.fullmatch(text):
        return {}
    digits = re.sub("[^0-9]", "", text)
    ending = [key_number(ending_of(digits))]
    contacts, patients = _people(ContactKey.objects.all(), ending), _people(PatientKey.objects.all(), ending)
    found = rows.filter(Q(contact__in=contacts) | Q(patient__in=patients)).order_by()
    numbers = ("contact__phone", "contact__caller_phone", "patient__other_people__phone")
    return {
        pk: (0, opened_at)
        for pk, opened_at, *phones in found.values_list("pk", "opened_at", *numbers)
        if any((each or "").partition(EXTENSION)[0].endswith(digits) for each in phones)
    }


def _by_beginning_of_code(text: str, rows: ReferralQuerySet) -> Found:
    if not (start := begins_code(text)):
        return {}
    same = rows.filter(public_code__startswith=start).order_by("-opened_at")
    return {pk: (0, opened_at) for pk, opened_at in same.values_list("pk", "opened_at")[:MOST]}


def _by_slip(words: Sequence[str], rows: ReferralQuerySet) -> Found:
    """By names of which one word was typed with one slip; asked only where nothing else finds anybody."""
    ranks: Found = {}
    for at, slipped in enumerate(words):
        others = [*words[:at], *words[at + 1 :]]
        whole = [asked_parts(other) for other in others]
        if not all(whole):
            continue
        for key in asked_slips(slipped):
            for pk, opened_at, *names in _with_keys([*chain(*whole), key], rows):
                fit = [name for name in names if has_slip(slipped, name)]
                near = [rank for rank in (closeness(others, name) if others else 0 for name in fit) if rank is not None]
                if near:
                    ranks.setdefault(pk, (HALF + min(near), opened_at))
            if ranks:
                break
    return ranks


def _by_slips(words: Sequence[str], rows: ReferralQuerySet) -> Found:
    """By names of which each of two words was typed with one slip: by an end that each slip has left whole."""
    ranks: Found = {}
    if len(words) != 2:
        return ranks
    for keys in product(*map(asked_slips, words)):
        for pk, opened_at, *names in _with_keys(keys, rows):
            if any(all(has_slip(word, name) for word in words) for name in names):
                ranks.setdefault(pk, (2 * HALF, opened_at))
    return ranks


def _by_half(words: Sequence[str], rows: ReferralQuerySet) -> Found:
    """By a first name, and a surname as far as it was typed, also where that is misspelt."""
    ranks: Found = {}
    for at, half in enumerate(words):
        others = [*words[:at], *words[at + 1 :]]
        keys, whole = asked_half(half), [asked_parts(other) for other in others]
        if not keys or not whole or not all(whole):
            continue
        for pk, opened_at, *names in _with_keys([*chain(*whole), *keys], rows):
            fit = [name for name in names if may_begin(half, name)]
            near = [rank for rank in (closeness(others, name) for name in fit) if rank is not None]
            if near:
                ranks.setdefault(pk, (HALF + min(near), opened_at))
    return ranks


def _by_name(words: Sequence[str], rows: ReferralQuerySet) -> Found:
    """Sounds are asked for where what is written alike is not enough."""
    ranks: Found = {}
    for keys_of_word in (asked_parts, asked_sound):
        keys = [keys_of_word(word) for word in words]
        if not keys or not all(keys) or len(ranks) >= MOST:
            continue
        for pk, opened_at, *names in _with_keys(list(chain(*keys)), rows):
            near = [rank for rank in (closeness(words, name) for name in names) if rank is not None]
            if near:
                ranks.setdefault(pk, (min(near), opened_at))
    return ranks


def _with_keys(keys: Sequence[str], rows: ReferralQuerySet) -> Iterable[tuple[int, datetime, str, str, str, str]]:
    """(referral, when it was opened, name of its contact, of its patient, of who called for them, of another person to
    call) of people whose names have all these keys; a referral comes once for each of the last."""
    numbers = [key_number(key) for key in dict.fromkeys(keys)]
    contacts = _people(ContactKey.objects.all(), numbers)
    patients = _people(PatientKey.objects.all(), numbers)
    found = rows.filter(Q(contact__in=contacts) | Q(patient__in=patients)).order_by()
    names = ("contact__name", "patient__name", "contact__caller_name", "patient__other_people__name")
    named = found.values_list("pk", "opened_at", *names)
    return ((pk, at, contact, patient, caller or "", other or "") for pk, at, contact, patient, caller, other in named)


def _people(rows: QuerySet[ContactKey] | QuerySet[PatientKey], numbers: Sequence[int]) -> list[object]:
    # The longest part comes first and is the rarest; the others are looked up for each that it finds.
    first, *others = numbers
    found = rows.filter(key=first)
    for other in others:
        found = found.filter(Exists(rows.model._default_manager.filter(key=other, person=OuterRef("person"))))
    return list(found.values_list("person", flat=True)[:CANDIDATES])


def _by_program(text: str, rows: ReferralQuerySet) -> Found:
    """Referrals with a live request to a program whose name has these words in it."""
    if len(text) < 4:
        return {}
    programs = list(Program.objects.filter(name__icontains=text).values_list("pk", flat=True)[:PROGRAMS])
    if not programs:
        return {}
    live = Placement.objects.live().filter(program__in=programs).order_by("-sent_at").values_list("referral", flat=True)
    found = rows.filter(pk__in=list(live[:MOST])).values_list("pk", "opened_at")
    return {pk: (100, opened_at) for pk, opened_at in found}
