"""A member of staff keeps filters of the queue, for themselves alone."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, require
from referral.lifecycle import Role
from referral.models import SavedFilter
from referral.models.saved import MOST


class TooMany(Exception):
    """There is no room for another one. Nothing was written."""


@one_transaction
def save_filter(name: str, query: str, *, actor: Actor, now: datetime) -> SavedFilter:
    """Keep a filter; one of the same name is replaced. Raises `TooMany`."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    user = cast(User, actor.user)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once must not be one too many
    kept = list(SavedFilter.objects.of(user))
    same = next((each for each in kept if each.name.casefold() == name.casefold()), None)
    if same is None and len(kept) >= MOST:
        raise TooMany
    saved = same or SavedFilter(user=user, made_at=now)
    saved.name, saved.query = name, query
    saved.save()
    return saved


@one_transaction
def delete_filter(pk: int, *, actor: Actor) -> None:
    """Only whoever keeps it can; of another's nothing happens."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    SavedFilter.objects.filter(pk=pk, user=actor.user).delete()
