"""What the style sheets weigh, and that every class the templates use in them is there."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

ROOT = Path(settings.BASE_DIR)
BUDGET = {"main": 15 * 1024, "result": 4 * 1024, "staff": 14 * 1024, "admin": 6 * 1024}


@pytest.mark.slow
@pytest.mark.parametrize("name", BUDGET)
def test_a_sheet_keeps_to_its_budget_over_the_wire(sheets: dict[str, bytes], name: str) -> None:
    assert len(gzip.compress(sheets[name], 9)) <= BUDGET[name]


def test_a_sheet_asks_no_other_host_for_anything(sheets: dict[str, bytes]) -> None:
    for sheet in sheets.values():
        text = sheet.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text


def test_the_heading_font_is_subset_and_has_spanish() -> None:
    file = ROOT / ".build" / "static" / "fonts" / "literata.woff2"
    assert file.stat().st_size <= 25_000
    with TTFont(file) as font:
        assert set("áéíóúüñÁÉÍÓÚÜÑ¿¡“”‘’«»—–…0123456789") <= {chr(code) for code in font.getBestCmap()}


def test_the_frame_s_script_stays_small() -> None:
    assert len(gzip.compress((ROOT / "static" / "js" / "look.js").read_bytes(), 9)) <= 1536


def test_wishes_of_the_reader_are_kept(sheets: dict[str, bytes]) -> None:
    main = sheets["main"].decode()
    for wish in (
        "prefers-color-scheme:dark",
        "data-theme=dark",
        "prefers-reduced-motion",
        "forced-colors",
        "@media print",
    ):
        assert wish in main.replace(" ", "").replace("@mediaprint", "@media print"), wish


def on_screen(sheet: str) -> str:
    """The sheet without what holds on paper alone."""
    while (start := sheet.find("@media print{")) >= 0:
        end, depth = start + len("@media print{"), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        sheet = sheet[:start] + sheet[end:]
    return sheet


@pytest.mark.parametrize("name", ["main", "result"])
def test_no_list_draws_a_box_to_tick_on_the_screen(sheets: dict[str, bytes], name: str) -> None:
    """A box that cannot be ticked is one on paper alone."""
    rules = re.findall(r"([^{}]*li:{1,2}before)\{([^{}]*)\}", on_screen(sheets[name].decode()))
    for selector, body in rules:
        said = dict(one.split(":", 1) for one in body.split(";") if ":" in one)
        square = {"border", "width"} <= said.keys() and said["width"] == said.get("height")
        assert not square or said.get("border-radius") == "50%", selector
