"""A page of blocks of the same kinds, with the same values, as a guide here."""

import json
import os
from pathlib import Path
from typing import Any

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

SHAPES = json.loads(Path(os.environ["GUIDE_BLOCKS"]).read_text())["shapes"]
MADE = {
    "html": lambda: blocks.RichTextBlock(required=False, features=["h2", "h3", "bold", "italic", "ol", "ul", "link"]),
    "inline": lambda: blocks.RichTextBlock(required=False, features=["bold", "italic", "link"]),
    "codes": lambda: blocks.ListBlock(blocks.CharBlock(required=False)),
}


def value(kind: str) -> blocks.Block:
    return MADE[kind]() if kind in MADE else blocks.CharBlock(required=False)


def block(shape: dict[str, Any]) -> blocks.StructBlock:
    cells = [(cell["name"], value(cell["kind"])) for cell in shape["cells"]]
    if shape["items"]:
        rows = [(cell["name"], value(cell["kind"])) for cell in shape["items"]]
        cells.append(("items", blocks.ListBlock(blocks.StructBlock(rows))))
    return blocks.StructBlock(cells)


class ExplainerPage(Page):
    # A finished piece of a page as it is, so that both serve the same bytes.
    body = StreamField(
        [("piece", blocks.RawHTMLBlock()), *((kind, block(shape)) for kind, shape in SHAPES.items())], blank=True
    )
    content_panels = [*Page.content_panels, FieldPanel("body")]
