"""One transaction around a whole deed, tried again where the database gave it up to let another one go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

TRIES = 4
P = ParamSpec("P")
T = TypeVar("T")


def one_transaction(deed: Callable[P, T]) -> Callable[P, T]:
    """Run `deed` in one transaction, or in the caller's if there is one already.

    Of two transactions that wait for each other PostgreSQL ends one, and SQLite one that waits for too long: nothing
    has happened then, so it is done once more. A stop that somebody was told of must not get lost like that.
    """

    @wraps(deed)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        left = 1 if connection.in_atomic_block else TRIES
        while True:
            left -= 1
            try:
                with transaction.atomic():
                    return deed(*args, **kwargs)
            except OperationalError:
                if not left:
                    raise
                connection.close_if_unusable_or_obsolete()

    return whole
