"""What a program and we said to each other about its requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from referral.models import Placement, TimelineEntry

# What a program asks and what we answer it.
TALK = (TimelineEntry.Kind.PROGRAM_ASKED, TimelineEntry.Kind.TOLD_PROGRAM)
SAID = (*TALK, TimelineEntry.Kind.TAKEN_BACK)


def last_said(live: list[Placement]) -> dict[int, TimelineEntry]:
    """The last word between the program and us, its question or our answer, by request."""
    owners = [each.referral_id for each in live]
    here = Q(referral__in=owners) | Q(referral__merged_into__in=owners)
    lines = TimelineEntry.objects.filter(here, kind__in=SAID)
    return {line.params["placement"]: line for line in _standing(lines.order_by("at", "pk"))}


def talk_of(placement: Placement) -> list[dict[str, Any]]:
    """The program's questions and our answers to it, in order; of staff nobody's name."""
    lines = TimelineEntry.objects.filter(kind__in=SAID).of_request(placement)
    return [{"at": line.at, "text": line.text, "own": line.kind == TALK[0]} for line in _standing(lines)]


def _standing(lines: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """What was said, without what staff took back."""
    said = list(lines)
    gone = {line.params["line"] for line in said if line.kind == TimelineEntry.Kind.TAKEN_BACK}
    return [line for line in said if line.kind in TALK and line.pk not in gone]
