"""The library: what an editor adds is served for a year, shown in guides, and kept while a guide uses it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guides.models import GuideEdition, Publication, Rendition, StoredFile
from guides.workflow.checks import edition_problems
from guides.workflow.library import key_of
from tests.guides.conftest import PDF, PICTURE, picture_bytes
from tests.guides.test_pictures import png_that_says

pytestmark = pytest.mark.django_db
ADD = "/admin/guides/storedfile/add/"
UPLOAD = "/admin/guides/storedfile/upload/"
SAID = {"name": "A green field", "alt_en": "A field", "alt_es": "Un campo"}


def upload(data: bytes, name: str = "photo.jpg", **said: str) -> dict[str, Any]:
    return {**SAID, **said, "file": SimpleUploadedFile(name, data)}


@pytest.fixture
def picture() -> StoredFile:
    return StoredFile.objects.get(key=key_of(PICTURE))


def test_a_picture_is_added_once_with_its_words_in_both_languages(editor: Client, db: None) -> None:
    data = picture_bytes(size=(1000, 500))
    assert editor.post(ADD, upload(data)).status_code == 302
    row = StoredFile.objects.get()
    assert (row.kind, row.width, row.height, row.by.username if row.by else "") == ("picture", 1000, 500, "editor")
    assert row.alt("es") == "Un campo"
    assert Rendition.objects.filter(file=row).count() == 9
    assert editor.post(ADD, upload(data, name="again.jpg")).status_code == 302
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (png_that_says(10_000, 6_100), "large.png", "61 million pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "SVG drawings are not taken"),
        (b"PK\x03\x04" + b"\0" * 60, "photo.jpg", "whatever its name says"),
        (PDF[:-5], "list.pdf", "cut off or damaged"),
        (b"", "empty.jpg", "empty"),
    ],
)
def test_a_bad_file_ends_in_a_sentence_and_no_lost_typing(
    editor: Client, db: None, data: bytes, name: str, sentence: str
) -> None:
    page = editor.post(ADD, upload(data, name=name)).content.decode()
    assert sentence in page and 'value="A green field"' in page and 'value="Un campo"' in page
    answer = editor.post(UPLOAD, upload(data, name=name))
    assert answer.status_code == 422 and sentence in " ".join(answer.json()["errors"]["file"])
    assert not StoredFile.objects.exists()


def test_without_words_it_must_only_decorate(editor: Client, db: None) -> None:
    answer = editor.post(UPLOAD, upload(picture_bytes(), alt_en="", alt_es=""))
    assert list(answer.json()["errors"]) == ["alt_en"]
    answer = editor.post(UPLOAD, upload(picture_bytes(), alt_en="", alt_es="", decorative="on"))
    assert answer.status_code == 200
    assert StoredFile.objects.get(key=answer.json()["key"]).alt("en") == ""


def test_only_editors_add_files(client: Client, make_user: Any, sign_in: Any) -> None:
    for who in (client, sign_in(make_user("navigator", "Navigators"))):
        assert who.post(UPLOAD, upload(picture_bytes())).status_code in (302, 403)
    assert not StoredFile.objects.exists()


def test_a_guide_shows_it_with_its_measures_and_words(site: None, client: Client) -> None:
    page = client.get("/guides/staying-there/").content.decode()
    key = key_of(PICTURE)
    assert f'srcset="/files/{key}-60.avif 60w"' in page
    assert f'src="/files/{key}-60.jpg"' in page and 'width="60" height="40" alt="A green door"' in page
    assert "<figcaption>The way in</figcaption>" in page
    assert "I slept again." in page and "<figcaption>A mother</figcaption>" in page
    assert 'href="https://example.org/study"' in page
    assert f'href="/files/{key_of(PDF)}.pdf" download>Take the list</a>' in page


def test_files_are_served_for_a_year_and_never_guessed_at(site: None, client: Client) -> None:
    answer = client.get(f"/files/{key_of(PICTURE)}-60.webp")
    assert answer["Content-Type"] == "image/webp" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer and "Cookie" not in answer.get("Vary", "")
    again = client.get(f"/files/{key_of(PICTURE)}-60.webp", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    taken = client.get(f"/files/{key_of(PDF)}.pdf")
    assert taken.content == PDF and taken["Content-Disposition"] == 'attachment; filename="a-pdf.pdf"'
    for name in ("x.jpg", f"{key_of(PICTURE)}-61.webp", f"{key_of(PICTURE)}.jpg", f"{key_of(PDF)}.html"):
        assert client.get(f"/files/{name}").status_code == 404


def test_what_a_guide_uses_is_not_deleted(site: None, publisher: Client, picture: StoredFile) -> None:
    page = publisher.get(reverse("admin:guides_storedfile_change", args=[picture.pk])).content.decode()
    assert "Staying there" in page and "These guides use it, so it cannot be deleted" in page
    publisher.post(reverse("admin:guides_storedfile_delete", args=[picture.pk]), {"post": "yes"})
    assert StoredFile.objects.filter(pk=picture.pk).exists()
    unused = StoredFile.objects.create(
        key="0" * 24, kind="document", suffix="pdf", name="Old", size=1, data=b"x", at=picture.at
    )
    publisher.post(reverse("admin:guides_storedfile_delete", args=[unused.pk]), {"post": "yes"})
    assert not StoredFile.objects.filter(pk=unused.pk).exists()


def test_new_words_for_a_picture_keep_its_bytes(site: None, publisher: Client, picture: StoredFile) -> None:
    before = bytes(picture.data)
    url = reverse("admin:guides_storedfile_change", args=[picture.pk])
    seen = publisher.get(url).context["seen"]
    assert publisher.post(url, {**SAID, "alt_en": "A blue door", "seen": seen}).status_code == 302
    picture.refresh_from_db()
    assert picture.alt_en == "A blue door" and bytes(picture.data) == before


def test_a_draft_chooses_from_the_library(site: None, editor: Client, edition: Any) -> None:
    page = editor.get(reverse("admin:guides_guideedition_change", args=[edition("staying", "en").pk])).content.decode()
    assert f'<option value="{key_of(PICTURE)}" selected>A jpg</option>' in page


def test_a_file_that_is_gone_stops_publishing(site: None, edition: Any, rewrite: Any, publisher: Client) -> None:
    draft = edition("paying", "en")
    rewrite(draft, blocks=[{"type": "image", "picture": "0" * 24, "caption": ""}])
    page = publisher.get(reverse("admin:guides_guideedition_change", args=[draft.pk])).content.decode()
    assert "is not in the library" in page
    shown = publisher.get(reverse("admin:guides_guideedition_preview", args=[draft.pk])).content.decode()
    assert "<picture" not in shown
    assert Publication.objects.filter(edition=draft).exists()


def errors(draft: GuideEdition, now: datetime) -> list[str]:
    return [one.sentence for one in edition_problems(draft, draft.document(), now.date()) if one.stops]


def test_a_picture_said_in_one_language_holds_the_other_back(
    site: None, edition: Any, rewrite: Any, editor: Client, publisher: Client, now: datetime
) -> None:
    key = editor.post(UPLOAD, upload(picture_bytes(size=(300, 200)), alt_es="")).json()["key"]
    block = {"type": "image", "picture": key, "caption": ""}
    for language in ("en", "es"):
        rewrite(edition("paying", language), blocks=[block])
    stops = [errors(edition("paying", language), now) for language in ("en", "es")]
    assert stops[0] == [] and len(stops[1]) == 1 and "Pictures and files" in stops[1][0]
    url = f"/admin/guides/storedfile/{StoredFile.objects.get(key=key).pk}/change/"
    said = {**SAID, "seen": re.findall(r'name="seen" value="([^"]+)"', publisher.get(url).content.decode())[0]}
    assert "Say in English" in publisher.post(url, {**said, "alt_en": ""}).content.decode()
    assert publisher.post(url, said).status_code == 302
    assert errors(edition("paying", "es"), now) == []
