"""Content to files and back."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guides import demo, outgoing, transfer
from guides.models import Generation, Guide, LevelText, Revision, StoredFile
from tests.guides.conftest import publish_all

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONTENT = Path(demo.CONTENT)


def test_what_goes_in_comes_out_the_same(drafts: None, files: dict[str, Any]) -> None:
    assert outgoing.exported() == files


def test_the_content_that_ships_comes_out_the_same(now: datetime) -> None:
    shipped = transfer.read(CONTENT)
    transfer.load(shipped, now=now)
    out = outgoing.exported()
    assert set(out) == set(shipped)
    for name, value in shipped.items():
        assert out[name] == value, name


def test_files_that_were_written_are_read_again_without_a_change(drafts: None, tmp_path: Path, now: datetime) -> None:
    call_command("export_content", str(tmp_path), verbosity=0)
    report = transfer.load(transfer.read(tmp_path), now=now)
    assert report.changed == [] and report.kept == []


def test_bringing_the_same_in_again_changes_nothing(files: dict[str, Any], now: datetime) -> None:
    publish_all(now)
    before = (Revision.objects.count(), Generation.current())
    assert transfer.load(files, now=now).changed == []
    assert (Revision.objects.count(), Generation.current()) == before


def test_what_a_person_changed_here_is_kept(
    drafts: None, edition: Any, rewrite: Any, files: dict[str, Any], now: datetime
) -> None:
    rewrite(edition("paying", "en"), title="Changed here")
    level = LevelText.objects.get(level__slug="iop", language="en")
    level.name = "Changed too"
    level.save()
    level.level.changed_here = True
    level.level.save()
    files["guides/paying"]["en"]["title"] = "New in the files"
    files["guides/staying"]["en"]["title"] = "New as well"
    report = transfer.load(files, now=now)
    assert edition("paying", "en").title == "Changed here"
    assert edition("staying", "en").title == "New as well"
    assert LevelText.objects.get(pk=level.pk).name == "Changed too"
    assert report.kept == ["levels iop", "guides paying"]
    transfer.load(files, now=now, replace=True)
    assert edition("paying", "en").title == "New in the files"
    assert edition("paying", "en").revisions.filter(document__title="Changed here").exists()


@pytest.mark.parametrize(
    ("name", "spoil", "words"),
    [
        ("guides/paying", lambda entry: entry.pop("section"), "section"),
        ("guides/paying", lambda entry: entry.update(level="nowhere"), "guides/paying"),
        ("guides/paying", lambda entry: entry["en"]["blocks"].append({"type": "poem"}), "poem"),
        ("facts", lambda entry: entry.update(nowhere={"cost": {"en": "x"}}), "nowhere"),
        ("levels", lambda entry: entry[0].pop("order"), "order"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_written(
    files: dict[str, Any], now: datetime, name: str, spoil: Any, words: str
) -> None:
    spoil(files[name])
    with pytest.raises(transfer.BadContent, match=words) as raised:
        transfer.load(files, now=now)
    assert f"{name}.json" in str(raised.value)
    assert not Guide.objects.exists()


def test_the_command_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("import_content", str(tmp_path / "nowhere"))
    with pytest.raises(CommandError, match="holds no content"):
        call_command("import_content", str(tmp_path))
    (tmp_path / "levels.json").write_text("[")
    with pytest.raises(CommandError, match=r"levels\.json cannot be read as JSON"):
        call_command("import_content", str(tmp_path))


def test_the_files_are_readable_by_people(drafts: None, tmp_path: Path) -> None:
    outgoing.write(tmp_path)
    text = (tmp_path / "guides" / "staying.json").read_text(encoding="utf-8")
    assert "Vivir allí" in text and text.endswith("}\n")
    assert json.loads(text)["key"] == "staying"


def test_files_of_the_library_come_back_byte_for_byte(drafts: None, tmp_path: Path, now: datetime) -> None:
    outgoing.write(tmp_path)
    before = {row.key: bytes(row.data) for row in StoredFile.objects.all()}
    StoredFile.objects.all().delete()
    transfer.load(transfer.read(tmp_path), now=now)
    assert {row.key: bytes(row.data) for row in StoredFile.objects.all()} == before and len(before) == 2
    assert outgoing.exported() == transfer.read(tmp_path)
    picture = next((tmp_path / "files").glob("*.jpg"))
    picture.write_bytes(picture.read_bytes() + b"more")
    with pytest.raises(transfer.BadContent, match="is not the file that"):
        transfer.load(transfer.read(tmp_path), now=now)
