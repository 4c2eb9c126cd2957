"""A call is written down: kept as it is typed, then opened as a referral in one step."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import IntegrityError
from django.utils.translation import gettext

from privacy.actions import delete_in_batches, record_accesses
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import Actor, new_task, require
from referral.actions.consents import Signature, ask_for_consent, sign_consent
from referral.actions.intake import Ask, open_referral
from referral.actions.referrals import take
from referral.lifecycle import Role
from referral.models import IntakeDraft, MessageDraft, Referral, Task

KEPT_FOR = timedelta(days=30)
Typed = Mapping[str, Sequence[str]]


@one_transaction
def save_draft(key: uuid.UUID, typed: Typed, *, actor: Actor, now: datetime) -> IntakeDraft | None:
    """Keep what was typed so far. None where the key is somebody else's, or has opened its referral already."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    user = cast(User, actor.user)
    if Referral.objects.filter(idempotency_key=key).exists():
        return None
    draft: IntakeDraft
    draft, made = IntakeDraft.objects.select_for_update().get_or_create(
        pk=key, defaults={"user": user, "typed": dict(typed), "begun_at": now, "saved_at": now}
    )
    if draft.user != user:
        return None
    if not made:
        draft.typed, draft.saved_at = dict(typed), now
        draft.save(update_fields=["typed", "saved_at"])
    return draft


@one_transaction
def record_shown(draft: IntakeDraft, rows: Iterable[Referral], *, user: User, now: datetime) -> None:
    """Write down which families the draft showed as alike, each once."""
    fresh = [each.key for each in rows if each.key not in draft.shown]
    if fresh:
        record_accesses(actor=user, subjects=fresh, action="searched", purpose="intake, same family?", now=now)
        draft.shown = [*draft.shown, *fresh]
        draft.save(update_fields=["shown"])


@one_transaction
def discard_draft(key: uuid.UUID, *, actor: Actor) -> None:
    """Throw a draft of one's own away."""
    IntakeDraft.objects.filter(pk=key, user=actor.user).delete()


def open_call(
    ask: Ask,
    signature: Signature | None,
    *,
    mine: bool,
    send_link: bool,
    actor: Actor,
    now: datetime,
    missing: Sequence[str] = (),
) -> Referral:
    """Open a referral from a call, with the consent that was given; `mine` takes it at once.

    `send_link` asks the family to sign on its own page. What is `missing` is a task: to ask for it. The same draft
    again returns the referral that it opened.
    Raises `MayNotSign` where the signature does not count; nothing is written then.
    """

    @one_transaction
    def opened() -> Referral:
        require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
        IntakeDraft.objects.filter(pk=ask.key, user=actor.user).delete()
        known: Referral | None = Referral.objects.filter(idempotency_key=ask.key).first()
        if known:
            return known
        referral = open_referral(ask, actor=actor, now=now)
        if mine:
            take(referral.pk, actor=actor, now=now)
        if signature:
            sign_consent(referral.pk, signature, actor=actor, now=now)
        elif send_link:
            ask_for_consent(referral.pk, actor=actor, now=now)
        if missing:
            _ask_the_rest(referral, missing, now)
        referral.refresh_from_db()
        return referral

    try:
        return opened()
    except IntegrityError:  # pressed twice at the same moment: the other one opened it
        return Referral.objects.get(idempotency_key=ask.key)


def _ask_the_rest(referral: Referral, missing: Sequence[str], now: datetime) -> None:
    """A task to ask for what is `missing`: by a call, or by whoever called for them, or however they can be found."""
    contact = referral.contact
    words = gettext("Ask for: %(what)s") % {"what": "; ".join(missing)}
    if contact.phone or contact.email:
        new_task(referral, Task.Kind.CALL, due_at=now, now=now, text=words)
        return
    if contact.caller_phone:
        call = gettext("Call %(name)s, %(phone)s.") % {"name": contact.caller_name, "phone": contact.caller_shown}
        words = f"{call}\n{words}"
    new_task(referral, Task.Kind.NO_WAY, due_at=now, now=now, text=words)


def forget_old(*, now: datetime) -> int:
    """Delete drafts that nobody has touched for so long; return how many."""
    before = now - KEPT_FOR
    return sum(delete_in_batches(model.objects.untouched_since(before)) for model in (IntakeDraft, MessageDraft))
