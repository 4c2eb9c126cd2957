"""The change form of a guide of 60 blocks, asked in this process: time, queries and bytes. Prints JSON.

Run as ``python -m benchmarks.editing`` with WAYMARK_DATA naming a prepared folder, whose first guide it rewrites.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.staff import signed_in  # noqa: E402
from guides.content.documents import BLOCKS, Block  # noqa: E402
from guides.models import GuideEdition  # noqa: E402
from guides.workflow import actions  # noqa: E402
from privacy.models import User  # noqa: E402

SIZE, ROUNDS = 60, 15


def main() -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    edition = GuideEdition.objects.select_related("guide").filter(language="en").order_by("guide__key")[0]
    document = {**edition.document(), "blocks": blocks()}
    actions.replace_draft(edition, document, by=None, now=timezone.now(), reason="saved")
    client, url = (
        signed_in(User.objects.get(username="publisher")),
        reverse("admin:guides_guideedition_change", args=[edition.pk]),
    )
    asked: list[str] = []

    def notice(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    size = len(client.get(url).content)
    with connection.execute_wrapper(notice):
        assert client.get(url).status_code == 200
    print(json.dumps({"change_form_60_blocks_ms": milliseconds(client, url), "queries": len(asked), "bytes": size}))


def blocks() -> list[Block]:
    """Sixty blocks of the shipped guides, every kind as often as the others."""
    found = [block for edition in GuideEdition.objects.filter(language="en") for block in edition.document()["blocks"]]
    kinds = [[block for block in found if block["type"] == kind] for kind in BLOCKS]
    kinds = [kind for kind in kinds if kind]
    return [kinds[at % len(kinds)][at // len(kinds) % len(kinds[at % len(kinds)])] for at in range(SIZE)]


def milliseconds(client: Client, url: str) -> float:
    taken = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        client.get(url)
        taken.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(taken), 1)


if __name__ == "__main__":
    main()
