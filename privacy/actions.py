"""The writes of this app."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from privacy.fields import EncryptedTextField
from privacy.models import AccessEvent, User
from privacy.stored import newest, rewrite


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
    return AccessEvent.objects.bulk_create(rows)  # asks the database nothing where there is none


def record_disclosures(subjects: Iterable[str], *, purpose: str, now: datetime) -> list[AccessEvent]:
    """Write that each of `subjects` was shown to who has no account, as a program, in one statement."""
    rows = [
        AccessEvent(at=now, actor_label=purpose, action=AccessEvent.Action.DISCLOSED, subject=each, purpose=purpose)
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
        total += rows.model._default_manager.filter(pk__in=keys).only("pk").delete()[0]  # also what no key opens
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
                changed[f"{model._meta.label}.{field.name}"] = rewrite(model, field.name, newest, batch)
    # What other packages keep encrypted with our keys is turned by a function that the settings name.
    for path in settings.ROTATE_ALSO:
        changed |= import_string(path)(batch)
    return changed
