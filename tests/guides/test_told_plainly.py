"""Pages of the admin and guides say what is so, where it is seen, in words that editors know."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client, RequestFactory

from guides.admin.reference import facts_changed
from guides.models import Guide, Helpline, LevelFact, LevelText, Reference, StageChange
from guides.publishing.published import reference_of
from guides.workflow.checks import Known, broken
from privacy.accounts import ClosedAccounts
from tests.guides.test_admin import opened, said, url

pytestmark = pytest.mark.django_db


def test_changed_facts_are_named_as_editors_know_them(site: None) -> None:
    LevelFact.objects.filter(level__slug="iop", aspect__key="cost", language="en").update(short="$20", html="<p>x</p>")
    LevelText.objects.filter(level__slug="iop", language="en").update(short_name="IOP")
    rows = facts_changed(Reference.objects.get(language="en"), "en")
    said = {row["name"].partition(": ")[2]: [(piece.mark, piece.text) for piece in row["pieces"]] for row in rows}
    assert said["Cost (in a few words)"] == [("added", "$20")]
    assert said["Cost"] == [("removed", "cost of iop"), ("added", "x")]
    assert not [name for name in said if "_" in name]


def test_a_new_order_or_key_is_named_as_what_it_is(site: None) -> None:
    published = reference_of("en")
    published["levels"].reverse()
    published["terms"][0]["key"] = "older-key"
    published["site"]["sample"] = not published["site"]["sample"]
    names = {row["name"] for row in facts_changed(Reference(document=published, language="en"), "en")}
    assert "Order of the levels" in names and "Order of the words" not in names
    assert any(name.endswith("(older-key)") for name in names)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a document, and to every list of more than one."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from leaves(inner, (*path, key))
    if not isinstance(value, dict | list) or (isinstance(value, list) and len(value) > 1):
        yield path


def altered(value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else not value if isinstance(value, bool) else f"{value}x"


def test_whatever_publishing_changes_is_told_before(site: None) -> None:
    Helpline.objects.create(key="z", order=9, number="211", tel="211").texts.create(language="en", name="Z", how="H")
    now = reference_of("en")
    untold = []
    for path in leaves(now):
        published = deepcopy(now)
        inner = reduce(lambda found, key: found[key], path[:-1], published)
        inner[path[-1]] = altered(inner[path[-1]])
        with patch("guides.admin.reference.reference_of", lambda _language: now):
            if not facts_changed(Reference(document=published, language="en"), "en"):
                untold.append(path)
    assert untold == []
    assert facts_changed(Reference(document=now, language="en"), "en") == []


def test_everyone_lands_where_they_may_work(make_user: Any, sign_in: Any) -> None:
    for name, group, place in (("e", "Editors", "/admin/"), ("n", "Navigators", "/staff/")):
        user = make_user(name, group)
        request = RequestFactory().get("/")
        request.user = user
        assert ClosedAccounts().get_login_redirect_url(request) == place
        assert sign_in(user).get(place).status_code == 200
    assert 'href="/staff/"' not in sign_in(make_user("e2", "Editors")).get("/admin/").content.decode()


def test_after_a_move_the_page_begins_at_its_message(site: None, edition: Any, editor: Client, make_user: Any) -> None:
    paying = edition("paying", "en")
    for button in ({"_draft": "1"}, {"_move": "submit"}):
        answer: Any = editor.post(url("change", paying.pk), {**opened(editor, paying), "title": "New", **button})
        assert answer.url.endswith("#content-start")
    page = said(editor, paying)
    change = StageChange.objects.get()
    assert "<li>Submitted for review, editor, " in page and change.move == "submit"


def test_the_heading_names_only_who_had_a_part(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    preview = url("preview", paying.pk)
    assert '<h2 id="who">Who wrote and checked this</h2>' in editor.get(preview).content.decode()
    Guide.objects.filter(pk=paying.guide_id).update(reviewer=None)
    assert '<h2 id="who">Who wrote this</h2>' in editor.get(preview).content.decode()
    Guide.objects.filter(pk=paying.guide_id).update(reviewer=paying.guide.reviewer, author=None)
    assert '<h2 id="who">Who checked this</h2>' in editor.get(preview).content.decode()


def test_an_address_without_its_beginning_is_given_one() -> None:
    known = Known(*[frozenset[str]()] * 5)
    assert "Write it as https://www.samhsa.gov/find-support." in broken("www.samhsa.gov/find-support", known)
    assert "leads nowhere" in broken("nowhere", known)
