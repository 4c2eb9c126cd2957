"""What all processes must know at once, for minutes: in Redis, and in the database while Redis is away."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone
from redis import RedisError

from privacy.actions import delete_in_batches
from privacy.models import SharedValue

log = logging.getLogger(__name__)
# A Redis that hangs costs a second for each question. For so long it is asked nothing more.
REST = 5.0
_rests_until = 0.0
FOR_EVER = timedelta(days=36_500)


class InDatabase(BaseCache):
    """A cache for few, small JSON values. Counting and adding are atomic, also between machines."""

    def __init__(self, _location: str, params: dict[str, Any]):
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = SharedValue.objects.filter(key=self._named(key, version), until__gt=timezone.now()).first()
        return json.loads(row.value) if row else default

    def add(self, key: str, value: Any, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self._named(key, version)
        SharedValue.objects.filter(key=name, until__lte=timezone.now()).delete()
        try:
            with transaction.atomic():
                SharedValue.objects.create(key=name, value=json.dumps(value), until=self._until(timeout))
        except IntegrityError:
            return False
        return True

    def set(self, key: str, value: Any, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        SharedValue.objects.update_or_create(
            key=self._named(key, version), defaults={"value": json.dumps(value), "until": self._until(timeout)}
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        live = SharedValue.objects.filter(key=self._named(key, version), until__gt=timezone.now())
        more = Cast(Cast("value", models.IntegerField()) + delta, models.TextField())
        with transaction.atomic():
            # The row stays locked until it is read: nobody counts between.
            if not live.update(value=more):
                raise ValueError(key)
            return int(live.values_list("value", flat=True).get())

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(SharedValue.objects.filter(key=self._named(key, version)).delete()[0])

    def clear(self) -> None:
        SharedValue.objects.all().delete()

    def _named(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _until(self, timeout: object) -> datetime:
        lasts = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return timezone.now() + (timedelta(seconds=float(lasts)) if isinstance(lasts, int | float) else FOR_EVER)


class RedisElseDatabase(RedisCache):
    """Redis, and the database for as long as Redis does not answer. Who uses it gets, adds, sets, counts and deletes:
    all else that a cache can do goes to Redis alone."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(location, params)
        self._behind = InDatabase("", {})

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either(super().get, self._behind.get, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._either(super().add, self._behind.add, *args, **kwargs))

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either(super().set, self._behind.set, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._either(super().incr, self._behind.incr, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._either(super().delete, self._behind.delete, *args, **kwargs))

    def _either(self, redis: Callable[..., Any], database: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        global _rests_until
        if time.monotonic() >= _rests_until:
            try:
                return redis(*args, **kwargs)
            except RedisError as error:
                _rests_until = time.monotonic() + REST
                log.warning("Redis does not answer (%s): counting in the database.", type(error).__name__)
        return database(*args, **kwargs)


def forget_shared_values(*, now: datetime, batch: int = 1000) -> int:
    """Delete the values whose time is over; return how many."""
    return delete_in_batches(SharedValue.objects.filter(until__lte=now), batch)
