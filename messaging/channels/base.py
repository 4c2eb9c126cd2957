"""What a channel's courier does. Which courier carries a channel is a setting."""

from __future__ import annotations

from enum import Enum
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.letter import Letter
from messaging.models import Message, Provider
from messaging.retry import Answer


class Finding(Enum):
    """What the provider knows of a message."""

    FOUND = "found"
    NOT_FOUND = "not found"
    UNKNOWN = "unknown"  # it cannot be asked, or gave no clear answer


class Courier(Protocol):
    """Carries letters over one channel. Keeps its line open from letter to letter; never raises for what a provider
    or a network does, but answers."""

    def send(self, letter: Letter) -> Answer:
        """Hand the letter over, and say what came of it."""
        ...

    def look_up(self, message: Message) -> Finding:
        """Ask the provider whether it has this message."""
        ...

    def close(self) -> None:
        """Close the line."""
        ...


def courier_for(channel: str, provider: str = Provider.FIRST) -> Courier:
    """A new courier of this channel and provider. Raises `KeyError` where the settings name no such provider."""
    if provider != Provider.SECOND:
        return cast(Courier, import_string(settings.MESSAGING_COURIERS[channel])())
    second = settings.MESSAGING_SECOND[channel]
    return cast(Courier, import_string(second["courier"])(**second["options"]))
