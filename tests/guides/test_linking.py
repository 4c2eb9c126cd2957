"""A link is found by what it leads to is called, and one that leads nowhere stops publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Organization, Program
from guides.publishing.published import Published
from guides.workflow.checks import Known, broken
from guides.workflow.library import key_of
from guides.workflow.linking import find
from tests.guides.conftest import PDF

pytestmark = pytest.mark.django_db
LINKS = "/admin/guides/guideedition/links/"


@pytest.fixture
def program(site: None) -> Program:
    owner = Organization.objects.create(name="Owner")
    return Program.objects.create(slug="calm-house", name="Calm House", organization=owner, status="public")


@pytest.mark.parametrize(
    ("words", "language", "link"),
    [
        ("staying", "en", "guide:staying"),
        ("alli", "es", "guide:staying"),
        ("hospital", "en", "level:php"),
        ("withdr", "en", "glossary:withdrawal"),
        ("calm", "en", "program:calm-house"),
        ("a pdf", "en", f"file:{key_of(PDF)}"),
        ("questionnaire", "en", "assessment:"),
    ],
)
def test_everything_is_found_by_its_name(program: Program, words: str, language: str, link: str) -> None:
    assert find(words, language)[0].link == link


def test_nothing_is_found_for_no_words(site: None) -> None:
    assert find("  ", "en") == [] and find("nowhere at all", "en") == []


def test_the_picker_is_for_who_may_see_drafts(program: Program, editor: Client, client: Client) -> None:
    found = editor.get(LINKS, {"q": "calm"}).json()["found"]
    assert found == [{"link": "program:calm-house", "label": "Calm House", "kind": "program"}]
    assert client.get(LINKS, {"q": "calm"}).status_code == 302


def test_programs_and_files_lead_to_their_pages(program: Program) -> None:
    published = Published("es")
    assert published.href("program:calm-house") == reverse("directory:program", args=["calm-house"]).replace(
        "/", "/es/", 1
    )
    assert published.href(f"file:{key_of(PDF)}") == f"/files/{key_of(PDF)}.pdf"
    assert published.href("file:0") is None


def test_what_the_public_does_not_see_stops_publishing(program: Program) -> None:
    known = Known.now("en")
    assert broken("program:calm-house", known) == broken(f"file:{key_of(PDF)}", known) == ""
    Program.objects.update(status="draft")
    assert "leads to nothing" in broken("program:calm-house", known)
    assert "leads to nothing" in broken("file:0", known)


def test_a_table_is_kept_and_its_links_lead_on(site: None, edition: Any, rewrite: Any, publisher: Client) -> None:
    rows = '<tr><th colspan="2">Cost</th></tr><tr><td>A</td><td><a href="guide:paying">B</a></td></tr>'
    table = f'<table class="x"><tbody>{rows}</tbody></table>'
    draft = rewrite(edition("staying", "en"), blocks=[{"type": "prose", "html": table}])
    page = publisher.get(reverse("admin:guides_guideedition_preview", args=[draft.pk])).content.decode()
    frame = '<div class="table-wrap" tabindex="0" role="region" aria-label="Table">'
    assert f'{frame}<table><tbody><tr><th colspan="2">Cost</th></tr>' in page and "</table></div>" in page
    assert '<a href="/guides/paying/"' in page
