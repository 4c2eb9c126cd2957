"""Finding a family: by code, phone number, e-mail address, name (partly, misspelt), or a program that was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet

from directory.models import Program
from referral.models import Contact, ContactKey, PatientKey, Placement, Referral
from referral.models.people import key_number
from referral.models.sight import Sight
from referral.names import asked_parts, asked_sound, closeness, words_of
from referral.public_code import as_code

MOST = 50
# So many people are looked at for a name that many have; more words narrow it.
CANDIDATES = 300
PROGRAMS = 5


def find(text: str, sight: Sight) -> list[Referral]:
    """What may be found with `sight`, the best first, with all that a line of the queue shows.

    Whoever has the code, number or address comes first, then names by how well they answer, then the newest.
    """
    text = text.strip()
    exact = _exact(text)
    ranks = dict.fromkeys(exact, -1) or _by_name(words_of(text))
    if not exact:
        for pk in _by_program(text):
            ranks.setdefault(pk, 100)
    findable = Referral.objects.filter(pk__in=list(ranks)).findable_within(sight)
    newest = list(findable.order_by("-opened_at").values_list("pk", flat=True))
    best = sorted(newest, key=lambda pk: ranks[pk])[:MOST]  # stable: the newest of equals first
    rows = {each.pk: each for each in Referral.objects.filter(pk__in=best).for_queue()}
    return [rows[pk] for pk in best if pk in rows]


def _exact(text: str) -> list[int]:
    contacts = list(Contact.objects.reached_at(text).values_list("pk", flat=True))
    found = Referral.objects.filter(public_code=as_code(text)).values_list("pk", flat=True)
    reached = Referral.objects.filter(contact__in=contacts).values_list("pk", flat=True)
    return [*found, *reached]


def _by_name(words: Sequence[str]) -> dict[int, int]:
    """{referral: how well its names answer}. Sounds are asked for where what is written alike is not enough."""
    ranks: dict[int, int] = {}
    for keys_of_word in (asked_parts, asked_sound):
        keys = [keys_of_word(word) for word in words]
        if not keys or not all(keys) or len(ranks) >= MOST:
            continue
        found = list(_with_keys(list(chain(*keys))))
        for referral_pk, *names in found:
            near = [rank for rank in (closeness(words, name) for name in names) if rank is not None]
            if near:
                ranks.setdefault(referral_pk, min(near))
    return ranks


def _with_keys(keys: Sequence[str]) -> Iterable[tuple[int, str, str]]:
    """(referral, name of its contact, name of its patient) of people whose name has all these keys."""
    numbers = [key_number(key) for key in dict.fromkeys(keys)]
    contacts = _people(ContactKey.objects.all(), numbers)
    patients = _people(PatientKey.objects.all(), numbers)
    rows = Referral.objects.filter(Q(contact__in=contacts) | Q(patient__in=patients))
    return rows.values_list("pk", "contact__name", "patient__name")


def _people(rows: QuerySet[ContactKey] | QuerySet[PatientKey], numbers: Sequence[int]) -> list[object]:
    # The longest part comes first and is the rarest; the others are looked up for each that it finds.
    first, *others = numbers
    found = rows.filter(key=first)
    for other in others:
        found = found.filter(Exists(rows.model._default_manager.filter(key=other, person=OuterRef("person"))))
    return list(found.values_list("person", flat=True)[:CANDIDATES])


def _by_program(text: str) -> list[int]:
    """Referrals with a live request to a program whose name has these words in it."""
    if len(text) < 4:
        return []
    programs = list(Program.objects.filter(name__icontains=text).values_list("pk", flat=True)[:PROGRAMS])
    if not programs:
        return []
    live = Placement.objects.live().filter(program__in=programs).order_by("-sent_at")
    return list(live.values_list("referral", flat=True)[:MOST])
