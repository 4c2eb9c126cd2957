"""Asks the staff's pages of a filled database, and prints how long each took and how many queries it asked, as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.staff import signed_in  # noqa: E402
from benchmarks.workspace.rows import account, fill, with_long_history  # noqa: E402
from referral.models import Referral  # noqa: E402

Ask = Callable[[], Any]


def p95(ask: Ask, times: int) -> float:
    """The 95th percentile in milliseconds of a page asked so often, after two that warm up."""
    for _each in range(2):
        answer = ask()
        assert answer.status_code == 200, answer
    took = []
    for _each in range(times):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return round(sorted(took)[int(len(took) * 0.95)], 1)


def queries(ask: Ask) -> int:
    """How many a page asks, without BEGIN and COMMIT."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    return sum(each["sql"] not in ("BEGIN", "COMMIT") for each in asked)


def staff_pages(client: Client, one: Referral) -> dict[str, Ask]:
    name = one.contact.name

    def search(text: str) -> Ask:
        return lambda: client.post("/staff/search/", {"q": text})

    def queue(**asked: str) -> Ask:
        return lambda: client.get("/staff/", asked)

    pages: dict[str, Ask] = {
        f"queue_{tab}": queue(show=tab) for tab in ("today", "new", "active", "waiting", "hold", "connected", "ended")
    }
    pages |= {
        "queue_filtered": queue(show="active", who="mine", urgency="routine"),
        "search_name": search(name),
        "search_part": search(name.split()[1][:4]),
        "search_common": search("rosa"),
        "search_sound": search(name.split()[1].replace("z", "s").replace("v", "b") + "h"),
        "search_phone": search("+16265550199"),
        "search_code": search(one.public_code),
        "referral": lambda: client.get(f"/staff/referral/{one.pk}/"),
    }
    return pages


def admin_pages(client: Client, one: Referral) -> dict[str, Ask]:
    """The stock list of the same table under the same filter, by the name of ours."""
    asked: Mapping[str, Mapping[str, str]] = {
        "queue_active": {"status__exact": "active"},
        "queue_connected": {"status__exact": "connected"},
        "queue_ended": {"status__exact": "met"},
        "queue_filtered": {"status__exact": "active", "urgency__exact": "routine"},
        "search_code": {"q": one.public_code},
    }
    return {name: partial(client.get, "/admin/referral/referral/", query) for name, query in asked.items()}


def main(size: int, times: int) -> None:
    user = fill(size)
    one = Referral.objects.filter(assigned_to=user, status="active").latest("pk")
    with_long_history(one)
    chief = account("chief", is_superuser=True)
    supervisor = signed_in(chief)
    ours, theirs = staff_pages(signed_in(user), one), admin_pages(supervisor, one)
    ours["dashboard"] = partial(supervisor.get, reverse("workspace:figures"))
    figures = {
        "p95_ms": {name: p95(ask, times) for name, ask in ours.items()},
        "queries": {name: queries(ask) for name, ask in ours.items()},
        "admin_ms": {name: p95(ask, max(times // 5, 5)) for name, ask in theirs.items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
