"""An editor's pictures, links and pasted text in Chromium: refused with a sentence, kept, and chosen by keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import barriers, open_as
from tests.guides.conftest import picture_bytes
from tests.guides.test_editor_in_browser import LIST, begin_an_empty_guide, save
from tests.systems import System

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("system", ["postgres"], indirect=True)]
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><h1 style="color:#2F5496">To bring</h1>
<p class=MsoNormal><b style="mso-bidi-font-weight:normal">Bring</b> <a href="https://example.org/">this</a><o:p></o:p></p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>First</p>
<p class=MsoListParagraph style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">·</span>Inner</p>
<table><thead><tr><td><p>Day</p></td></tr></thead><tr><td><p>Monday</p></td></tr></table>
<p><img src="x.png"></p></body></html>"""
PASTE = """(element, html) => { const data = new DataTransfer(); data.setData("text/html", html);
  element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }"""
DROP = """(element, [name, kind, bytes]) => { const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, {type: kind}));
  element.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})) }"""


def dropped(page: Page, *file: Any) -> None:
    page.locator("[data-card=image]").evaluate(DROP, list(file))
    expect(page.locator("dialog[data-new-file]")).to_be_visible()


def test_a_picture_is_dropped_refused_mended_and_shown(system: System, page: Page) -> None:
    page.set_viewport_size({"width": 768, "height": 900})
    open_as(page, system, "editor", LIST)
    begin_an_empty_guide(page, system, "with-a-picture")
    page.locator("#id_title").fill("With a picture")
    page.locator("#id_summary").fill("It shows something.")
    page.locator("[data-add=image]").click()
    dropped(page, "a drawing.svg", "image/svg+xml", list(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    dialog = page.locator("dialog[data-new-file]")
    expect(dialog.locator("[name=name]")).to_have_value("a drawing")
    dialog.locator("[name=alt_en]").fill("A field")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-error=file]")).to_contain_text("SVG drawings are not taken")
    expect(dialog.locator("[data-error=alt_es]")).to_be_empty()
    assert dialog.locator("[name=alt_en]").input_value() == "A field"
    assert barriers(page) == []
    dialog.locator("[name=file]").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-error=file]")).to_have_text(
        "This is a PDF. Choose a picture here: JPEG, PNG, WebP or AVIF."
    )
    dialog.locator("[name=file]").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    )
    dialog.locator("[name=alt_es]").fill("Un campo")
    dialog.locator("[type=submit]").click()
    expect(page.locator("[data-card=image] .file-choice img")).to_be_visible()
    save(page)
    assert page.locator("[data-line]").all_inner_texts() == ["x"]  # a name that nobody typed follows the file
    page.locator("[data-card=image] .file-choice button").click()
    page.wait_for_timeout(500)  # an offer would come after the page
    expect(dialog.locator("[name=file]")).to_be_visible()
    expect(dialog.locator(".kept")).to_have_count(0)
    expect(dialog.locator("[name=alt_en]")).to_have_value("")


def test_text_from_word_and_a_link_by_name_with_keys(system: System, page: Page) -> None:
    open_as(page, system, "publisher", LIST)
    begin_an_empty_guide(page, system, "from-word")
    page.locator("#id_title").fill("From Word")
    page.locator("#id_summary").fill("It was written elsewhere.")
    page.locator("[data-add=prose]").click()
    card = page.locator("[data-card=prose]")
    text = card.locator("[contenteditable]")
    text.evaluate(PASTE, WORD)
    expect(card.locator(".pasted")).to_contain_text("Left out: pictures")
    ready = card.locator("button[aria-label='insert link'][aria-disabled=false]")
    for _each in range(20):  # the editor sees a selection a moment after it is made
        text.press("Control+Home")
        text.press("Shift+End")
        page.wait_for_timeout(250)
        if ready.count():
            break
    expect(ready).to_be_visible()
    text.press("Control+k")
    page.locator(".link-search input").fill("resid")
    expect(page.locator(".link-found li").first).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    save(page)
    kept = card.locator("textarea").input_value()
    for part in (
        '<h2><a href="guide:residential">To bring</a></h2>',
        '<strong>Bring</strong> <a href="https://example.org/">this</a>',
        "<ol><li><p>First</p><ul><li><p>Inner</p></li></ul></li></ol>",
        "<th><p>Day</p></th></tr><tr><td><p>Monday</p></td>",
    ):
        assert part in kept, kept
