"""The grid of facts is saved together or not at all, never over what its writer has not seen, and has a history."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from guides.models import GlossaryTerm, LevelFact, RowRevision

pytestmark = pytest.mark.django_db
GRID = "/admin/guides/levelfact/"


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the grid, nothing changed."""
    seen = dict(re.findall(r'name="([\w.-]+\.seen)" value="(\w+)"', page))
    short = dict(re.findall(r'name="([\w.-]+\.short)" value="([^"]*)"', page))
    long = {
        name: text.replace("&lt;", "<").replace("&gt;", ">")
        for name, text in re.findall(r'name="([\w.-]+\.html)"[^>]*>([^<]*)</textarea>', page)
    }
    return {**seen, **short, **long}


@pytest.fixture
def opened(site: None, editor: Client) -> dict[str, str]:
    return fields(editor.get(GRID).content.decode())


def fact(language: str = "en") -> Any:
    return LevelFact.objects.get(level__slug="iop", aspect__key="cost", language=language)


def test_every_level_and_aspect_has_a_cell_in_each_language(site: None, editor: Client) -> None:
    for language, text in (("en", "cost of iop"), ("es", "cost de iop")):
        page = editor.get(GRID, {"language": language}).content.decode()
        assert page.count("data-grid-text") == 6 and text in page


def test_nothing_changed_saves_nothing(opened: dict[str, str], editor: Client) -> None:
    assert editor.post(GRID, opened).status_code == 302
    assert not RowRevision.objects.exists() and not LevelFact.objects.filter(changed_here=True).exists()


def test_changed_cells_are_saved_with_what_they_said_before(opened: dict[str, str], editor: Client) -> None:
    words = {"iop.cost.short": "$$", "php.time.html": "<p>Days.<script>x</script></p>"}
    assert editor.post(f"{GRID}?language=en", opened | words).status_code == 302
    assert (fact().short, fact().html) == ("$$", "<p>cost of iop</p>") and fact("es").short == ""
    assert LevelFact.objects.get(level__slug="php", aspect__key="time", language="en").html == "<p>Days.</p>"
    page = editor.get(reverse("admin:guides_levelfact_history", args=[fact().pk])).content.decode()
    assert "editor" in page and "<ins>" in page and page.count("<section") == 2


def test_a_cell_that_somebody_saved_meanwhile_keeps_both(opened: dict[str, str], editor: Client) -> None:
    LevelFact.objects.filter(pk=fact().pk).update(short="theirs")
    answer = editor.post(GRID, opened | {"iop.cost.short": "mine", "iop.time.short": "also"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "theirs" in page and 'value="mine"' in page and 'value="also"' in page
    assert fact().short == "theirs"
    assert editor.post(GRID, opened | {"iop.cost.short": "mine", "iop.cost.mine": "on"}).status_code == 302
    assert fact().short == "mine"


def test_too_many_letters_are_named_and_nothing_is_saved(opened: dict[str, str], editor: Client) -> None:
    page = editor.post(GRID, opened | {"iop.cost.short": "x" * 43, "iop.time.short": "ok"}).content.decode()
    assert "Use at most 42 letters; these are 43." in page
    assert not LevelFact.objects.filter(short="ok").exists()


def test_an_earlier_text_of_a_cell_is_restored(opened: dict[str, str], editor: Client) -> None:
    editor.post(GRID, opened | {"iop.cost.short": "$$"})
    first = RowRevision.objects.last()
    assert first is not None and first.by is None
    url = reverse("admin:guides_levelfact_history", args=[fact().pk])
    assert editor.post(url, {"version": str(first.pk)}).status_code == 302
    assert fact().short == "" and fact().changed_here
    assert editor.post(url, {"version": "99999999"}).status_code == 404


def test_words_and_levels_have_a_history_and_a_way_back(site: None, editor: Client) -> None:
    term = GlossaryTerm.objects.get(key="withdrawal")
    url = reverse("admin:guides_glossaryterm_change", args=[term.pk])
    page = editor.get(url)
    form = page.context["adminform"].form
    typed = {"key": "withdrawal", "order": "7", **_formset(page.context["inline_admin_formsets"][0].formset)}
    typed["seen"] = page.context["seen"]
    assert "order" in form.fields and editor.post(url, typed).status_code == 302
    first = RowRevision.objects.last()
    assert first is not None and first.entry["order"] == 1
    editor.post(reverse("admin:guides_glossaryterm_history", args=[term.pk]), {"version": str(first.pk)})
    term.refresh_from_db()
    assert term.order == 1 and RowRevision.objects.filter(kind="glossary").count() == 3


def _formset(formset: Any) -> dict[str, str]:
    """What a browser would send of an inline, nothing changed."""
    sent = {f"{formset.prefix}-{name}": str(value) for name, value in formset.management_form.initial.items()}
    for form in formset.forms:
        for name in form.fields:
            value = form.get_initial_for_field(form.fields[name], name)
            text = "\n".join(value) if isinstance(value, list) else getattr(value, "pk", value)
            sent[f"{form.prefix}-{name}"] = "" if text is None else str(text)
    return sent


def test_the_grid_is_for_who_has_a_part_in_guides(site: None, make_user: Any, sign_in: Any) -> None:
    assert sign_in(make_user("nav", "Navigators")).get(GRID).status_code == 403


@pytest.mark.parametrize(
    "model", ["aspect", "glossaryterm", "levelfact", "levelofcare", "person", "sitedetails", "synonym"]
)
def test_the_history_of_a_row_never_saved_here_opens(site: None, editor: Client, model: str) -> None:
    row = apps.get_model("guides", model)._default_manager.first()
    assert row and not RowRevision.objects.exists()
    assert editor.get(reverse(f"admin:guides_{model}_history", args=[row.pk])).status_code == 200


def test_published_facts_say_the_way_back_to_earlier_words(site: None, editor: Client) -> None:
    page = editor.get(reverse("admin:guides_reference_changelist")).content.decode()
    assert f'press “History” at the <a href="{GRID}">' in page
    fact = LevelFact.objects.filter(language="en").first()
    assert fact and reverse("admin:guides_levelfact_history", args=[fact.pk]) in editor.get(GRID).content.decode()
