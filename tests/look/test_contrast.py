"""Every pair of colours that the sheets put together, in both themes, held to WCAG 2.2 AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = Path(settings.BASE_DIR) / "static" / "scss" / "_tokens.scss"

# Text on a ground: at least 4.5 to 1.
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet", "brand", "brand-deep") for ground in ("paper", "surface", "sunken")),
    *(("ink", f"{tint}-tint") for tint in ("brand", "blaze", "urgent", "note", "good")),
    *((tone, f"{tone}-tint") for tone in ("urgent", "note", "good")),
    ("brand", "brand-tint"),
    ("brand-deep", "brand-tint"),
    ("quiet", "brand-tint"),
    ("blaze-ink", "blaze-tint"),
    ("blaze-ink", "surface"),
    ("urgent", "paper"),
    ("urgent", "surface"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("on-urgent", "urgent"),
    ("on-urgent", "urgent-deep"),
    ("on-bar", "bar"),
    ("ink", "sky"),
]
# Edges of fields, marks of state and the focus ring: at least 3 to 1.
SHAPES = [
    *(("edge", ground) for ground in ("paper", "surface", "sunken")),
    *(("focus", ground) for ground in ("paper", "surface", "sunken", "brand-tint")),
    ("brand", "sunken"),
    ("urgent", "sunken"),
]


def themes() -> dict[str, dict[str, str]]:
    source = TOKENS.read_text()
    return {
        theme: dict(re.findall(r"([\w-]+): (#[0-9a-f]{6}),", re.search(rf"\${theme}: \((.*?)\);", source, re.S)[1]))  # type: ignore[index]
        for theme in ("light", "dark")
    }


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb``, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(theme: str) -> None:
    colours = themes()[theme]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_and_the_focus_ring_can_be_seen(theme: str) -> None:
    colours = themes()[theme]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in SHAPES}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 3}


def test_both_themes_have_the_same_colours() -> None:
    light, dark = themes().values()
    assert light.keys() == dark.keys()
    assert len(light) > 20


def test_no_sheet_names_a_colour_of_its_own() -> None:
    """A colour that is not a token would not follow the theme."""
    sheets = [sheet for sheet in TOKENS.parent.glob("*.scss") if sheet != TOKENS]
    found = {
        f"{sheet.name}: {line.strip()[:80]}"
        for sheet in sheets
        for line in sheet.read_text().splitlines()
        # White paper under a QR code and in print, and what Bootstrap needs at compile time, are meant.
        if re.search(r"(?<![\w&-])#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl\(", line)
        and not line.startswith("$")
        and "#fff" not in line
        and ".mark-blaze" not in line
    }
    assert not found
