"""Old rows end, each kind in its time; what something may still happen to stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from messaging import clock, retention
from messaging.delivery.drain import drain
from messaging.models import Attempt, InboundReply, Message, ProviderEvent, SendBudget, Sweeping
from messaging.retention import AT_REST, forget_old, would_forget
from messaging.states import State

pytestmark = pytest.mark.django_db
Plan = Callable[..., Message]
NOTHING = {"messages": 0, "reports": 0, "replies": 0, "days": 0}


@pytest.fixture
def old(noon: datetime, plan: Plan) -> Iterator[datetime]:
    """A message, sent, reported on and answered at noon; now it is three years later."""
    message = plan()
    drain("email")
    ProviderEvent.objects.create(provider="x", event_id="1", kind="delivered", at=noon, message=message, raw={})
    InboundReply.objects.create(
        channel="email", address_index=message.address_index, message=message, text="thanks", meaning="reply", at=noon
    )
    later = noon + timedelta(days=3 * 365)
    with clock.set_to(later):
        yield later


def test_each_kind_ends_in_its_time(old: datetime, noon: datetime) -> None:
    seen = []
    for days in (6, 8, 89, 91, 364, 366, 729, 731):
        forget_old(now=noon + timedelta(days=days))
        models = (Message, Attempt, ProviderEvent, InboundReply, SendBudget)
        seen.append([model._default_manager.count() for model in models])
    assert seen == [
        [1, 2, 1, 1, 2],
        [1, 2, 1, 1, 0],
        [1, 2, 1, 1, 0],
        [1, 2, 0, 1, 0],
        [1, 2, 0, 1, 0],
        [1, 2, 0, 0, 0],
        [1, 2, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    assert not Sweeping.objects.exists()


def test_a_dry_run_says_what_would_go_and_deletes_nothing(old: datetime) -> None:
    out = StringIO()
    call_command("forget_messages", "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == [
        "messages: 1 older than 730 days",
        "reports: 1 older than 90 days",
        "replies: 1 older than 365 days",
        "days: 2 older than 7 days",
    ]
    assert Message.objects.count() == 1
    call_command("forget_messages", stdout=out)
    assert would_forget(old) == NOTHING
    assert not Message.objects.exists()


@pytest.mark.parametrize("state", sorted(set(State) - set(AT_REST)))
def test_what_something_may_still_happen_to_is_kept(old: datetime, state: str) -> None:
    Message.objects.update(state=state)
    InboundReply.objects.update(waits=True)
    forget_old(now=old)
    assert Message.objects.count() == InboundReply.objects.count() == 1
    assert Attempt.objects.count() == 2


def test_what_came_to_rest_lately_is_kept_however_old_it_is(old: datetime) -> None:
    Message.objects.update(changed_at=old - timedelta(days=10))
    assert would_forget(old)["messages"] == 0


def test_tries_go_with_their_message_alone(old: datetime) -> None:
    forget_old(now=old - timedelta(days=2 * 365))
    for refused in (Attempt.objects.all()._raw_delete, Attempt.objects.filter(number=1)._raw_delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused(using="default")


def test_a_sweep_of_more_than_a_batch_ends(noon: datetime, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        plan()
    drain("email")
    kept = plan(due_at=noon + timedelta(days=1500), not_after=noon + timedelta(days=1501))
    monkeypatch.setattr(retention, "BATCH", 2)
    forget_old(now=noon + timedelta(days=800))
    assert [message.pk for message in Message.objects.all()] == [kept.pk]
