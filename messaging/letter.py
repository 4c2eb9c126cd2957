"""A message with everything that the provider needs, in memory only, between the gate and the provider."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.batch_size import FRESH
from messaging.declared import WORDS, Text
from messaging.models import ChannelKey, Message, Wording
from messaging.wording import as_html, fill, one_line, own_link

_SALT = "messaging.choices"


@dataclass(frozen=True)
class Content:
    """What the receiver reads."""

    subject: str
    text: str
    html: str
    choices_url: str = ""


@dataclass(frozen=True)
class Letter:
    """One try of a message. Never logged, never stored."""

    row: Message = field(repr=False)  # as the gate left it
    content: Content = field(repr=False)
    line_is_well: bool  # no failure of this provider's line was counted when the gate looked
    passed: float  # time.monotonic() when the gate let it pass
    bound: bool = False  # this provider may have it from an earlier try, so no other may ever carry it

    def is_fresh(self, at: float) -> bool:
        """Whether it may still be handed over at this `time.monotonic()`."""
        return at - self.passed <= FRESH


# Among the values of a message that its reader has just asked for, such as a code: there is nothing to stop.
ASKED = "asked_for"


def choices_token(message: Message) -> str:
    """The signed name of a message, for links by which its receiver stops or changes messages."""
    return Signer(salt=_SALT).sign(message.public_id.hex)


def read_choices_token(token: str) -> uuid.UUID | None:
    """The message that a signed link names, or None when the signature is not ours."""
    try:
        return uuid.UUID(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


def choices_url(message: Message) -> str:
    """The address of the page where the receiver stops, pauses or resumes messages."""
    return settings.BASE_URL + reverse("messaging:unsubscribe", args=[choices_token(message)])


def compose(message: Message, wording: Text | Wording, values: Mapping[str, str]) -> Content:
    """Fill the text and frame it; what staff wrote is not called automatic.

    Raises `messaging.wording.MissingVariable`.
    """
    url = choices_url(message)
    known = {"house": "Waymark", "choices_url": url, **values}
    with translation.override(message.language):
        text = fill(wording.text, known).strip()
        if message.channel == ChannelKey.SMS:
            stop = _("Reply STOP to stop.")  # not inside the braces: what stands there is not collected
            return Content("", f"{text} {stop}", "", url)
        language = message.language
        body = fill(wording.html, known, html=True) if wording.html else _as_html(text, language)
        frame = "email_written" if WORDS in values else "email_asked" if ASKED in values else "email"
        return Content(
            one_line(wording.subject),
            _framed(f"messaging/{frame}.txt", language, text=text, choices_url=url),
            _framed(
                f"messaging/{frame}.html", language, body=body, choices_url=escape(url), subject=escape(wording.subject)
            ),
            url,
        )


def _as_html(text: str, language: str) -> str:
    """The text as HTML; where it has one link of its own, that is a button, which a thumb finds."""
    before, link, after = own_link(text)
    if not link:
        return as_html(text)
    button = _framed("messaging/email_button.html", language, link=escape(link))
    return "\n".join([as_html(before), button, as_html(after)])


_HOLE = "\ue000"  # of private use: no template and no translation has it
_HOLES = {name: f"{_HOLE}{name}{_HOLE}" for name in ("text", "body", "choices_url", "subject", "link")}


def _framed(template: str, language: str, **values: str) -> str:
    """The template with the values in it as they are: whoever gives them has escaped them where it is HTML."""
    pieces = _frame(template, language)
    return "".join(values[piece] if place % 2 else piece for place, piece in enumerate(pieces))


@lru_cache(maxsize=64)
def _frame(template: str, language: str) -> list[str]:
    """What is the same in every letter, and between its pieces the names of what goes there. A round of the template
    engine for each letter took half of the gate's time."""
    with translation.override(language):
        return render_to_string(template, {**_HOLES, "language": language}).split(_HOLE)
