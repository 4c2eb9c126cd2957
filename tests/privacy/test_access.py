"""Who looked at what: added, never changed, never taken away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from privacy.actions import record_access, record_accesses
from privacy.models import AccessEvent
from privacy.tokens import hash_token
from referral.models import FamilyLink, Referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(now: datetime, make_user: Callable[..., Any]) -> AccessEvent:
    return record_access(actor=make_user("rosa"), subject="referral:12", action="viewed", purpose="queue", now=now)


def test_an_access_names_who_what_when_and_why(event: AccessEvent, now: datetime) -> None:
    stored = AccessEvent.objects.get()
    assert (stored.actor_label, stored.subject, stored.action, stored.purpose, stored.at) == (
        "rosa", "referral:12", "viewed", "queue", now,
    )  # fmt: skip


def test_an_admin_can_add_one_member_of_staff_after_another(
    make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    admin_client = sign_in(make_user("root", is_superuser=True))
    page = reverse("admin:privacy_user_add")
    for name in ("ana", "rosa"):
        form = {"username": name, "email": f"{name}@example.org", "first_name": "", "last_name": ""}
        form |= {"usable_password": "true", "password1": "long-Enough-7", "password2": "long-Enough-7"}
        assert admin_client.post(page, form).status_code == 302
    same = admin_client.post(page, {**form, "username": "eva"})
    assert same.status_code == 200 and "already exists" in same.content.decode()


def test_a_family_or_a_program_on_its_own_link_is_named_by_purpose(now: datetime) -> None:
    row = record_access(actor=None, subject="placement:3", action="viewed", purpose="program link", now=now)
    assert row.actor is None and row.actor_label == "program link"


def test_an_action_that_is_not_in_the_list_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match="peeked"):
        record_access(actor=None, subject="referral:1", action="peeked", purpose="", now=now)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: AccessEvent.objects.filter(pk=row.pk).update(subject="referral:13"),
        lambda row: AccessEvent.objects.filter(pk=row.pk).delete(),
        lambda row: row.delete(),
        lambda row: row.save(),
        lambda row: AccessEvent.objects.bulk_update([row], ["purpose"]),
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_it(
    event: AccessEvent, change: Callable[[AccessEvent], object]
) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        change(event)
    assert AccessEvent.objects.get().subject == "referral:12"


@pytest.mark.parametrize(
    "statement", ["UPDATE privacy_accessevent SET purpose = 'x'", "DELETE FROM privacy_accessevent"]
)
def test_plain_sql_is_refused_too(event: AccessEvent, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_account_that_looked_can_be_closed_but_not_deleted(event: AccessEvent) -> None:
    assert event.actor
    with pytest.raises(ProtectedError):
        event.actor.delete()
    event.actor.is_active = False
    event.actor.save()


def test_the_admin_shows_accesses_and_offers_no_way_to_touch_them(
    event: AccessEvent, make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    client = sign_in(make_user("root", is_superuser=True))
    with translation.override("en"):
        names = ["changelist", "add", "change", "delete"]
        listing, add, change, delete = (
            reverse(f"admin:privacy_accessevent_{name}", args=[event.pk] if name in ("change", "delete") else [])
            for name in names
        )
    assert "referral:12" in client.get(listing).content.decode()
    assert client.get(add).status_code == 403
    assert client.post(change, {"subject": "x"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_a_secret_link_keeps_only_the_hash_of_its_token(referral: Referral, now: datetime, raw: Any) -> None:
    link, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=referral)
    assert raw(FamilyLink, "token_hash") == [hash_token(token)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_familylink")
        assert token not in repr(cursor.fetchall())
    assert token not in repr(vars(link)), "not even the row in memory keeps it"
    assert FamilyLink.objects.live(now).for_token(token).get() == link


def test_a_link_ends_at_its_hour_and_when_it_is_revoked(referral: Referral, now: datetime) -> None:
    link, token = FamilyLink.mint(now=now, expires_at=now + timedelta(days=1), referral=referral)
    almost, over = now + timedelta(hours=23, minutes=59), now + timedelta(days=1)
    assert FamilyLink.objects.live(almost).for_token(token).exists()
    assert not FamilyLink.objects.live(over).for_token(token).exists()
    assert not FamilyLink.objects.live(now).for_token(token[:-1] + ("a" if token[-1] != "a" else "b")).exists()
    assert not FamilyLink.objects.live(now).for_token("").exists()
    FamilyLink.objects.filter(pk=link.pk).update(revoked_at=now)
    assert not FamilyLink.objects.live(now).for_token(token).exists()


def test_many_looks_are_written_line_by_line_in_one_statement(make_user: Callable[..., Any], now: datetime) -> None:
    nora, keys = make_user("nora"), [f"referral:{number}" for number in range(60)]
    with CaptureQueriesContext(connection) as asked:
        record_accesses(actor=nora, subjects=[*keys, keys[0]], action="viewed", purpose="queue", now=now)
    assert len([each for each in asked.captured_queries if "INSERT" in each["sql"]]) == 1
    written = AccessEvent.objects.order_by("pk")
    assert [(each.subject, each.actor, each.purpose) for each in written] == [(key, nora, "queue") for key in keys]
