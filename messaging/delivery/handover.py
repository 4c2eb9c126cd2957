"""Handing a batch to the provider, over one line or several at once, while what the gate saw is fresh."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from django.conf import settings

from messaging.channels.base import Courier, courier_for
from messaging.letter import Letter
from messaging.retry import Answer, Deferred, NotBegun, Unclear

log = logging.getLogger(__name__)

WORTH_A_LINE = 5  # letters; for fewer, another line would only be opened and closed


class Lines:
    """The couriers of one channel, each with a line of its own that it keeps from batch to batch, by provider."""

    def __init__(self, channel: str):
        self._channel = channel
        self._couriers: dict[str, list[Courier]] = defaultdict(list)
        self._pool: ThreadPoolExecutor | None = None

    def send(self, letters: Sequence[Letter]) -> list[Answer]:
        """What came of each. Once a provider's line has failed, or a letter is not fresh any more, none is begun."""
        answers: dict[int, Answer] = {}
        for provider in sorted({letter.row.provider for letter in letters}):
            places = [place for place, letter in enumerate(letters) if letter.row.provider == provider]
            answers |= zip(places, self._send(provider, [letters[place] for place in places]), strict=True)
        return [answers[place] for place in range(len(letters))]

    def _send(self, provider: str, letters: Sequence[Letter]) -> list[Answer]:
        couriers = self._couriers[provider]
        count = min(settings.MESSAGING_LINES[self._channel], -(-len(letters) // WORTH_A_LINE))
        while len(couriers) < count:
            couriers.append(courier_for(self._channel, provider))
        turn = _Turn(letters)
        if count > 1:
            self._pool = self._pool or ThreadPoolExecutor(settings.MESSAGING_LINES[self._channel], "line")
            for future in [self._pool.submit(turn.serve, courier) for courier in couriers[:count]]:
                future.result()
        else:
            turn.serve(couriers[0])
        return turn.answers

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        for courier in chain.from_iterable(self._couriers.values()):
            courier.close()


class _Turn:
    """One batch, shared out to whoever is free. Runs in several threads, which touch no database."""

    def __init__(self, letters: Sequence[Letter]):
        self._letters = letters
        self._next = iter(range(len(letters)))
        self._lock = threading.Lock()
        self._line_failed = False
        self.answers: list[Answer] = [NotBegun()] * len(letters)

    def serve(self, courier: Courier) -> None:
        while True:
            with self._lock:
                place = next(self._next, None)
            # A worker that was stopped here for long must not send: by now the message may be somebody else's.
            if place is None or self._line_failed or not self._letters[place].is_fresh(time.monotonic()):
                return
            answer = self.answers[place] = _carry(courier, self._letters[place])
            if isinstance(answer, Deferred) and answer.line:
                self._line_failed = True


def _carry(courier: Courier, letter: Letter) -> Answer:
    try:
        return courier.send(letter)
    except Exception as error:
        # A fault of ours: the answers for the others must not be lost with it. Nobody can say how far this one came.
        log.error("messaging: courier failed for message %s: %s", letter.row.pk, type(error).__name__)
        return Unclear("no_answer", type(error).__name__)
