"""The writes of this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, TextField, Value
from django.utils.module_loading import import_string

from privacy.fields import EncryptedTextField, current_box
from privacy.models import AccessEvent, KeyRotation, User


def record_access(*, actor: User | None, subject: str, action: str, purpose: str, now: datetime) -> AccessEvent:
    """Write that `actor` (nobody signed in: None, for a program or a family on its own link) touched `subject`."""
    label = actor.get_username() if actor else purpose
    return AccessEvent.objects.create(
        at=now, actor=actor, actor_label=label, action=AccessEvent.Action(action), subject=subject, purpose=purpose
    )


def record_accesses(
    *, actor: User, subjects: Iterable[str], action: str, purpose: str, now: datetime
) -> list[AccessEvent]:
    """Write that `actor` was shown each of `subjects`, a line for every one of them in one statement."""
    did, label = AccessEvent.Action(action), actor.get_username()
    rows = [
        AccessEvent(at=now, actor=actor, actor_label=label, action=did, subject=each, purpose=purpose)
        for each in dict.fromkeys(subjects)
    ]
    return AccessEvent.objects.bulk_create(rows)


def sweep(now: datetime) -> dict[str, int]:
    """Delete what nobody may need any more, by every function that the settings name; return {function: rows}."""
    return {path: import_string(path)(now=now) for path in settings.SWEEPS}


def delete_in_batches(rows: models.QuerySet[Any], batch: int = 1000) -> int:
    """Delete what the query finds, so many at a time that nobody waits for it; return how many rows went."""
    total = 0
    while keys := list(rows.values_list("pk", flat=True)[:batch]):
        total += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return total


def rotate_keys(*, batch: int = 500) -> dict[str, int]:
    """Encrypt every encrypted value again under the newest key; return {"app.Model.field": values changed}.

    Each batch is a transaction that locks its rows, so it can run beside the live system and be started again after
    a stop. Raises `privacy.crypto.CannotDecrypt` before it changes a row that no key opens.
    """
    changed: dict[str, int] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField) and not model._meta.proxy:
                changed[f"{model._meta.label}.{field.name}"] = _rotate(model, field.name, batch)
    # What other packages keep encrypted with our keys is turned by a function that the settings name.
    for path in settings.ROTATE_ALSO:
        changed |= import_string(path)(batch)
    return changed


def _rotate(model: type[models.Model], name: str, batch: int) -> int:
    box, changed, last = current_box(), 0, None
    # As plain text the column comes as it lies in the database, still encrypted.
    stored = ExpressionWrapper(F(name), output_field=TextField())
    rows = model._base_manager.annotate(stored_value=stored).order_by("pk")
    while True:
        with transaction.atomic():
            rotation = KeyRotation.objects.create()
            page = rows.select_for_update() if last is None else rows.filter(pk__gt=last).select_for_update()
            values = list(page.values_list("pk", "stored_value")[:batch])
            for pk, value in values:
                if value and not box.is_newest(value):
                    fresh = Value(box.encrypt(box.decrypt(value)), output_field=TextField())
                    model._base_manager.filter(pk=pk).update(**{name: fresh})
                    changed += 1
            rotation.delete()
        if len(values) < batch:
            return changed
        last = values[-1][0]
