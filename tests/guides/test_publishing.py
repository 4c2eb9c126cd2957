"""What the public sees, and when."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from guides.models import Generation, GuideEdition, LevelFact, Publication, Revision
from guides.models.blocks import document_of
from guides.publishing.cache import page_cache
from guides.workflow import actions

pytestmark = pytest.mark.django_db


def read(path: str) -> str:
    """What a visitor gets now: the stamp is looked at again, as it is by itself twice a second."""
    page_cache._next_look = float("-inf")
    response = Client().get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_draft_edit_never_shows_until_it_is_published(site: None, edition: Any, rewrite: Any, now: datetime) -> None:
    paying = rewrite(edition("paying", "en"), title="A new title")
    assert "A new title" not in read("/guides/paying/") + read("/guides/") + read("/") + read("/search/?q=new+title")
    actions.publish([paying], by=None, now=now)
    assert "<h1>A new title</h1>" in read("/guides/paying/")
    assert "A new title" in read("/guides/")
    # What was looked for is marked in the results.
    assert "A new title" in re.sub("</?mark>", "", read("/search/?q=new+title"))


def test_a_changed_fact_never_shows_until_the_facts_are_published(site: None, now: datetime) -> None:
    LevelFact.objects.filter(level__slug="residential", aspect__key="cost", language="en").update(html="<p>Free!</p>")
    pages = ("/guides/staying-there/", "/levels/residential/", "/compare/iop/residential/")
    assert all("Free!" not in read(page) for page in pages)
    actions.publish_reference(by=None, now=now)
    assert all("Free!" in read(page) for page in pages)


def test_restoring_brings_back_the_earlier_draft_exactly(site: None, edition: Any, rewrite: Any, now: datetime) -> None:
    staying = edition("staying", "en")
    before = document_of(staying)
    first = staying.revisions.first()
    rewrite(staying, title="Other", slug="other", blocks=[before["blocks"][1], before["blocks"][0]])
    assert document_of(edition("staying", "en")) != before
    actions.restore(first, by=None, now=now)
    assert document_of(edition("staying", "en")) == before
    assert [row.reason for row in staying.revisions.all()[:2]] == ["restored", "saved"]


def test_an_old_address_leads_to_the_new_one(site: None, edition: Any, rewrite: Any, now: datetime) -> None:
    paying = rewrite(edition("paying", "en"), slug="what-it-costs")
    assert Client().get("/guides/paying/").status_code == 200
    actions.publish([paying], by=None, now=now)
    page_cache.forget()
    moved = Client().get("/guides/paying/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/guides/what-it-costs/")
    assert 'href="/guides/what-it-costs/"' in read("/guides/staying-there/")
    rewrite(paying, slug="paying")
    actions.publish([paying], by=None, now=now)
    assert "<h1>Paying for care</h1>" in read("/guides/paying/")
    page_cache.forget()
    assert Client().get("/guides/what-it-costs/").headers["Location"] == "/guides/paying/"


def test_unpublished_guide_is_gone_and_links_to_it_become_text(site: None, edition: Any, now: datetime) -> None:
    actions.unpublish(edition("paying", "en"), by=None, now=now)
    page_cache.forget()
    gone = Client().get("/guides/paying/")
    assert gone.status_code == 410 and "Paying for care" in gone.content.decode()
    page = read("/guides/staying-there/")
    assert "/guides/paying/" not in page and "how to pay" in page
    assert "Paying for care" not in read("/search/?q=insurance")
    actions.publish([edition("paying", "en")], by=None, now=now)
    assert 'href="/guides/paying/"' in read("/guides/staying-there/")


def test_only_who_may_publish_publishes(site: None, edition: Any, make_user: Any, now: datetime) -> None:
    editor, publisher = make_user("editor", "Editors"), make_user("publisher", "Publishers")
    paying, stamp = edition("paying", "en"), Generation.current()
    for act in (
        lambda: actions.publish([paying], by=editor, now=now),
        lambda: actions.unpublish(paying, by=editor, now=now),
        lambda: actions.publish_reference(by=editor, now=now),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Generation.current() == stamp
    actions.publish([paying], by=publisher, now=now)
    assert Publication.objects.get(edition=paying).published_by == publisher
    assert Generation.current() == stamp + 1


def test_nothing_is_published_when_one_of_several_drafts_is_refused(
    site: None, edition: Any, rewrite: Any, now: datetime
) -> None:
    good = rewrite(edition("paying", "en"), title="Good and new")
    bad = rewrite(edition("staying", "en"), blocks=[{"type": "prose", "html": '<p><a href="guide:nowhere">x</a></p>'}])
    with pytest.raises(actions.Refused) as refused:
        actions.publish([good, bad], by=None, now=now)
    assert "guide:nowhere" in refused.value.problems[0].sentence
    assert "Good and new" not in read("/guides/paying/")
    assert not Revision.objects.filter(edition=good, reason="published", document__title="Good and new").exists()


def test_publishing_writes_who_and_when_into_the_history(
    site: None, edition: Any, make_user: Any, now: datetime
) -> None:
    publisher, later = make_user("publisher", "Publishers"), now + timedelta(hours=1)
    paying = edition("paying", "en")
    actions.publish([paying], by=publisher, now=later)  # its words are those that are public
    actions.unpublish(paying, by=publisher, now=later)
    rows = [(row.reason, row.by, row.at) for row in paying.revisions.all()[:2]]
    assert rows == [("unpublished", publisher, later), ("published", publisher, later)]


def test_a_page_that_comes_out_the_same_keeps_its_etag(site: None, edition: Any, now: datetime) -> None:
    before = dict(Publication.objects.values_list("path", "etag"))
    actions.publish([edition("paying", "en")], by=None, now=now)
    assert dict(Publication.objects.values_list("path", "etag")) == before


def test_each_language_has_its_own_page_and_names_the_other(site: None) -> None:
    english, spanish = read("/guides/staying-there/"), read("/es/guides/vivir-alli/")
    assert f'hreflang="es" href="{settings.BASE_URL}/es/guides/vivir-alli/"' in english and '<html lang="en"' in english
    assert f'hreflang="en" href="{settings.BASE_URL}/guides/staying-there/"' in spanish and '<html lang="es"' in spanish


def test_a_next_step_says_its_address_on_paper(site: None) -> None:
    printed = f'<p class="only-print">Go: {settings.BASE_URL}/guides/paying/</p>'
    assert printed in read("/guides/staying-there/")


def test_a_page_that_an_upgrade_left_stale_is_made_again(site: None) -> None:
    Publication.objects.update(look="an older look", html="old", etag='W/"old"')
    assert "<h1>Paying for care</h1>" in read("/guides/paying/")
    assert actions.render_again() == Publication.objects.count()
    assert not Publication.objects.filter(html="old").exists()
    assert actions.render_again() == 0


def test_no_edition_is_left_out_of_the_small_site(site: None) -> None:
    assert Publication.objects.count() == GuideEdition.objects.count() == 4
