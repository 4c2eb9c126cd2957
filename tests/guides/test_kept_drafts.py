"""What is typed into a draft and not saved is kept, one text for each person, without a version; others are seen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guides.models import KeptText, OpenDraft, Revision
from tests.guides.test_admin import opened, said, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def kept(client: Client, edition: Any, **values: Any) -> dict[str, Any]:
    answer = client.post(url("keep", edition.pk), {**opened(client, edition), **values})
    assert answer.status_code == 200
    return dict(answer.json())


def put_back(client: Client, edition: Any) -> dict[str, Any]:
    """What the page holds after the first “Put it back”."""
    [address, *_more] = re.findall(r'href="(\?kept=[^"]*)"', said(client, edition))
    return typed(client.get(url("change", edition.pk) + address).content.decode())


def test_kept_text_comes_back_at_one_press_and_is_no_version(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    before = paying.revisions.count()
    name = f"{paying.blocks[0]['id']}.html"
    page = opened(editor, paying)
    editor.post(url("keep", paying.pk), {**page, "title": "Half a tit"})
    editor.post(url("keep", paying.pk), {**page, "title": "Half a title", name: "<p>Half a sentence</p>"})
    assert paying.revisions.count() == before and edition("paying", "en").title == "Paying for care"
    assert "that was not saved" in said(editor, paying)
    data = put_back(editor, paying)
    assert (data["title"], data[name]) == ("Half a title", "<p>Half a sentence</p>")
    assert editor.post(url("change", paying.pk), {**data, "_draft": "1"}).status_code == 302
    assert edition("paying", "en").title == "Half a title" and paying.revisions.count() == before + 1
    assert "that was not saved" not in said(editor, paying)


def test_text_that_is_put_back_still_meets_a_later_save(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    kept(editor, paying, title="Mine")
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "title": "Theirs", "_draft": "1"})
    data = put_back(editor, paying)
    page = editor.post(url("change", paying.pk), {**data, "_draft": "1"}).content.decode()
    assert 'id="stale"' in page and "Theirs" in page and typed(page)["title"] == "Mine"


def test_a_conflict_marks_what_differs_and_keeps_lines(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    name = f"{paying.blocks[0]['id']}.html"
    mine, theirs = opened(editor, paying), opened(publisher, paying)
    words = "<p>Ask your {}.<br>See a doctor today.</p>"
    publisher.post(url("change", paying.pk), {**theirs, name: words.format("plan"), "_draft": "1"})
    page = editor.post(url("change", paying.pk), {**mine, name: words.format("family"), "_draft": "1"}).content.decode()
    assert "<td>Ask your <mark>plan.</mark><br>See a doctor today.</td>" in page
    assert "<td>Ask your <mark>family.</mark><br>See a doctor today.</td>" in page


def test_each_person_has_a_text_of_their_own_and_may_discard_it(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    kept(editor, paying, title="Mine")
    assert "that was not saved" not in said(publisher, paying)
    editor.post(url("discard", paying.pk), {"kept": KeptText.objects.get().page})
    assert "that was not saved" not in said(editor, paying)
    assert editor.get(url("discard", paying.pk)).status_code == 405


def test_who_has_the_page_open_is_told_for_a_minute(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    said(editor, paying)
    assert "has this page open too" in said(publisher, paying)
    assert "has this page open too" in editor.post(url("keep", paying.pk)).json()["others"]
    OpenDraft.objects.update(active_at=timezone.now() - timedelta(minutes=2))
    assert editor.post(url("keep", paying.pk)).json()["others"] == ""


def test_one_account_in_two_browsers_is_told_in_both(
    site: None, edition: Any, make_user: Any, sign_in: Any, now: datetime
) -> None:
    person, paying = make_user("twice", "Editors"), edition("paying", "en")
    one, two = sign_in(person), sign_in(person)
    twice = "You have this page open in another browser too."
    assert twice not in said(one, paying) and twice not in said(one, paying)
    assert twice in said(two, paying)
    assert twice in one.post(url("keep", paying.pk)).json()["others"]
    two.post(url("keep", paying.pk), {"left": "yes"})
    assert one.post(url("keep", paying.pk)).json()["others"] == ""


def test_a_text_equal_to_the_saved_one_is_not_kept(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    kept(editor, paying)
    assert not KeptText.objects.exists()
    assert Client().post(url("keep", paying.pk)).status_code == 302


def test_who_leaves_the_page_is_no_longer_said_to_have_it_open(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    editor.get(url("change", paying.pk))
    assert "has this page open too" in said(publisher, paying)
    assert editor.post(url("keep", paying.pk), {"left": "yes"}).status_code == 204
    assert "has this page open too" not in said(publisher, paying)


def test_what_was_typed_last_goes_with_whoever_leaves(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    last = {**opened(editor, paying), "title": "Typed last", "left": "yes"}
    assert editor.post(url("keep", paying.pk), last).status_code == 204
    assert KeptText.objects.filter(user__username="editor", kept__title="Typed last").exists()
    assert "has this page open too" not in said(publisher, paying)


def test_a_save_that_leads_elsewhere_leaves_the_page(
    site: None, edition: Any, editor: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    editor.post(url("change", paying.pk), {**opened(editor, paying), "_preview": "1"})
    assert "has this page open too" not in said(publisher, paying)


def test_a_kept_comment_comes_back_with_the_text_at_one_press(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    kept(editor, paying, title="Half a title", comment_text="Is it so?", comment_block=paying.blocks[0]["id"])
    offer = said(editor, paying)
    assert "Your comment is part of it." in offer and ">Is it so?</textarea>" not in offer
    data = put_back(editor, paying)
    assert (data["title"], data["comment_text"]) == ("Half a title", "Is it so?")
    assert data["comment_block"] == paying.blocks[0]["id"]
    editor.post(url("comment", paying.pk), data)
    assert kept(editor, paying, kept_as=data["kept_as"])["kept"] == "" and "that was not saved" not in said(
        editor, paying
    )


def test_what_is_offered_outlives_newer_words_and_a_save(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    kept(editor, paying, title="Words of the morning")
    later = {**opened(editor, paying), "title": "Words of noon"}
    editor.post(url("keep", paying.pk), later)
    assert said(editor, paying).count("that was not saved") == 2
    editor.post(url("comment", paying.pk), {**later, "comment_text": "Is it so?"})
    editor.post(url("change", paying.pk), {**later, "_draft": "1"})
    assert put_back(editor, paying)["title"] == "Words of the morning"
    editor.post(url("keep", paying.pk), {**opened(editor, paying), "title": "Typed after that"})
    editor.post(url("discard", paying.pk), {"kept": KeptText.objects.latest("kept_at").page})
    assert put_back(editor, paying)["title"] == "Words of the morning"


def test_who_signs_in_again_has_the_page_open_in_one_browser(
    site: None, edition: Any, make_user: Any, sign_in: Any
) -> None:
    paying, person = edition("paying", "en"), make_user("again", "Editors")
    browser = sign_in(person)
    said(browser, paying)
    left = {name: value for name, value in browser.cookies.items() if name != "sessionid"}
    browser.logout()
    again = sign_in(person)
    again.cookies.update(left)
    assert "in another browser too" not in said(again, paying)


def test_what_the_server_keeps_the_browser_need_not_keep(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    page = opened(editor, paying)
    answer = editor.post(url("keep", paying.pk), {**page, "title": "Typed last", "left": "yes"})
    assert answer.cookies[f"kept-{page['kept_as']}"]["max-age"] == 0
    assert not editor.post(url("keep", paying.pk), {"kept_as": page["kept_as"]}).cookies.get(f"kept-{page['kept_as']}")


def test_two_kept_texts_are_told_apart_by_their_words(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    block = paying.blocks[0]
    kept(editor, paying, title="Paying in the morning")
    words = block["html"].replace("</p>", " Ask at noon.</p>", 1)
    kept(editor, paying, **{f"{block['id']}.html": words}, comment_text="Is it so?")
    kept(editor, paying, comment_text="Only a remark", comment_block=block["id"])
    page = said(editor, paying)
    assert "<br>Title: “Paying in the morning”" in page
    assert re.search(r"<br>Block 1, text: “[^”]*Ask at noon\.[^”]*” Your comment is part of it\.", page)
    assert "<br>Your comment: “Only a remark”" in page


def test_text_older_than_the_saved_one_says_so_before_it_is_put_back(
    site: None, edition: Any, make_user: Any, sign_in: Any
) -> None:
    paying, person = edition("paying", "en"), make_user("twice", "Editors", first_name="Sample", last_name="Editor")
    client = sign_in(person)
    page = {**opened(client, paying), "title": "Typed first"}
    client.post(url("keep", paying.pk), page)
    assert "this text is older than that" not in said(client, paying)
    Revision.objects.create(
        edition=paying, at=timezone.now() + timedelta(minutes=2), by=person, document=paying.document(), reason="saved"
    )
    offered = said(client, paying)
    assert "You saved this page on " in offered and ": this text is older than that." in offered
    other = make_user("other", "Editors", first_name="Other", last_name="Person")
    Revision.objects.create(
        edition=paying, at=timezone.now() + timedelta(minutes=3), by=other, document=paying.document(), reason="saved"
    )
    assert "Other Person saved this page on " in said(client, paying)


def test_ones_own_save_in_between_is_told_as_ones_own(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    page = opened(editor, paying)
    editor.post(url("change", paying.pk), {**page, "title": "Saved elsewhere", "_draft": "1"})
    answer = editor.post(url("change", paying.pk), {**page, "title": "Saved here", "_draft": "1"}).content.decode()
    assert "Not saved: you saved this page at " in answer and "editor saved this page" not in answer


def test_a_person_is_called_by_name_on_every_page(site: None, edition: Any, make_user: Any, sign_in: Any) -> None:
    paying, person = edition("paying", "en"), make_user("sam", "Editors", first_name="Sample", last_name="Editor")
    client = sign_in(person)
    page = {**opened(client, paying), "title": "Another title", "_draft": "1"}
    client.post(url("change", paying.pk), page)
    history = client.get(url("versions", paying.pk)).content.decode()
    assert "Sample Editor" in history and re.search(r"\bsam\b", history) is None
    make_user("nameless", "Editors")
    assert str(type(person).objects.get(username="nameless")) == "nameless"


def test_who_is_signed_out_over_a_guide_reads_that_the_words_are_kept(site: None, edition: Any, client: Client) -> None:
    kept = "If you were writing something, it is kept. Sign in, and the page offers to put it back."
    page = url("change", edition("paying", "en").pk)
    assert kept in client.get(page, follow=True).content.decode()
    assert kept not in client.get("/admin/", follow=True).content.decode()
