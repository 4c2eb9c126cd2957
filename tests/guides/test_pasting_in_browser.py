"""What is pasted from Word, and what is left of a removed block, in Chromium, without a server."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SCRIPTS = settings.BASE_DIR / "static" / "guides"
# As Word writes a list: paragraphs, each with the number of its list, its depth and its sign.
ITEM = '<p style="mso-list:l{list} level{depth} lfo1"><span style="mso-list:Ignore">{sign}</span>{words}</p>'
EDITOR = """<template data-paste-words data-kept="Kept" data-dropped="Out: %s" data-notes="notes"
 data-mark="%s?"></template>
<div class="prose-editor"><div id="text"></div></div>"""
PASTE = """html => { let paste
  const view = { dom: document.getElementById("text"), setProps: (props) => { paste = props.transformPastedHTML } }
  document.dispatchEvent(new CustomEvent("prose-editor:ready", { detail: { editor: { view } } }))
  return paste(html) }"""
CARD = """<li id="block-{name}" data-card="prose"><details><summary><b>{name}</b><span data-line>{name}</span></summary>
<div class="card-body"></div></details><button type="button" data-do="remove">Remove {name}</button></li>"""
BOARD = """<form><div data-blocks><nav data-outline><ol></ol></nav><ol data-cards>{cards}</ol>
<div data-adder><button type="button" data-paste></button></div>
<template data-words data-removed="Removed." data-undo="Undo" data-empty="empty"></template>
<template data-tools><div class="card-tools"></div></template><p data-status></p>
<script type="application/json" id="block-options">{{}}</script>
<script type="application/json" id="rich-config">{{}}</script></div></form>"""


def test_lists_of_word_that_follow_each_other_stay_apart(page: Page) -> None:
    page.set_content(EDITOR)
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    items = [
        (0, 1, "·", "a"),
        (0, 2, "o", "b"),
        (0, 1, "·", "c"),
        (1, 1, "1.", "d"),
        (1, 1, "2.", "e"),
        (2, 1, "1.", "f"),
    ]
    sent = "".join(ITEM.format(list=n, depth=depth, sign=sign, words=words) for n, depth, sign, words in items)
    assert page.evaluate(PASTE, sent) == (
        "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"
        "<ol><li><p>d</p></li><li><p>e</p></li></ol><ol><li><p>f</p></li></ol>"
    )


@pytest.mark.parametrize(
    ("first", "headed"),
    [
        ("<td>Level</td><td>Time</td>", 2),
        ("<td></td><td>Time</td>", 2),
        ("<td>a</td><td></td>", 0),
        ("<td></td><td></td>", 0),
    ],
)
def test_the_first_row_of_a_table_of_word_heads_it(page: Page, first: str, headed: int) -> None:
    page.set_content(EDITOR)
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    kept = page.evaluate(PASTE, f"<table><tr>{first}</tr><tr><td>IOP</td><td>9 hours</td></tr></table>")
    assert kept.count("<th>") == headed and "<td>IOP</td>" in kept


def test_a_merged_heading_stays_above_its_columns(page: Page) -> None:
    page.set_content(EDITOR)
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    kept = page.evaluate(PASTE, "<table><tr><td colspan=2>See</td></tr><tr><td>a</td><td>b</td></tr></table>")
    assert kept.startswith('<table><tbody><tr><th colspan="2">See</th></tr>')


@pytest.mark.parametrize(
    ("mark", "left", "told"),
    [
        ('<a href="file:///c:/clip.htm#_ftn1"><span>[1]</span></a>', "One", "Kept Out: notes"),
        ("<sup>12</sup>", "One", "Kept Out: notes"),
        ("<sup>st</sup>", "One<sup>st</sup>", "Kept"),
        ("[1]", "One[1]", "Kept [1]?"),
    ],
)
def test_the_mark_of_a_note_is_left_out_or_named(page: Page, mark: str, left: str, told: str) -> None:
    page.set_content(EDITOR)
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    assert page.evaluate(PASTE, f"<p>One{mark}</p>") == f"<p>{left}</p>"
    expect(page.locator(".pasted")).to_have_text(told)


def test_a_picture_of_word_leaves_no_empty_line(page: Page) -> None:
    page.set_content(EDITOR)
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    sent = "<p>One</p><p><span><v:shape><img src='x'></v:shape></span>&nbsp;</p><p>Two <img src='x'></p>"
    assert page.evaluate(PASTE, sent) == "<p>One</p><p>Two </p>"


def test_a_picture_pasted_as_a_file_is_told_where_it_goes(page: Page) -> None:
    page.set_content(
        """<template data-paste-words data-file="Add a block."></template>
        <div data-card="prose"><div class="prose-editor"><div id="text" contenteditable></div></div></div>"""
    )
    page.add_script_tag(path=SCRIPTS / "pasting.js")
    page.evaluate("""() => { const clipboardData = new DataTransfer()
      clipboardData.items.add(new File(["x"], "bag.png", { type: "image/png" }))
      const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
      document.getElementById("text").dispatchEvent(paste) }""")
    expect(page.locator(".pasted")).to_have_text("Add a block.")


def test_undo_stands_where_the_removed_block_was(page: Page) -> None:
    page.set_content(BOARD.format(cards="".join(CARD.format(name=name) for name in "abc")))
    page.add_script_tag(path=SCRIPTS / "cards.js")
    page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    page.get_by_role("button", name="Remove b").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    assert page.locator("#block-a + .undo + #block-c").count() == 1
    assert page.locator("[data-outline] a").all_inner_texts() == ["a", "c"]
    undo.click()
    assert page.locator("[data-outline] a").all_inner_texts() == ["a", "b (empty)", "c"]
    expect(page.locator("#block-b summary")).to_be_focused()
