"""Fills a database with so many referrals, each with a task, three messages and five lines of history.

One of each is written by the application; all others are copies of it that PostgreSQL makes itself, under names,
numbers and days of their own. Names come from a pool: their keys are what a search compares.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, models, transaction
from django.utils import timezone

from messaging.models import Message
from privacy.fields import blind_index, current_box
from privacy.models import User
from referral import roles, shipped
from referral.actions.common import FAMILY, Actor
from referral.actions.intake import Ask, open_referral
from referral.actions.referrals import add_note, take
from referral.models import (
    ConsentWording,
    ContactKey,
    PatientKey,
    Referral,
    Task,
)
from referral.models.name_keys import key_number
from referral.models.people import name_key
from referral.names import keys_of

NAVIGATORS, POOL, LINES, MESSAGES, LONG = 20, 10_000, 5, 3, 2_000
BATCH = 50_000
FREE = 10_000  # numbers from here on are those of copies
FIRST = (
    *("Ana", "Ben", "Carmen", "Daniel", "Elena", "Felix", "Grace", "Hannah", "Ivy", "June", "Kofi", "Leo", "Mia"),
    *("Nina", "Omar", "Priya", "Rosa", "Sam", "Tess", "Walter", "Alma", "Bruno", "Celia", "Diego", "Esther", "Frida"),
    *("Gloria", "Hugo", "Irene", "Jorge", "Karla", "Luis", "Marta", "Noel", "Olga", "Pablo", "Quinn", "Raul", "Tomas"),
)
SYLLABLES = (
    *("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta", "ve", "wi"),
    *("xo", "zu", "mar", "ten", "gon", "zal", "rod", "fer"),
)
# Every referral is one of these; few wait for somebody today, as where the work is done.
STATUSES = (
    "CASE WHEN g % 100 < 3 THEN 'active' WHEN g % 100 < 5 THEN 'connected'"
    " WHEN g % 100 < 60 THEN 'closed' ELSE 'met' END"
)


def fill(size: int) -> User:
    """Fill up to `size` referrals and return a navigator. What a run that was killed has made is kept."""
    roles.set_up()
    shipped.load()
    staff = [account(f"nav{n}") for n in range(NAVIGATORS)]
    Group.objects.get(name="Navigators").user_set.add(*staff)
    pattern = Referral.objects.order_by("pk").first() or _pattern(staff[0])
    _pool()
    have = Referral.objects.count()
    for start in range(have, size, BATCH):
        _copies(pattern, start, min(start + BATCH, size) - 1, [each.pk for each in staff])
    with connection.cursor() as cursor:
        if have < size:
            cursor.execute(
                "VACUUM ANALYZE"
            )  # as it is where rows came over months: what is in an index need not be read
    return staff[0]


def account(name: str, **more: bool) -> User:
    """The account of this name, made where there is none."""
    defaults = {"email": f"{name}@example.org", "is_staff": True, **more}
    found: User = User.objects.get_or_create(username=name, defaults=defaults)[0]
    return found


def _pattern(user: User) -> Referral:
    """One referral with a task, messages and lines, made as the application makes them."""
    now, share = timezone.now(), ConsentWording.objects.current("email", "en")
    ask = Ask(
        relation="self", concern="substance_use", contact_name="Rosa Sample", patient_name="Rosa Sample",
        zip_code="91101", zone="America/Los_Angeles", language="en", phone="+16265550142", email="rosa@example.org",
        permissions={"email": share},
    )  # fmt: skip
    referral = open_referral(ask, actor=FAMILY, now=now)
    actor = Actor.of(user)
    take(referral.pk, actor=actor, now=now)
    add_note(referral.pk, "A note of some length, as navigators write them after a call.", actor=actor, now=now)
    found: Referral = Referral.objects.get(pk=referral.pk)
    return found


def names() -> Iterator[str]:
    chance = random.Random(7)
    for _each in range(POOL):
        yield f"{chance.choice(FIRST)} {''.join(chance.choices(SYLLABLES, k=3)).title()}"


def _pool() -> None:
    """The names, encrypted and with their keys, in two tables of their own; both are there, or none."""
    box, table = current_box(), "bench_names (n integer PRIMARY KEY, name text, name_index text)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_names')")
        if cursor.fetchone()[0] is not None:
            return
        cursor.execute(f"CREATE TABLE {table}")
        cursor.execute("CREATE TABLE bench_keys (n integer, key bigint)")
        known = list(enumerate(names()))
        with cursor.copy("COPY bench_names FROM STDIN") as rows:
            for n, name in known:
                rows.write_row((n, box.encrypt(name), blind_index(name_key(name), purpose="name")))
        with cursor.copy("COPY bench_keys FROM STDIN") as rows:
            for n, name in known:
                for number in sorted({key_number(key) for key in keys_of(name)}):
                    rows.write_row((n, number))
        cursor.execute("CREATE INDEX ON bench_keys (n)")


def _copies(pattern: Referral, first: int, last: int, staff: list[int]) -> None:
    """Referrals `first` to `last`, in one transaction, so that a killed run leaves whole ones only."""
    who = f"(ARRAY{staff})[1 + g % {len(staff)}]"
    name = f"JOIN bench_names p ON p.n = (g::bigint * 7919) % {POOL}"
    day = "now() - (g % 9000) * interval '1 hour'"
    person = {"name": "p.name", "name_index": "p.name_index"}
    task = Task.objects.filter(referral=pattern).first() or Task.objects.create(
        referral=pattern, kind="call", due_at=timezone.now() + timedelta(days=3), created_at=timezone.now()
    )
    line, message = pattern.timeline.latest("pk"), Message.objects.filter(reference=pattern.key).latest("pk")
    referral = f"{FREE} + g"
    with transaction.atomic(), connection.cursor() as cursor:
        many = Many(cursor, first, last)
        phone = {"id": "md5('c' || g)::uuid", "phone_index": "md5('tel' || g)", "email_index": "md5('mail' || g)"}
        many.rows(pattern.contact, {**person, **phone}, name)
        many.rows(pattern.patient, {**person, "id": "md5('p' || g)::uuid"}, name)
        many.keys(ContactKey, "c", name)
        many.keys(PatientKey, "p", name)
        many.rows(pattern, {
            "id": referral, "contact_id": "md5('c' || g)::uuid", "patient_id": "md5('p' || g)::uuid",
            "public_code": "lpad(to_hex(g), 9, '0')", "idempotency_key": "md5('k' || g)::uuid", "status": STATUSES,
            "assigned_to_id": who, "opened_at": day, "response_id": "NULL",
            "closing": "CASE WHEN g % 100 < 5 THEN '' ELSE 'met' END",
            "closed_at": f"CASE WHEN g % 100 < 5 THEN NULL ELSE {day} END",
            "next_action_at": "CASE WHEN g % 100 < 5 THEN now() + (g % 90 - 9) * interval '1 hour' END",
        })  # fmt: skip
        many.rows(task, {
            "id": f"{FREE} + g", "referral_id": referral,
            "done_at": "CASE WHEN g % 100 < 5 THEN NULL ELSE now() END",
        })  # fmt: skip
        for n in range(LINES):
            shift = {"id": f"{FREE} + g::bigint * {LINES} + {n}", "referral_id": referral, "at": day}
            many.rows(line, {**shift, "press": "''"})
        for n in range(MESSAGES):
            many.rows(message, {
                "id": f"{FREE} + g::bigint * {MESSAGES} + {n}", "reference": f"'note:' || ({referral})",
                "dedupe_key": f"'bench:' || g || ':{n}'", "public_id": f"md5('m{n}' || g)::uuid",
                "state": "'delivered'", "message_id": f"'<bench{n}-' || g || '@example.org>'",
            })  # fmt: skip


def with_long_history(pattern: Referral) -> None:
    """Copy lines of the timeline until this referral has `LONG`."""
    have, line = pattern.timeline.count(), pattern.timeline.latest("pk")
    with connection.cursor() as cursor:
        first = f"(SELECT max(id) FROM {line._meta.db_table})"
        columns = {"id": f"{first} + 1 + g", "at": "t.at - g * interval '1 minute'", "press": "''"}
        Many(cursor, have, LONG - 1).rows(line, columns)


class Many:
    """Copies of a row, one for each g from `first` to `last`, with these columns put in place of its own."""

    def __init__(self, cursor: Any, first: int, last: int):
        self._cursor, self._series = cursor, f"generate_series({first}, {last}) g"

    def rows(self, row: models.Model, columns: Mapping[str, str], join: str = "") -> None:
        meta = row._meta
        own = [field.column for field in meta.concrete_fields if field.column]
        values = [columns.get(column, f't."{column}"') for column in own]
        into = ", ".join(f'"{column}"' for column in own)
        key = f"'{row.pk}'"
        self._cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({into}) SELECT {", ".join(values)}'
            f' FROM {self._series} {join} CROSS JOIN "{meta.db_table}" t WHERE t."{meta.pk.column}" = {key}'
        )

    def keys(self, model: type[ContactKey] | type[PatientKey], letter: str, join: str) -> None:
        self._cursor.execute(
            f"INSERT INTO \"{model._meta.db_table}\" (key, person_id) SELECT k.key, md5('{letter}' || g)::uuid"
            f" FROM {self._series} {join} JOIN bench_keys k ON k.n = p.n"
        )
