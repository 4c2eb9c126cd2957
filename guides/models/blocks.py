"""The blocks of an edition, one model for each kind, and their passage to and from documents."""

from __future__ import annotations

from textwrap import shorten
from typing import Any, ClassVar, Self

from content_editor.contents import contents_for_item
from content_editor.models import create_plugin_base
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guides.content import html
from guides.content.documents import BLOCKS, Document
from guides.content.fields import EXTENSIONS, RichField, RowsField
from guides.models.editions import GuideEdition

_Plugin: Any = create_plugin_base(GuideEdition)


class Block(_Plugin):
    """One piece of an edition."""

    type: ClassVar[str]

    class Meta(_Plugin.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "heading", "") or shorten(html.plain(getattr(self, "html", "")), 60, placeholder="…"))

    def document(self) -> dict[str, Any]:
        """Return this block as a document has it."""
        kind = BLOCKS[self.type]
        names = [cell.name for cell in kind.cells] + (["items"] if kind.items else [])
        return {"type": self.type, **{name: getattr(self, name) for name in names}}

    @classmethod
    def of(cls, document: dict[str, Any], **place: Any) -> Self:
        """Return an unsaved block of `document`, its rich text cleaned."""
        kind = BLOCKS[cls.type]
        values = {cell.name: cleaned(cell.kind, document[cell.name]) for cell in kind.cells}
        if kind.items:
            values["items"] = [_clean_item(kind.items, item) for item in document["items"]]
        return cls(**values, **place)


def cleaned(kind: str, value: Any) -> Any:
    """Return `value` as a cell of this kind may keep it."""
    if kind == "html":
        return html.clean(value)
    return html.clean_inline(value) if kind == "inline" else value


def _clean_item(cells: tuple[Any, ...], item: Any) -> Any:
    if len(cells) == 1:
        return cleaned(cells[0].kind, item)
    return {cell.name: cleaned(cell.kind, item[cell.name]) for cell in cells}


class Headed(Block):
    heading = models.CharField(_("heading"), max_length=150)

    class Meta(Block.Meta):
        abstract = True


class Prose(Block):
    type = "prose"
    html = RichField(_("text"))

    class Meta(Block.Meta):
        verbose_name = _("text")
        verbose_name_plural = _("texts")


class Fits(Headed):
    type = "fits"
    items = RowsField(_("may fit someone who…"), cells=BLOCKS["fits"].items)

    class Meta(Headed.Meta):
        verbose_name = _("who it may fit")
        verbose_name_plural = _("who it may fit")


class Comparison(Headed):
    type = "comparison"
    levels = RowsField(_("levels, in the order of the columns"))
    aspects = RowsField(_("aspects, in the order of the rows"), help_text=_("Leave empty to show every aspect."))

    class Meta(Headed.Meta):
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")

    def document(self) -> dict[str, Any]:
        return {**super().document(), "aspects": self.aspects or "all"}

    @classmethod
    def of(cls, document: dict[str, Any], **place: Any) -> Self:
        aspects = document["aspects"]
        return super().of({**document, "aspects": [] if aspects == "all" else aspects}, **place)


class Callout(Headed):
    class Tone(models.TextChoices):
        NOTE = "note", _("Good to know")
        URGENT = "urgent", _("Urgent")
        ENCOURAGE = "encourage", _("Encouragement")

    type = "callout"
    tone = models.CharField(_("tone"), max_length=12, choices=Tone, default=Tone.NOTE)
    html = RichField(_("text"), extensions=dict(EXTENSIONS))

    class Meta(Headed.Meta):
        verbose_name = _("callout")
        verbose_name_plural = _("callouts")


class Steps(Headed):
    type = "steps"
    items = RowsField(_("steps"), cells=BLOCKS["steps"].items)

    class Meta(Headed.Meta):
        verbose_name = _("steps")
        verbose_name_plural = _("steps")


class Questions(Headed):
    type = "questions"
    items = RowsField(_("questions and answers"), cells=BLOCKS["questions"].items)

    class Meta(Headed.Meta):
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")


class Checklist(Headed):
    type = "checklist"
    items = RowsField(_("things to check"), cells=BLOCKS["checklist"].items)

    class Meta(Headed.Meta):
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")


class Contacts(Headed):
    type = "contacts"
    items = RowsField(_("who to call or text"), cells=BLOCKS["contacts"].items)

    class Meta(Headed.Meta):
        verbose_name = _("phone numbers")
        verbose_name_plural = _("phone numbers")


class CallToAction(Headed):
    type = "call_to_action"
    to = models.CharField(_("leads to"), max_length=100)
    text = models.CharField(_("text"), max_length=400)
    label = models.CharField(_("words on the button"), max_length=80)

    class Meta(Headed.Meta):
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")


BLOCK_MODELS: dict[str, type[Block]] = {
    model.type: model
    for model in (Prose, Fits, Comparison, Callout, Steps, Questions, Checklist, Contacts, CallToAction)
}


def document_of(edition: GuideEdition) -> Document:
    """Return the draft of `edition` as it lies in the database, as a document."""
    blocks = contents_for_item(edition, list(BLOCK_MODELS.values()))
    return {
        "slug": edition.slug,
        "title": edition.title,
        "summary": edition.summary,
        "blocks": [block.document() for block in blocks["main"]],
    }


def write_document(edition: GuideEdition, document: Document) -> None:
    """Make the draft of `edition` equal `document`, and save it. Raises KeyError for a block it does not know."""
    fresh = [
        BLOCK_MODELS[block["type"]].of(block, parent=edition, region="main", ordering=10 * place)
        for place, block in enumerate(document["blocks"], start=1)
    ]
    with transaction.atomic():
        edition.slug, edition.title, edition.summary = document["slug"], document["title"], document["summary"]
        edition.save()
        for model in BLOCK_MODELS.values():
            model.get_queryset().filter(parent=edition).delete()
            model._default_manager.bulk_create([block for block in fresh if type(block) is model])
