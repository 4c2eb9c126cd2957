"""What is written and not published yet."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guides.content.differences import changes
from guides.content.drafts import cleaned, named
from guides.content.html import resolved
from guides.models import GuideEdition
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


def test_of_two_that_say_the_same_the_changed_one_is_told_and_brought_back(
    site: None, edition: Any, publisher: Client
) -> None:
    paying = edition("paying", "en")
    quote = {"type": "quote", "quote": "I slept again.", "who": "A patient"}
    prose = {"type": "prose", "html": "<p>One.</p>"}
    paying.blocks = named([prose, quote, quote], [])
    paying.save()
    before = actions.keep_revision(paying, by=None, now=timezone.now())
    assert before is not None
    paying.blocks[1]["who"] = "A mother"
    paying.save()
    for was, now in ((before.document, paying.document()), (paying.document(), before.document)):
        (change,) = changes(was, now)
        assert (change.kind, change.name, change.place) == ("changed", "quote", 2)
        assert {piece.text for piece in change.pieces if piece.mark != "same"} == {"patient", "mother"}
    page = f"/admin/guides/guideedition/{paying.pk}/versions/{before.pk}/"
    assert re.findall(r'name="block" value="(\d)"', publisher.get(page).content.decode()) == ["2"]
    publisher.post(page, {"block": "2"})
    assert GuideEdition.objects.get(pk=paying.pk).document() == before.document


def test_addresses_lose_what_follows_their_reader() -> None:
    pasted = "https://example.org/find?utm_source=letter&amp;zip=91101&amp;fbclid=abc#near"
    link = '<p><a href="{}">Find help</a></p>'
    kept = link.format("https://example.org/find?zip=91101#near")
    assert cleaned("html", link.format(pasted)) == kept
    assert 'href="https://example.org/find?zip=91101#near"' in resolved(link.format(pasted), str)  # as published before
    assert cleaned("link", "https://example.org/?UTM_Medium=mail") == "https://example.org/"
    for same in ("https://example.org/?q=utm_source", "https://example.org/#/a?utm_x=1", "guide:iop", ""):
        assert cleaned("link", same) == same
