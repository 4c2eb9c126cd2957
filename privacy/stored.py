"""Values as they lie in the database: what encrypts them again, or for the first time, in batches.

Used in migrations: ``operations = [seal("referral", "Referral", "concern")]``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import migrations, models, transaction
from django.db.models import ExpressionWrapper, F, TextField, Value

from privacy.crypto import CannotDecrypt
from privacy.fields import current_box
from privacy.models import KeyRotation

Change = Callable[[str], str | None]
"""From a value as it is stored to the one that shall lie there; None where it is right as it is."""


def rewrite(model: type[models.Model], name: str, change: Change, batch: int = 500) -> int:
    """Change what is stored in a column; return how many values were.

    Each batch is a transaction that locks its rows, so it can run beside the live system and be started again after a
    stop. Tables that are only ever added to let it through.
    """
    changed, last = 0, None
    # As plain text the column comes as it lies in the database, still encrypted.
    stored = ExpressionWrapper(F(name), output_field=TextField())
    rows = model._base_manager.annotate(stored_value=stored).order_by("pk")
    while True:
        with transaction.atomic():
            rotation = KeyRotation.objects.create()
            page = rows.select_for_update() if last is None else rows.filter(pk__gt=last).select_for_update()
            values = list(page.values_list("pk", "stored_value")[:batch])
            for pk, value in values:
                fresh = change(value) if value else None
                if fresh is not None:
                    model._base_manager.filter(pk=pk).update(**{name: Value(fresh, output_field=TextField())})
                    changed += 1
            rotation.delete()
        if len(values) < batch:
            return changed
        last = values[-1][0]


def sealed(value: str) -> str | None:
    """A plain value as it is encrypted; None for one that is already."""
    try:
        current_box().decrypt(value)
    except CannotDecrypt:
        return current_box().encrypt(value)
    return None


def newest(value: str) -> str | None:
    """An encrypted value under the newest key; None for one that lies under it. Raises `CannotDecrypt`."""
    box = current_box()
    return None if box.is_newest(value) else box.encrypt(box.decrypt(value))


def seal(app: str, model: str, *names: str) -> migrations.RunPython:
    """A migration operation that encrypts what these columns hold; backwards it makes them plain again.

    The migration says ``atomic = False``: each batch is kept, and what was stopped goes on where it stood.
    """

    def run(change: Change, apps: Any, _editor: Any) -> None:
        for name in names:
            rewrite(apps.get_model(app, model), name, change)

    def opened(value: str) -> str:
        return current_box().decrypt(value)

    return migrations.RunPython(partial(run, sealed), partial(run, opened))
