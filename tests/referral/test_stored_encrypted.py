"""What tells of a person's condition cannot be read in the database without the keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client

from assessments import demo as questionnaires
from guides.models import LevelOfCare
from messaging.letter import Letter
from privacy import sessions
from privacy.fields import current_box
from privacy.models import User
from privacy.session_store import SessionStore, stored_key
from privacy.stored import rewrite, sealed
from referral.actions.check_ins import answer_check_in
from referral.actions.common import FAMILY, Actor
from referral.actions.followups import check_in_now
from referral.actions.needs import Need, change_need
from referral.models import Contact, FollowUp, Patient, Referral, TimelineEntry
from tests.referral.conftest import link_in
from tests.referral.test_one_family import ASK

pytestmark = pytest.mark.django_db
Post = Callable[..., list[Letter]]
# In the words of the columns, each of which means one thing only.
TELLING = ["10001", "mental_health", "substance_use", "65_up", "connected", "iop"]
ABOUT_PEOPLE = re.compile(r"^(referral|assessments_response|messaging|privacy|django_session|axes)")
# See docs/decisions/plain-columns.md.
PLAIN = {"referral_referral.status", "referral_timelineentry.kind", "messaging_messagetemplate", "messaging_wording"}


def cells() -> dict[str, str]:
    """All that lies in the tables about people, as somebody with the file, and no key, reads it: {column: text}."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in filter(ABOUT_PEOPLE.match, connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [f"{table}.{column[0]}" for column in cursor.description or ()]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if not PLAIN & {table, column}:
                        found[column] = found.get(column, "") + f"\n{value}"
    return found


def leaks() -> list[str]:
    words = {word: re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])") for word in TELLING}
    return [
        f"{column}: {word}" for column, text in cells().items() for word, told in words.items() if told.search(text)
    ]


def test_nothing_that_tells_of_a_condition_lies_plain(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    referral = make_referral(concern="substance_use", age="65_up", zip_code="10001", zone="America/New_York")
    level = LevelOfCare.objects.get(slug="iop")
    need = Need(concern="mental_health", low=level, high=level, urgency="urgent", reason="Said on the phone.")
    change_need(referral.pk, need, actor=nora, now=now)
    followup = check_in_now(referral.pk, actor=nora, now=now)
    answer_check_in(followup.pk, "connected", actor=FAMILY, now=now)
    assert TimelineEntry.objects.filter(kind="check_in_answered").about(answer="connected")
    assert leaks() == []


def test_a_crisis_page_shown_is_not_readable_in_the_session(rows: None, now: datetime) -> None:
    questionnaires.load(now)
    client = Client()
    client.post("/assessment/", {"voice": "me"})
    client.post("/assessment/1/", {"question": "danger-now", "answer": ["overdose"]})
    client.post("/assessment/safety/")
    client.post("/programs/", {"zip": "10001"})
    told = client.session["assessment_warnings_told"]
    assert told, "the crisis page was shown"
    assert leaks() == []
    assert not [word for word in ("assessment", "10001", *told) if word in Session.objects.get().session_data]


def test_plain_session_is_read_and_encrypted_when_saved() -> None:
    old = DatabaseStore()
    old["assessment_warnings_told"] = {"suicide-now": True}
    old.save()
    Session.objects.update(session_key=stored_key(old.session_key or ""))
    found = SessionStore(old.session_key)
    assert found["assessment_warnings_told"] == {"suicide-now": True}
    found.save()
    assert current_box().decrypt(Session.objects.get().session_data)


def test_no_table_holds_what_opens_a_page(
    make_user: Callable[..., User],
    sign_in: Callable[[User], Client],
    rows: None,
    at_now: None,
    post: Post,
    now: datetime,
) -> None:
    """Cookies, links of mails and calendars, secrets of authenticator apps: a stolen backup opens nothing."""
    user = make_user("nora", "Navigators")
    family, staff = Client(), sign_in(user)
    family.post("/referral/", ASK)
    (letter,) = post(now, "email")
    opening = Client()
    opening.get(link_in(letter))
    address = staff.post("/staff/calendar/").context["address"]
    secret = current_box().decrypt(Authenticator.objects.get(user=user).data["secret"])
    cookies = [each.cookies["sessionid"].value for each in (family, staff, opening)]
    opens = [*cookies, link_in(letter).strip("/").rpartition("/")[2], address.split("/")[-2], secret, ASK["key"]]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            lying = str(cursor.fetchall())
            assert not [each for each in opens if each in lying], table


def test_sessions_turn_with_the_keys_and_nobody_is_signed_out(settings: Any) -> None:
    mine = SessionStore()
    mine["who"] = "nora"
    mine.save()
    Session.objects.create(session_key="x" * 32, session_data="no key opens this", expire_date=mine.get_expiry_date())
    old, new = settings.ENCRYPTION_KEYS[0], "x" * 43 + "="
    settings.ENCRYPTION_KEYS = [new, old]
    assert sessions.rotate(1) == {"sessions.Session.session_data": 1}
    settings.ENCRYPTION_KEYS = [new]
    assert SessionStore(mine.session_key)["who"] == "nora"


def test_rows_from_before_are_encrypted_in_place(
    make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    columns: list[tuple[type[Model], str]] = [
        (Referral, "concern"),
        (Patient, "age"),
        (Contact, "zip_code"),
        (FollowUp, "answer"),
        (TimelineEntry, "params"),
    ]
    for number in range(3):
        referral = make_referral(age="65_up", zip_code="10001", email=f"ana{number}@example.org", phone="")
        followup = check_in_now(referral.pk, actor=nora, now=now)
        answer_check_in(followup.pk, "connected", actor=FAMILY, now=now)
    before = {name: values(model, name) for model, name in columns}
    for model, name in columns:
        assert rewrite(model, name, current_box().decrypt, batch=2) >= 3
    assert len(leaks()) > 4, "as it lay there before"
    for model, name in columns:
        assert rewrite(model, name, sealed, batch=2) >= 3
        assert rewrite(model, name, sealed, batch=2) == 0, "started again after a stop, it changes nothing"
    assert leaks() == []
    assert before == {name: values(model, name) for model, name in columns}


def values(model: type[Model], name: str) -> list[Any]:
    return list(model._default_manager.order_by("pk").values_list(name, flat=True))
