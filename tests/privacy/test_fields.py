"""Fields that are encrypted where they lie."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import models

from privacy.crypto import CannotDecrypt
from privacy.fields import EncryptedJSONField, EncryptedTextField, blind_index
from referral.models import Contact, Patient, Referral

pytestmark = pytest.mark.django_db


def test_the_database_never_sees_the_text(raw: Any) -> None:
    Patient.objects.create(name="Ana Sample")
    [stored] = raw(Patient, "name")
    assert stored.startswith("gAAAA") and "Ana Sample" not in stored
    assert Patient.objects.get().name == "Ana Sample"


def test_nothing_written_stays_empty_so_that_it_can_be_counted(raw: Any) -> None:
    Patient.objects.create(name="")
    assert raw(Patient, "name") == [""]


def test_a_wrong_key_raises_on_reading_and_leaves_the_row_as_it_was(
    raw: Any, keys: tuple[str, str], use_keys: Callable[..., None]
) -> None:
    use_keys(keys[0])
    Patient.objects.create(name="Ana Sample")
    before = raw(Patient, "name")
    use_keys(keys[1])
    for read in (
        lambda: Patient.objects.get(),
        lambda: list(Patient.objects.values_list("name")),
        lambda: Patient.objects.defer("name").get().name,
    ):
        with pytest.raises(CannotDecrypt):
            read()
    assert raw(Patient, "name") == before
    use_keys(keys[0])
    assert Patient.objects.get().name == "Ana Sample"


def test_deferred_encrypted_field_is_not_saved(
    raw: Any, keys: tuple[str, str], use_keys: Callable[..., None], referral: Referral
) -> None:
    use_keys(keys[0])
    Referral.objects.update(message="Please call after six")
    before = raw(Referral, "message")
    use_keys(keys[1])
    row = Referral.objects.only("urgency").get()
    row.urgency = Referral.Urgency.URGENT
    row.save()
    assert raw(Referral, "message") == before


ENCRYPTED = [(Patient, "name"), (Contact, "email"), (Contact, "phone"), (Referral, "message")]
LOOKUPS = ["exact", "iexact", "contains", "icontains", "startswith", "in", "gt", "lt", "range", "regex"]


@pytest.mark.parametrize(("model", "name"), ENCRYPTED)
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_no_question_but_is_it_null_can_be_asked(model: type[models.Model], name: str, lookup: str) -> None:
    value = ["a", "b"] if lookup in ("in", "range") else "a"
    with pytest.raises(FieldError, match="encrypted and cannot be searched"):
        model._default_manager.filter(**{f"{name}__{lookup}": value}).exists()


def test_whether_it_is_null_can_be_asked() -> None:
    Patient.objects.create(name="Ana Sample")
    assert Patient.objects.filter(name__isnull=False).count() == 1


def test_a_value_is_found_by_its_blind_index_and_not_across_purposes(raw: Any) -> None:
    Patient.objects.create(name="Ana Sample")
    contact = Contact.objects.create(name="Ana Sample", email="ana@example.org", zone="UTC", language="en")
    same = Patient.objects.filter(name_index=blind_index("ana sample", purpose="name"))
    assert same.count() == 1 and same.get().name_keys.exists()
    indexes = [contact.name_index, contact.email_index, blind_index("ana@example.org", purpose="another")]
    assert len(set(indexes)) == 3 and all(len(index) == 64 for index in indexes)
    assert blind_index("", purpose="email") == ""


def test_json_comes_back_as_it_was_and_lies_there_encrypted() -> None:
    field = EncryptedJSONField(name="answers")
    values: list[object] = [{"q": ["a", None, 1.5, True]}, [], {}, "text", "", 0, False, None]
    for value in values:
        stored = field.get_prep_value(value)
        assert stored is None or stored.startswith("gAAAA")
        assert field.from_db_value(stored, None, None) == value  # type: ignore[arg-type]


def test_json_that_is_none_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValidationError, match="no JSON value"):
        EncryptedJSONField(name="answers").to_python("{")


def test_every_encrypted_field_of_the_system_is_one_of_ours() -> None:
    """A column that a person's words may be in is encrypted: the names that say so are looked for in every model."""
    telling = {"phone", "email", "address", "message", "answers", "signed_name"}
    labels = ("referral", "messaging", "assessments")
    found = {
        field
        for model in Patient._meta.apps.get_models()
        if model._meta.app_label in labels
        for field in model._meta.concrete_fields
        if field.name in telling and not field.is_relation
    }
    assert found and all(isinstance(field, EncryptedTextField) for field in found), {
        str(field) for field in found if not isinstance(field, EncryptedTextField)
    }
