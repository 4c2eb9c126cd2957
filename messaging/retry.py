"""What a provider's answer means and when to try again; no answer: see `delivery.rescue`. A policy is a value."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import timedelta

from messaging.calendar import spread


@dataclass(frozen=True)
class Accepted:
    """The provider took the message. `provider_id` is its own name for it, or ""."""

    provider_id: str = ""


@dataclass(frozen=True)
class Deferred:
    """The provider said "not now", or was never reached: nothing was sent. `line` is True when that is the provider's
    own trouble, and would have been any other message's."""

    reason: str
    code: str = ""
    line: bool = False


@dataclass(frozen=True)
class Refused:
    """The provider said no, for good. `address_bad` is True when the address itself is the cause, `stopped` when the
    provider says that the receiver opted out."""

    reason: str
    code: str = ""
    address_bad: bool = False
    stopped: bool = False


@dataclass(frozen=True)
class Unclear:
    """The message may have left: the answer never came."""

    reason: str
    code: str = ""


@dataclass(frozen=True)
class NotBegun:
    """The hand-over did not begin, because too much time had passed since the gate, or because the line had just failed
    for another one. The provider has seen nothing of the message."""

    reason: str = "not_begun"
    code: str = ""


Answer = Accepted | Deferred | Refused | Unclear | NotBegun


@dataclass(frozen=True)
class Policy:
    """Try `tries` times in all; wait `first`, then `factor` times longer each time, at most `most`, and up to `jitter`
    of it more.
    """

    tries: int = 6
    first: timedelta = timedelta(minutes=1)
    factor: float = 4.0
    most: timedelta = timedelta(hours=6)
    jitter: float = 0.2

    def wait(self, tried: int, *, seed: str) -> timedelta | None:
        """How long to wait after the `tried`-th try (from 1), or None when no try is left."""
        if tried >= self.tries:
            return None
        plain = min(self.first * self.factor ** (tried - 1), self.most)
        return plain + spread(f"{seed}:{tried}", plain * self.jitter)


# How soon a message is looked at again that cannot be decrypted: the keys may be put right at any moment.
KEYS_LOOK = timedelta(minutes=1)
# How soon a message goes once its provider, which was away, takes messages again. Until then the channel's circuit
# breaker says how often that is tried, and by which message.
LINE_LOOK = timedelta(minutes=1)
# A full mailbox empties over days, not minutes.
MAILBOX_FULL = Policy(tries=4, first=timedelta(hours=2), factor=3.0, most=timedelta(hours=24))


def policy_for(answer: Deferred, usual: Policy) -> Policy:
    """The policy for this kind of "not now": the usual one, unless it is no fault of the message, or asks for more
    patience."""
    if answer.line:
        return replace(usual, tries=sys.maxsize, factor=1.0, most=LINE_LOOK)
    return MAILBOX_FULL if answer.reason == "mailbox_full" else usual


def smtp_answer(code: int, text: str) -> Deferred | Refused:
    """What an SMTP reply code of 400 or more means. `text` is the server's line; only its enhanced code is used."""
    shown = f"{code} {_enhanced(text)}".strip()
    enhanced = _enhanced(text)
    if code == 421:
        return Deferred("provider_closing", shown, line=True)
    if enhanced in ("4.3.1", "4.3.2"):  # the server's disk is full, or it takes nothing now
        return Deferred("try_later", shown, line=True)
    if code in (452, 552) or enhanced in ("4.2.2", "5.2.2"):
        return Deferred("mailbox_full", shown)
    if code in (530, 534, 535, 538):
        # Our own password is wrong: no fault of this message, and mended by an operator.
        return Deferred("not_signed_in", shown, line=True)
    if 400 <= code < 500:
        return Deferred("try_later", shown)
    if enhanced in ("5.7.1", "5.7.0") or code == 554:
        return Refused("refused_by_policy", shown)
    if code in (550, 551, 553):
        # A bare 550 may also be a server's mood: the message is dead, but the address is not blocked for ever.
        return Refused("no_such_address", shown, address_bad=enhanced.startswith("5.1.") or code != 550)
    return Refused("refused", shown)


def _enhanced(text: str) -> str:
    """The enhanced status code (RFC 3463) at the start of a reply, such as 5.1.1, or ""."""
    word = text.strip().split(" ", 1)[0] if text.strip() else ""
    parts = word.split(".")
    return word if len(parts) == 3 and all(part.isdigit() for part in parts) else ""


def http_unclear(status: int) -> bool:
    """Whether a provider's HTTP status leaves open if it took the message: it may lie behind the fault or gateway."""
    return status in (500, 502, 504)


# Twilio's error codes that say something about the receiver; https://www.twilio.com/docs/api/errors
_TWILIO_BAD_NUMBER = {21211, 21214, 21217, 21408, 21612, 21614, 30003, 30005, 30006}
_TWILIO_STOPPED = {21610}


def twilio_answer(status: int, code: int) -> Deferred | Refused:
    """What an HTTP status of 400 or more with Twilio's error code (0 for none) means."""
    shown = f"{status} {code}" if code else str(status)
    if code in _TWILIO_STOPPED:
        return Refused("receiver_stopped", shown, stopped=True)
    if code in _TWILIO_BAD_NUMBER:
        return Refused("no_such_address", shown, address_bad=True)
    if status in (401, 403):
        return Deferred("not_signed_in", shown, line=True)
    if status in (408, 429) or code == 20429:
        return Deferred("try_later", shown, line=True)
    if status >= 500:
        return Deferred("provider_down", shown, line=True)
    return Refused("refused", shown)
