"""A draft is seen beside its form as it is typed, and by whoever has a link until that ends; by no one else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guides.models import PreviewLink
from tests.guides.test_admin import opened, said, url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def linked(client: Client, edition: Any) -> str:
    page = client.post(url("share", edition.pk), follow=True).content.decode()
    found = re.search(r'href="http[^"]*(/draft/[^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_the_preview_beside_shows_what_is_typed_and_only_our_pages_frame_it(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    editor.post(url("keep", paying.pk), {**opened(editor, paying), "title": "As it is typed"})
    answer = editor.get(url("preview", paying.pk) + "?beside")
    assert "<h1>As it is typed</h1>" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    # The preview stands at the block that is written; the public page has no such marks.
    places = [f'<span id="block-{place}"></span>' in answer.content.decode() for place in (1, len(paying.blocks))]
    assert places == [True, True] and 'id="block-1"' not in Client().get("/guides/paying-for-care/").content.decode()
    assert "As it is typed" not in editor.get(url("preview", paying.pk)).content.decode()
    assert "As it is typed" not in publisher.get(url("preview", paying.pk) + "?beside").content.decode()


def test_a_link_shows_the_draft_to_anyone_until_it_ends(site: None, edition: Any, rewrite: Any, editor: Client) -> None:
    paying = rewrite(edition("paying", "en"), title="Only a draft")
    address = linked(editor, paying)
    answer = Client().get(address)
    assert "<h1>Only a draft</h1>" in answer.content.decode() and "This is a draft" in answer.content.decode()
    assert "noindex" in answer.headers["X-Robots-Tag"] and "no-store" in answer.headers["Cache-Control"]
    assert address.split("/")[-2] not in str(PreviewLink.objects.values())
    PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(address).status_code == 404


def test_a_new_link_has_a_button_that_copies_it_and_says_why_now(site: None, edition: Any, editor: Client) -> None:
    page = editor.post(url("share", edition("paying", "en").pk), follow=True).content.decode()
    assert "Copy it now: we do not keep it, so it is shown only once." in page
    [named] = re.findall(r'<button type="button" class="button" data-copy="([^"]*)"', page)
    assert re.search(rf'<a id="{named}" href="http[^"]*/draft/', page)


def test_links_are_ended_at_one_press(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    addresses = [linked(editor, paying), linked(editor, paying)]
    assert "End 2 links" in said(editor, paying)
    editor.post(url("share", paying.pk), {"end": "1"})
    assert [Client().get(address).status_code for address in addresses] == [404, 404]
    assert Client().get("/draft/guessed/").status_code == 404
