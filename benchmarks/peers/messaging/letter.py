"""What every peer sends: as long as our check-in, with an HTML part, by Django's own mail API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives

SUBJECT = "A note from Waymark"
TEXT = "Hello Sample, how is it going? Tell us with one tap:\n\nhttps://waymark.example/c/followup/\n" + "-" * 400
HTML = f"<html><body><p>{TEXT}</p>{'<p></p>' * 250}</body></html>"


def fields(number: int) -> dict[str, Any]:
    """The letter to the receiver of this number, as Django's and django-post-office's functions name its parts."""
    return {"subject": SUBJECT, "to": [f"sample{number}@example.org"]}


def send(number: int) -> None:
    """Send it now, over a line of its own, as a task does that nobody has tuned."""
    email = EmailMultiAlternatives(body=TEXT, **fields(number))
    email.attach_alternative(HTML, "text/html")
    email.send()


def instant(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
