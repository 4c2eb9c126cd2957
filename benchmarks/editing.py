"""The change form of a guide of 60 blocks, asked in this process: time, queries and bytes. Prints JSON.

Run as ``python -m benchmarks.editing`` with WAYMARK_DATA naming a prepared folder, whose first guide it rewrites. With
``--blocks FILE`` it only writes the kinds and values of these blocks, for another editor to be asked the same.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from dataclasses import asdict
from pathlib import Path
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
    print(json.dumps({**milliseconds(client, url), "queries": len(asked), "bytes": size}))


def give_blocks(file: Path) -> None:
    shapes = {kind: asdict(shape) for kind, shape in BLOCKS.items()}
    file.write_text(json.dumps({"shapes": shapes, "blocks": blocks()}))


def blocks() -> list[Block]:
    """Sixty blocks of the shipped guides, every kind as often as the others."""
    found = [block for edition in GuideEdition.objects.filter(language="en") for block in edition.document()["blocks"]]
    kinds = [[block for block in found if block["type"] == kind] for kind in BLOCKS]
    kinds = [kind for kind in kinds if kind]
    return [kinds[at % len(kinds)][at // len(kinds) % len(kinds[at % len(kinds)])] for at in range(SIZE)]


def milliseconds(client: Client, url: str) -> dict[str, float]:
    """The medians of the rounds: how long it took, and the processor's time alone."""
    taken, used = [], []
    for _round in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        client.get(url)
        taken.append(time.perf_counter() - begun)
        used.append(time.process_time() - worked)
    figures = {"change_form_60_blocks_ms": taken, "change_form_60_blocks_cpu_ms": used}
    return {name: round(1000 * statistics.median(values), 1) for name, values in figures.items()}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--blocks"]:
        give_blocks(Path(sys.argv[2]))
    else:
        main()
