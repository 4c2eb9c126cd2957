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
by_second: list[Letter] = []
seconds_answers: list[Answer] = []
second_asked: list[int] = []


def reset() -> None:
    for kept in (letters, answers, findings, before, by_second, seconds_answers, second_asked):
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


class Second(Recorder):
    """Of the second provider: keeps its letters apart."""

    def send(self, letter: Letter) -> Answer:
        by_second.append(letter)
        return seconds_answers.pop(0) if seconds_answers else Accepted("second-1")

    def look_up(self, message: Message) -> Finding:
        second_asked.append(message.pk)
        return Finding.UNKNOWN
