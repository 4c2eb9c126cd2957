"""Couriers of the benchmark."""

from __future__ import annotations

import time
from typing import ClassVar

from messaging.channels.mail import MailCourier
from messaging.letter import Letter
from messaging.retry import Answer


class Dated(MailCourier):
    """Sends, and notes how long after its gate each letter was handed over."""

    ages: ClassVar[list[float]] = []

    def send(self, letter: Letter) -> Answer:
        self.ages.append(time.monotonic() - letter.passed)
        return super().send(letter)
