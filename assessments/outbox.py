"""What messaging asks of this app: the link in the email that somebody sent to themselves, and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from assessments.models import Response, ReturnLink
from messaging.client import Context, MessageEvent, Withheld
from messaging.declared import Declared, read
from messaging.models import AlertNotice, Message
from privacy.tokens import SAMPLE_TOKEN

FILE = Path(__file__).parent / "messages.json"


@lru_cache(maxsize=1)
def declared() -> Mapping[str, Declared]:
    """Each message of this app by its key."""
    return read(FILE)


class AnswersClient:
    """Owner of the references ``answers:``, each with the id of a response."""

    def contexts(self, references: Sequence[str], now: datetime) -> dict[str, Context]:
        """Make each link, if the answers are still there and still to be saved. It ends with them at the latest."""
        keys = {reference: reference.partition(":")[2] for reference in references}
        saved = Response.objects.live(now).filter(pk__in=keys.values(), keeping=Response.Keeping.SAVED)
        kept = {str(each.pk): each for each in saved.only("pk", "language")}
        found = [reference for reference in references if keys[reference] in kept]
        opens = [{"response": kept[keys[reference]]} for reference in found]
        until = now + settings.RESPONSES_KEPT_FOR["saved"]
        tokens = dict(zip(found, ReturnLink.mint_all(opens, now=now, expires_at=until), strict=True))
        return {
            reference: {"link": _url(tokens[reference], kept[keys[reference]].language)}
            if reference in tokens
            else Withheld("deleted")
            for reference in references
        }

    def sample(self, template: str, language: str) -> Mapping[str, str]:
        """A link as long as a real one, which opens nothing."""
        return {"link": _url(SAMPLE_TOKEN, language)}

    def alert(self, notice: AlertNotice, now: datetime) -> None:
        """Whoever is on duty hears of it from the owner of referrals."""

    def alert_open(self, notice: AlertNotice) -> None:
        """And so does who is told later."""

    def page_of(self, _person_key: str) -> tuple[str, str] | None:
        """Who keeps answers is known by no name, and has no page."""
        return None

    def longest_pause(self, _person_key: str, _now: datetime) -> timedelta | None:
        """Who keeps answers pauses as anybody."""
        return None

    def asks_first(self, _message: Message, _now: datetime) -> bool:
        """Who keeps answers is asked by nobody."""
        return False

    def record_sent(self, events: Sequence[MessageEvent]) -> None:
        """Nothing waits for it."""

    def record(self, event: MessageEvent) -> bool:
        """Nobody works on what is nobody's: what is written back is shown in the admin."""
        return event.kind != "reply"


def _url(token: str, language: str) -> str:
    with translation.override(language):
        return settings.BASE_URL + reverse("portal:open-answers", args=[token])
