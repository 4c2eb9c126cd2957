"""A translation stands beside its original, knows what changed there since, and the public is never left without."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guides.content.drafts import paired, with_structure
from guides.models import GuideEdition
from guides.workflow import actions, translating
from guides.workflow.checks import edition_problems
from tests.guides.test_admin import opened, url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def prose(name: str, words: str) -> dict[str, Any]:
    return {"id": name, "type": "prose", "html": f"<p>{words}</p>"}


def steps(name: str, *titles: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": "steps",
        "heading": "How",
        "items": [{"title": title, "html": "<p>x</p>"} for title in titles],
    }


def test_blocks_are_paired_by_name_then_by_kind_and_order() -> None:
    original = [prose("a", "one"), steps("b", "call"), prose("c", "two")]
    translation = [prose("c", "dos"), prose("x", "uno"), steps("y", "llame")]
    assert {name: block["id"] for name, block in paired(translation, original).items()} == {
        "c": "c",
        "x": "a",
        "y": "b",
    }


def test_missing_blocks_come_without_words_and_in_their_place() -> None:
    original = [
        prose("a", "one"),
        steps("b", "call", "go"),
        {"id": "c", "type": "comparison", "heading": "Side by side", "levels": ["iop", "php"], "aspects": "all"},
        prose("d", "two"),
    ]
    made = with_structure([prose("x", "uno"), prose("y", "dos")], original)
    assert [block["id"] for block in made] == ["x", "b", "c", "y"]
    assert made[1] == {"id": "b", "type": "steps", "heading": "", "items": [{"title": "", "html": ""}] * 2}
    assert (made[2]["heading"], made[2]["levels"]) == ("", ["iop", "php"])
    assert with_structure(made, original) == made


def change(edition: GuideEdition) -> str:
    return reverse("admin:guides_guideedition_change", args=[edition.pk])


def follow(client: Client, edition: GuideEdition, wish: str = "same", **typed: str) -> str:
    """Press one of the buttons beside the other language; return the page that it leads to."""
    data = {**opened(client, edition), "_follow": wish, **typed}
    return client.post(change(edition), data, follow=True).content.decode()


def test_the_original_is_read_beside_each_block(site: None, edition: Any, editor: Client) -> None:
    spanish = edition("staying", "es")
    page = editor.get(f"{change(spanish)}?translate").content.decode()
    assert re.search(r'<div class="original" lang="en"><p class="as-heading">A day</p>', page)
    assert 'class="original"' not in editor.get(change(spanish)).content.decode()


def test_copied_structure_keeps_what_is_written(site: None, edition: Any, editor: Client) -> None:
    spanish = edition("staying", "es")
    follow(editor, spanish, "structure")
    spanish.refresh_from_db()
    original = edition("staying", "en")
    assert [block["type"] for block in spanish.blocks] == [block["type"] for block in original.blocks]
    assert "La recuperación lleva tiempo" in spanish.blocks[0]["html"] and spanish.blocks[1]["items"] == [""]


def test_a_change_of_the_original_is_told_word_by_word(site: None, edition: Any, rewrite: Any, editor: Client) -> None:
    spanish = edition("paying", "es")
    follow(editor, spanish)
    assert "The other language changed" not in editor.get(change(spanish)).content.decode()
    rewrite(edition("paying", "en"), summary="What it costs now.")
    page = editor.get(change(spanish)).content.decode()
    assert "The other language changed since this text was last compared." in page
    listed = editor.get(reverse("admin:guides_guide_change", args=[spanish.guide_id])).content.decode()
    assert "behind the other language" in listed
    beside = editor.get(f"{change(spanish)}?translate").content.decode()
    assert "<ins>costs now.</ins>" in beside
    follow(editor, spanish)
    assert not translating.is_behind(edition("paying", "es"), edition("paying", "en"))


def test_a_guide_in_one_language_alone_is_shown_there_with_a_word(
    site: None, client: Client, edition: Any, now: datetime
) -> None:
    actions.unpublish(edition("staying", "es"), by=None, now=now)
    answer = client.get("/es/guides/staying-there/")
    page = answer.content.decode()
    assert answer.status_code == 200 and '<html lang="es">' in page
    assert '<h1 lang="en">Staying there</h1>' in page and "Todavía no tenemos esta guía en español" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/guides/staying-there/">' in page
    assert 'href="/es/guides/staying-there/"' in client.get("/guides/staying-there/").content.decode()


def test_a_text_with_missing_or_empty_blocks_follows_nothing(site: None, edition: Any, editor: Client) -> None:
    spanish, original = edition("staying", "es"), edition("staying", "en")
    page = follow(editor, spanish)
    assert f"{len(original.blocks) - 1} blocks are missing or nearly empty." in page and "Noted" not in page
    follow(editor, spanish, "structure")
    assert "blocks are missing or nearly empty." in follow(editor, spanish)
    assert not edition("staying", "es").follows_digest


def test_the_buttons_beside_the_original_save_what_was_typed(site: None, edition: Any, editor: Client) -> None:
    for wish in ("structure", "same"):
        follow(editor, edition("staying", "es"), wish, title=f"Quedarse, {wish}")
        assert edition("staying", "es").title == f"Quedarse, {wish}"


def test_a_translation_begins_beside_its_original(site: None, edition: Any, editor: Client) -> None:
    english = edition("paying", "en")
    GuideEdition.objects.filter(guide=english.guide, language="es").delete()
    page = editor.get(f"{url('add')}?guide={english.guide_id}&language=es")
    assert page.context["adminform"].form["blocks"].value() == with_structure([], english.blocks)
    html = page.content.decode()
    assert english.summary in html and "Both say the same now" not in html
    assert '<input type="hidden" name="language" value="es"' in html
    values = {
        "guide": english.guide_id,
        "language": "es",
        "title": "Pagar",
        "slug": "pagar",
        "summary": "S",
        "_draft": "1",
    }
    answer: Any = editor.post(f"{url('add')}?guide={english.guide_id}&language=es", {**values, "blocks": ""})
    made = GuideEdition.objects.get(guide=english.guide, language="es")
    assert answer.url.startswith(f"{url('change', made.pk)}?translate")
    assert "Both say the same now" not in editor.get(answer.url).content.decode()


def test_that_both_say_the_same_is_offered_once_all_is_written(site: None, edition: Any, editor: Client) -> None:
    offered = "Both say the same now"
    assert offered in editor.get(f"{change(edition('paying', 'es'))}?translate").content.decode()
    original, spanish = edition("staying", "en"), edition("staying", "es")
    GuideEdition.objects.filter(pk__in=[original.pk, spanish.pk]).update(blocks=[])
    page = editor.get(f"{change(spanish)}?translate").content.decode()
    assert offered not in page and "Once each block is written and saved" in page


def test_a_draft_leads_to_the_language_it_is_not_written_in(site: None, edition: Any, editor: Client) -> None:
    original = edition("staying", "en")
    GuideEdition.objects.filter(guide=original.guide, language="es").delete()
    page = editor.get(change(original)).content.decode()
    assert "Write it in Spanish" in page and f"?guide={original.guide_id}&amp;language=es" in page


def test_a_text_that_was_never_compared_is_told_in_list_and_review(site: None, edition: Any, editor: Client) -> None:
    spanish = edition("paying", "es")
    listed = reverse("admin:guides_guide_changelist")
    never = "No one has compared it with the text in the other language yet."
    assert never not in editor.get(change(spanish)).content.decode()
    editor.post(change(spanish), {**opened(editor, spanish), "title": "Escrita aparte", "_draft": "1"})
    assert never in editor.get(change(spanish)).content.decode()
    assert editor.get(listed).content.decode().count("never compared with the other language") == 1
    follow(editor, spanish)
    assert never not in editor.get(change(spanish)).content.decode()
    assert "never compared" not in editor.get(listed).content.decode()


def test_a_block_whose_original_changed_before_any_comparing_is_told(
    site: None, edition: Any, rewrite: Any, editor: Client
) -> None:
    english, spanish = edition("paying", "en"), edition("paying", "es")
    both = [{"type": "prose", "html": "<p>One.</p>"}, {"type": "prose", "html": "<p>Two.</p>"}]
    rewrite(english, blocks=both)
    rewrite(spanish, blocks=[{"type": "prose", "html": f"<p>{word}.</p>"} for word in ("Uno", "Dos")])
    changed = "the block in English changed after this one was written."

    def told() -> list[str]:
        page = editor.get(change(spanish)).content.decode()
        return re.findall(r">(Block \d): " + changed, page)

    assert told() == []
    rewrite(edition("paying", "en"), blocks=[both[0], {"type": "prose", "html": "<p>Two, for children.</p>"}])
    assert told() == ["Block 2"]
    rewrite(edition("paying", "es"), title="Pagar la atención")
    assert told() == ["Block 2"]
    last = [{"type": "prose", "html": f"<p>{word}.</p>"} for word in ("Uno", "Dos, para niños")]
    rewrite(edition("paying", "es"), blocks=last)
    assert told() == []


def test_a_far_shorter_block_follows_only_once_that_is_meant(
    site: None, edition: Any, rewrite: Any, editor: Client
) -> None:
    spanish = edition("paying", "es")
    rewrite(edition("paying", "en"), blocks=[{"type": "prose", "html": f"<p>{'One word and more. ' * 20}</p>"}])
    rewrite(spanish, blocks=[{"type": "prose", "html": "<h2>Título</h2>"}])
    assert "1 block is missing or nearly empty." in follow(editor, edition("paying", "es"), less="on")
    rewrite(edition("paying", "es"), blocks=[{"type": "prose", "html": "<p>Una palabra y más.</p>"}])
    page = follow(editor, edition("paying", "es"))
    assert "Not noted yet. Block 1 has 4 words here and 80 there." in page and 'name="less"' in page
    assert "Block 1 is shorter here on purpose</label>" in page
    assert not edition("paying", "es").follows_digest
    follow(editor, edition("paying", "es"), less="on")
    assert edition("paying", "es").follows_digest


def test_a_change_there_is_marked_at_its_card_and_leads_to_it(
    site: None, edition: Any, now: datetime, editor: Client
) -> None:
    english, spanish = edition("paying", "en"), edition("paying", "es")
    english.blocks = [prose("a", "One."), prose("b", "Two.")]
    spanish.blocks = [prose("c", "Uno."), prose("d", "Dos.")]
    english.save()
    spanish.save()
    translating.mark_followed(spanish, english, by=None, now=now)
    english.blocks = [prose("a", "One."), prose("b", "Two and more.")]
    english.save()
    page = editor.get(f"{change(spanish)}?translate").content.decode()
    assert '<h3><a href="#block-d">Block 2,' in page
    assert re.findall(r'id="block-(\w)"[^\n]*changed in the other language', page) == ["d"]


def test_the_original_keeps_its_lists_tables_headings_and_links(site: None, edition: Any, editor: Client) -> None:
    english, spanish = edition("paying", "en"), edition("paying", "es")
    words = "<h2>Bring</h2><ul><li>A card</li></ul><table><tbody><tr><td>County</td></tr></tbody></table>"
    blocks = [{"id": "a", "type": "prose", "html": f'{words}<p><a href="https://x.example.org">Here</a></p>'}]
    for draft in (english, spanish):
        draft.blocks = blocks
        draft.save()
    beside = editor.get(f"{change(spanish)}?translate").content.decode()
    original = re.search(r'<div class="original" lang="en">(.*?)</div>', beside)
    assert original and original[1] == (
        '<p class="as-heading">Bring</p><ul><li>A card</li></ul><table><tbody><tr><td>County</td></tr></tbody></table>'
        '<p><u title="https://x.example.org">Here</u></p>'
    )


def test_a_changed_original_and_a_thin_translation_are_suggestions(site: None, edition: Any, now: datetime) -> None:
    english, spanish = edition("paying", "en"), edition("paying", "es")
    english.blocks = [prose("a", "One word and more. " * 20), prose("b", "Short.")]
    spanish.blocks = [prose("a", "Una palabra y más."), prose("b", "Corto.")]
    english.save()
    spanish.save()
    translating.mark_followed(spanish, english, by=None, now=now, less=True)

    def told() -> list[str]:
        draft = GuideEdition.objects.get(pk=spanish.pk)
        found = edition_problems(draft, draft.document(), now.date())
        return [one.sentence for one in found if "English" in one.sentence and not one.stops]

    assert told() == ["Block 1: it has 4 words, and the block in English has 80. Is something missing?"]
    english.title = "Another title"
    english.save()
    assert told()[0] == "The text in English changed since both said the same. Open “Translate beside”."
    spanish = edition("paying", "es")
    spanish.blocks[0]["html"] = "<p>" + "Una palabra y algo más. " * 14 + "</p>"
    spanish.save()
    assert len(told()) == 1


def test_what_fell_behind_is_published_only_on_purpose(
    site: None, edition: Any, rewrite: Any, editor: Client, publisher: Client
) -> None:
    english, spanish = edition("paying", "en"), edition("paying", "es")
    translating.mark_followed(spanish, english, by=None, now=timezone.now())
    rewrite(english, title="Paying, in other words")
    rewrite(edition("paying", "es"), title="Pagar")
    public = edition("paying", "es").publication.digest
    sent = {**opened(publisher, spanish), "title": "Pagar ya", "_publish": "1"}
    page = publisher.post(url("change", spanish.pk), sent, follow=True).content.decode()
    assert "check “Publish it as it is”" in page and edition("paying", "es").publication.digest == public
    sent = {**opened(publisher, spanish), "_publish": "1", "behind": "on"}
    page = publisher.post(url("change", spanish.pk), sent, follow=True).content.decode()
    assert "check “Publish it as it is”" not in page
    assert "It is not approved yet." in page  # the next thing that is asked of whoever wrote it
