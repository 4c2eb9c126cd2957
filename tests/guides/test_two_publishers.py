"""Two publishers at one moment: both are through, and no stored page lacks what the other published."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from guides.models import Generation, LevelFact, Publication
from guides.publishing.published import Published
from guides.publishing.rendering import publication_page
from guides.workflow import actions
from tests.guides.conftest import publish_all

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start at one moment; return the exceptions that they raised."""
    barrier = threading.Barrier(len(calls))
    raised: list[Any] = []

    def run(call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            call()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def stale() -> list[str]:
    """The published pages that would be made otherwise now."""
    sites = {language: Published(language) for language in ("en", "es")}
    rows = Publication.objects.all()
    return [row.path for row in rows if row.html != publication_page(row, sites[row.language])]


@pytest.mark.slow
def test_two_who_publish_at_once_see_each_other(edition: Any, rewrite: Any, now: datetime) -> None:
    publish_all(now)
    before = Generation.current()
    for key, title in (("staying", "Staying anew"), ("paying", "Paying anew")):
        rewrite(edition(key, "en"), title=title)
    drafts = [edition("staying", "en"), edition("paying", "en")]
    calls = [lambda draft=draft: actions.publish([draft], by=None, now=now) for draft in drafts]
    LevelFact.objects.filter(level__slug="iop", aspect__key="cost", language="en").update(html="<p>New cost.</p>")
    assert together(*calls, lambda: actions.publish_reference(by=None, now=now)) == []
    titles = dict(Publication.objects.filter(language="en").values_list("key", "title"))
    assert titles == {"staying": "Staying anew", "paying": "Paying anew"}
    assert stale() == [] and Generation.current() == before + 3
