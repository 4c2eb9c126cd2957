"""What is written and not published yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from guides.publishing.search import find
from guides.workflow import actions
from tests.guides.test_publishing import read

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_found(drafts: None) -> None:
    assert find("insurance", "en") == []


def test_a_revision_is_kept_for_every_change_and_none_for_no_change(drafts: None, edition: Any, now: datetime) -> None:
    paying = edition("paying", "en")
    assert actions.keep_revision(paying, by=None, now=now) is None
    paying.title = "Changed"
    paying.save()
    kept = actions.keep_revision(paying, by=None, now=now)
    assert kept is not None and kept.document["title"] == "Changed"


def test_a_language_published_later_is_named_by_the_first(drafts: None, edition: Any, now: datetime) -> None:
    actions.publish([edition("paying", "en")], by=None, now=now)
    assert "/es/guides/pagar/" not in read("/guides/paying/")
    actions.publish([edition("paying", "es")], by=None, now=now)
    assert "/es/guides/pagar/" in read("/guides/paying/")
