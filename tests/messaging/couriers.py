"""Couriers at the boundary: they keep letters, and answer what a test wants."""

from __future__ import annotations

from collections.abc import Callable

from messaging.channels.base import Finding
from messaging.letter import Letter
from messaging.models import Message
from messaging.retry import Accepted, Answer

letters: list[Letter] = []
answers: list[Answer] = []
findings: list[Finding] = []
before: list[Callable[[Letter], object]] = []


def reset() -> None:
    for kept in (letters, answers, findings, before):
        kept.clear()


class Recorder:
    def send(self, letter: Letter) -> Answer:
        for call in before:
            call(letter)
        letters.append(letter)
        return answers.pop(0) if answers else Accepted("provider-1")

    def look_up(self, _message: Message) -> Finding:
        return findings.pop(0) if findings else Finding.UNKNOWN

    def close(self) -> None:
        return
