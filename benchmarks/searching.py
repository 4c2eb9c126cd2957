"""The search among 5,000 guides, asked in this process. Prints JSON.

Run as ``python -m benchmarks.searching`` with WAYMARK_DATA naming a prepared folder, or WAYMARK_DATABASE_URL for a
database; what it writes is taken out at the end. Guides are made of sentences of the shipped ones, by chance that is
the same in every run. ``search_5000_ms`` is the slowest of the queries, each the median of its rounds: words that many
guides have, words that few have, and slips.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from modelsearch.backends import get_search_backend  # noqa: E402

from guides.models import SearchEntry  # noqa: E402
from guides.publishing.search import BACKENDS, look_for  # noqa: E402

SIZE, SENTENCES, ROUNDS = 5_000, 40, 5
QUERIES = ("insurance", "rehab", "safe way to stop", "residental", "opiod withdrawl", "naloxone for my son", "zeppelin")


def main() -> None:
    made = fill()
    try:
        begun = time.perf_counter()
        look_for("treatment", "en")
        first = time.perf_counter() - begun
        slowest, used = {}, {}
        for query in QUERIES:
            slowest[query], used[query] = milliseconds(query)
    finally:
        remove(made)
    most = {"search_5000_ms": max(slowest.values()), "search_5000_cpu_ms": max(used.values())}
    print(json.dumps({**most, "first_ms": round(1000 * first, 1), **slowest}))


def fill() -> list[SearchEntry]:
    """Make `SIZE` entries more, and index them."""
    chance = random.Random(5000)
    told = [entry.text for entry in SearchEntry.objects.in_language("en").filter(kind=SearchEntry.Kind.GUIDE)]
    sentences = [one for text in told for one in re.split(r"(?<=[.?!])\s+", text) if one]
    rows = [
        SearchEntry(
            language="en",
            kind=SearchEntry.Kind.GUIDE,
            key=f"made-{number}",
            path=f"/guides/made-{number}/",
            heading=chance.choice(sentences)[:80],
            summary=chance.choice(sentences),
            text=" ".join(chance.choices(sentences, k=SENTENCES)),
        )
        for number in range(SIZE)
    ]
    with transaction.atomic():
        made = SearchEntry.objects.bulk_create(rows)
        get_search_backend(BACKENDS["en"]).add_bulk(SearchEntry, made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own housekeeping does where guides are added one by one
    return made


def remove(made: list[SearchEntry]) -> None:
    with transaction.atomic():
        for entry in made:
            get_search_backend(BACKENDS["en"]).delete(entry)
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in made]).delete()


def milliseconds(query: str) -> tuple[float, float]:
    """The medians of the rounds: how long it took, and the processor's time alone."""
    taken, used = [], []
    for _ in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        look_for(query, "en")
        taken.append(time.perf_counter() - begun)
        used.append(time.process_time() - worked)
    return round(1000 * statistics.median(taken), 1), round(1000 * statistics.median(used), 1)


if __name__ == "__main__":
    main()
