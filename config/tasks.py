"""What holds for every task of Celery."""

from __future__ import annotations

from typing import cast

from celery import Task

from privacy.keys import keys_fit


class TaskWithKeys(Task):  # type: ignore[type-arg]
    """Does nothing while the keys are not those of the database, which may have been away at the start."""

    def __call__(self, *args: object, **options: object) -> object:
        return cast(object, super().__call__(*args, **options)) if keys_fit() else None
