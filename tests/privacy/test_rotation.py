"""Turning the keys: everything moves to the newest one, once, in steps that can be started again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from privacy import actions
from privacy.crypto import Box, CannotDecrypt
from privacy.fields import blind_index
from privacy.models import KeyRotation
from referral.models import Patient, Referral, TimelineEntry

Use = Callable[..., None]
Keys = tuple[str, str]


@pytest.mark.django_db
def test_every_value_moves_to_the_newest_key_and_reads_the_same(raw: Any, keys: Keys, use_keys: Use) -> None:
    old, new = keys
    use_keys(old)
    names = [f"Ana {number}" for number in range(7)] + [""]
    Patient.objects.bulk_create(Patient(name=name) for name in names)
    use_keys(new, old)
    assert actions.rotate_keys(batch=3)["referral.Patient.name"] == 7
    assert actions.rotate_keys(batch=3)["referral.Patient.name"] == 0, "a second turn has nothing to do"
    use_keys(new)
    assert sorted(Patient.objects.values_list("name", flat=True)) == sorted(names)
    with pytest.raises(CannotDecrypt):
        [Box([old]).decrypt(value) for value in raw(Patient, "name") if value]


@pytest.mark.django_db
def test_a_line_that_may_not_be_changed_still_gets_the_new_key(
    referral: Referral, now: datetime, keys: Keys, use_keys: Use
) -> None:
    old, new = keys
    use_keys(old)
    TimelineEntry.objects.create(referral=referral, at=now, kind="note", role="staff", text="Called Rosa")
    use_keys(new, old)
    # The rest of this referral was written under the keys of the other tests.
    Referral.objects.update(message="", level_reason="", concern="")
    type(referral.patient).objects.update(name="")
    type(referral.contact).objects.update(name="", phone="", email="")
    assert actions.rotate_keys()["referral.TimelineEntry.text"] == 1
    use_keys(new)
    assert TimelineEntry.objects.get().text == "Called Rosa"
    assert not KeyRotation.objects.exists()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        TimelineEntry.objects.update(text="Changed")


@pytest.mark.django_db(transaction=True)
def test_a_rotation_that_stops_half_way_goes_on_where_it_stopped(
    raw: Any, keys: Keys, use_keys: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = keys
    use_keys(old)
    Patient.objects.bulk_create(Patient(name=f"Ana {number}") for number in range(10))
    use_keys(new, old)
    encrypt, calls = Box.encrypt, []

    def stops_at_the_sixth(box: Box, text: str) -> str:
        calls.append(text)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return encrypt(box, text)

    monkeypatch.setattr(Box, "encrypt", stops_at_the_sixth)
    with pytest.raises(KeyboardInterrupt):
        actions.rotate_keys(batch=2)
    monkeypatch.undo()
    use_keys(new, old)
    newest = Box([new, old])
    # Two whole batches are kept; the third, which was cut, is as it was.
    assert sum(newest.is_newest(value) for value in raw(Patient, "name")) == 4
    assert not KeyRotation.objects.exists()
    assert actions.rotate_keys(batch=2)["referral.Patient.name"] == 6
    use_keys(new)
    assert sorted(Patient.objects.values_list("name", flat=True)) == [f"Ana {number}" for number in range(10)]


@pytest.mark.django_db(transaction=True)
def test_unreadable_value_stops_the_rotation_unchanged(raw: Any, keys: Keys, use_keys: Use) -> None:
    old, new = keys
    use_keys(old)
    Patient.objects.create(name="Ana")
    before = raw(Patient, "name")
    use_keys(new)  # the old key was taken out too soon
    with pytest.raises(CommandError, match="Put the key that is missing back") as error:
        call_command("rotate_keys")
    assert "Ana" not in str(error.value)
    assert raw(Patient, "name") == before
    use_keys(new, old)
    call_command("rotate_keys", verbosity=0)
    use_keys(new)
    assert Patient.objects.get().name == "Ana"


@pytest.mark.django_db
def test_the_blind_index_outlives_a_change_of_the_encryption_key(keys: Keys, use_keys: Use) -> None:
    old, new = keys
    use_keys(old)
    Patient.objects.create(name="Ana Sample")
    use_keys(new, old)
    actions.rotate_keys()
    assert Patient.objects.filter(name_index=blind_index("ana sample", purpose="name")).exists()
