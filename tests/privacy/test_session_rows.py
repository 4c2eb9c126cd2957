"""A row of a session, as in a stolen backup, opens nothing; its cookie does all that it did."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.test import Client

from privacy.fields import current_box
from privacy.models import User
from privacy.session_store import SessionStore

pytestmark = pytest.mark.django_db
COOKIE = settings.SESSION_COOKIE_NAME


def test_a_row_of_a_session_opens_nothing(make_user: Callable[..., User], sign_in: Callable[[User], Client]) -> None:
    staff = sign_in(make_user("nora", "Navigators"))
    assert staff.get("/staff/").status_code == 200
    for row in Session.objects.all():
        thief = Client()
        thief.cookies[COOKIE] = row.session_key
        assert thief.get("/staff/").status_code == 302
    assert staff.get("/staff/").status_code == 200


def test_the_upgrade_keeps_a_familys_session_and_ends_those_of_staff() -> None:
    def before(**held: str) -> str:
        """A session as it lay there before: its key plain."""
        old = DatabaseStore()
        old.save()
        Session.objects.filter(pk=old.session_key).update(session_data=SessionStore().encode(held))
        return str(old.session_key)

    family, staff = before(assessment_response="7"), before(_auth_user_id="1")
    hash_keys = import_module("privacy.migrations.0008_hashed_sessions").hash_keys
    hash_keys(apps, None)
    hash_keys(apps, None)  # stopped and run again
    assert SessionStore(family)["assessment_response"] == "7"
    assert SessionStore(staff).load() == {}
    assert Session.objects.count() == 1


def test_a_session_is_found_changed_turned_and_ended_by_its_cookie() -> None:
    mine = SessionStore()
    mine["who"] = "nora"
    mine.save()
    first = mine.session_key or ""
    assert mine.exists(first) and not mine.exists(Session.objects.get().session_key)
    mine.cycle_key()
    assert not mine.exists(first) and SessionStore(mine.session_key)["who"] == "nora"
    assert current_box().decrypt(Session.objects.get().session_data)
    again = SessionStore(mine.session_key)
    again.flush()
    assert not Session.objects.exists()
