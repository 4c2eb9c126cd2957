"""What it takes to publish, and what finished pages hold in memory, asked in this process. Prints JSON.

Run as ``python -m benchmarks.publishing`` with WAYMARK_DATA naming a prepared folder. ``publish_ms`` is one guide whose
words changed, ``publish_facts_ms`` one fact that many pages show, each the median of its rounds; with ``_cpu`` the
processor's time alone. ``cache_mb`` is every published page in every encoding, as each process holds them.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from guides.models import GuideEdition, LevelFact, Publication  # noqa: E402
from guides.workflow import actions  # noqa: E402

ROUNDS = 5


def main() -> None:
    public = GuideEdition.objects.select_related("guide").filter(publication__isnull=False, language="en")
    edition, fact = public.order_by("guide__order")[0], LevelFact.objects.filter(language="en").order_by("pk")[0]
    figures = timed("publish", lambda turn: guide(edition, turn))
    figures |= timed("publish_facts", lambda turn: facts(fact, turn))
    pages = Publication.objects.values_list("html", "gzip", "brotli")
    held = sum(len(html.encode()) + len(gzip) + len(brotli) for html, gzip, brotli in pages)
    print(json.dumps({**figures, "cache_mb": round(held / 1e6, 2), "pages": len(pages)}))


def guide(edition: GuideEdition, turn: int) -> Callable[[], object]:
    document = edition.document()
    document["summary"] = f"{document['summary'].rstrip('!')}{'!' * turn}"
    actions.replace_draft(edition, document, by=None, now=timezone.now(), reason="saved")
    return lambda: actions.publish([edition], by=None, now=timezone.now())


def facts(fact: LevelFact, turn: int) -> Callable[[], object]:
    fact.short = f"{fact.short.rstrip('!')[:30]}{'!' * turn}"
    fact.save()
    return lambda: actions.publish_reference(by=None, now=timezone.now())


def timed(name: str, ready: Callable[[int], Callable[[], object]]) -> dict[str, float]:
    """The time of what `ready` makes ready in each round, in milliseconds."""
    taken, used = [], []
    for turn in range(1, ROUNDS + 1):
        act = ready(turn)
        begun, worked = time.perf_counter(), time.process_time()
        act()
        taken.append(1000 * (time.perf_counter() - begun))
        used.append(1000 * (time.process_time() - worked))
    return {f"{name}_ms": round(statistics.median(taken), 1), f"{name}_cpu_ms": round(statistics.median(used), 1)}


if __name__ == "__main__":
    main()
