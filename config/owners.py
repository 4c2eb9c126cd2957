"""Which app answers for a message: each for the references that it gave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from assessments import outbox as answers
from assessments.keeping import ANSWERS
from messaging.client import Client, Context, MessageEvent
from messaging.declared import Declared
from messaging.models import AlertNotice, Message
from referral import message_texts
from referral.outbox import ReferralClient

T = TypeVar("T")


def declared() -> Mapping[str, Declared]:
    """Every message that the code sends, by its key."""
    return {**message_texts.declared(), **answers.declared()}


class Owners:
    """The client of messaging: asks the owner of a reference. What refers to nothing is the referrals' to look at."""

    def __init__(self) -> None:
        self.answers: Client = answers.AnswersClient()
        self.referrals: Client = ReferralClient()

    def _owner(self, reference: str) -> Client:
        return self.answers if _is_of_answers(reference) else self.referrals

    def contexts(self, references: Sequence[str], now: datetime) -> Mapping[str, Context]:
        theirs, others = _split(references, lambda reference: reference)
        found = dict(self.referrals.contexts(others, now)) if others else {}
        return {**found, **self.answers.contexts(theirs, now)} if theirs else found

    def sample(self, template: str, language: str) -> Mapping[str, str]:
        theirs = template in answers.declared()
        return (self.answers if theirs else self.referrals).sample(template, language)

    def alert(self, notice: AlertNotice, now: datetime) -> None:
        self.referrals.alert(notice, now)

    def alert_open(self, notice: AlertNotice) -> None:
        self.referrals.alert_open(notice)

    def page_of(self, person_key: str) -> tuple[str, str] | None:
        return self.referrals.page_of(person_key)

    def longest_pause(self, person_key: str, now: datetime) -> timedelta | None:
        return self.referrals.longest_pause(person_key, now)

    def asks_first(self, message: Message, now: datetime) -> bool:
        return self._owner(message.reference).asks_first(message, now)

    def record_sent(self, events: Sequence[MessageEvent]) -> None:
        theirs, others = _split(events, lambda event: event.reference)
        if others:
            self.referrals.record_sent(others)
        if theirs:
            self.answers.record_sent(theirs)

    def record(self, event: MessageEvent) -> bool:
        return self._owner(event.reference).record(event)


def _is_of_answers(reference: str) -> bool:
    return reference.startswith(f"{ANSWERS}:")


def _split(items: Sequence[T], reference: Callable[[T], str]) -> tuple[list[T], list[T]]:
    """What is about answers, and the rest."""
    theirs = [each for each in items if _is_of_answers(reference(each))]
    return theirs, [each for each in items if not _is_of_answers(reference(each))]
