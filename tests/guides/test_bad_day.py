"""Whatever goes wrong in an editor's day ends in a sentence, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guides.models import GuideEdition, StoredFile
from tests.guides.test_admin import opened, typed, url
from tests.guides.test_kept_drafts import put_back

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "<h2>Money</h2><p>A whole evening of writing.</p>"


def written(client: Client, edition: GuideEdition, **values: str) -> tuple[dict[str, Any], str]:
    """What a browser sends after an evening: the page as it was, one text written anew, and `values`."""
    name = f"{edition.blocks[0]['id']}.html"
    return {**opened(client, edition), name: PAGE, "_draft": "1", **values}, name


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"slug": "staying-there"}, "Another guide has this address"),
        ({"slug": "with spaces"}, "slug"),
        ({"title": ""}, "Please fill this in"),
        ({"title": "x" * 200}, "150"),
    ],
)
def test_a_refused_form_says_why_and_keeps_the_evening(
    site: None, edition: Any, editor: Client, values: dict[str, str], sentence: str
) -> None:
    paying = edition("paying", "en")
    data, name = written(editor, paying, **values)
    answer = editor.post(url("change", paying.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 200 and sentence in page and typed(page)[name] == PAGE


def test_a_chosen_picture_survives_a_refused_form(site: None, edition: Any, editor: Client) -> None:
    """A file goes into the library by itself, so a form that is refused later still has it chosen."""
    file = SimpleUploadedFile("photo.jpg", b"PK\x03\x04 a zip")
    answer = editor.post("/admin/guides/storedfile/upload/", {"file": file, "name": "Photo"})
    assert answer.status_code == 422 and StoredFile.objects.filter(name="Photo").count() == 0
    staying = edition("staying", "en")
    picture = next(block for block in staying.blocks if block["type"] == "image")
    data = {**opened(editor, staying), "title": "", "_draft": "1"}
    page = editor.post(url("change", staying.pk), data).content.decode()
    assert typed(page)[f"{picture['id']}.picture"] == picture["picture"]


def test_a_session_that_ended_loses_nothing_that_was_kept(
    site: None, edition: Any, editor: Client, sign_in: Any, django_user_model: Any
) -> None:
    paying = edition("paying", "en")
    data, name = written(editor, paying)
    editor.post(url("keep", paying.pk), data)
    editor.logout()
    for address in (url("keep", paying.pk), url("change", paying.pk)):
        assert editor.post(address, data).status_code == 302
    assert "/accounts/login/" in editor.post(url("change", paying.pk), data)["Location"]
    again = sign_in(django_user_model.objects.get(username="editor"))
    assert put_back(again, paying)[name] == PAGE
