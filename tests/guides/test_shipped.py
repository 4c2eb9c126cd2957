"""The content that ships, as it is published and found."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve
from django.utils import translation

from guides import demo
from guides.models import Generation, Guide, GuideEdition, LevelOfCare, Publication, Revision
from guides.publishing.published import Published, public_paths
from guides.publishing.search import find, look_for
from guides.workflow import actions
from tests.guides.test_pages import Outline, read
from tests.guides.test_search import keys

JAVA = shutil.which("java")
CHECKER = Path(settings.BASE_DIR) / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Where rows of a table are a grid, some browsers tell no table any more: these roles say that it is one.
TABLE_ROLES = re.compile(
    "The “role” attribute must not be used on a “t[rdh]” element|role is unnecessary for element “t"
)
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]


def test_families_find_what_they_ask_for_in_the_content_that_ships(shipped: None) -> None:
    for query, wanted in (
        ("rehab", "residential"),
        ("IOP", "iop"),
        ("detox", "detox"),
        ("how much does rehab cost", "paying-for-care"),
    ):
        assert wanted in keys(query, "en")[:10], query
    for query, wanted in (("desintoxicacion", "detox"), ("cuanto cuesta", "paying-for-care"), ("IOP", "iop")):
        assert wanted in keys(query, "es")[:10], query


def test_plain_questions_find_the_guide_that_answers_them_first(shipped: None) -> None:
    for language, query, wanted in (
        ("en", "my son will not go", "families-and-friends"),
        ("en", "he is drinking again", "families-and-friends"),
        ("en", "what if he says no", "families-and-friends"),
        ("en", "what if she says no", "families-and-friends"),
        ("es", "si dice que no", "families-and-friends"),
        ("en", "how much", "paying-for-care"),
        ("en", "how much does it cost", "paying-for-care"),
        ("en", "will insurance pay", "paying-for-care"),
        ("es", "no quiere ir", "families-and-friends"),
        ("es", "mi hijo no quiere ir", "families-and-friends"),
        ("es", "mi nieto no quiere vivir", "get-help-now"),
        ("es", "quiere morir", "get-help-now"),
        ("en", "he does not want to live", "get-help-now"),
        ("es", "cuánto cuesta", "paying-for-care"),
    ):
        assert keys(query, language)[:1] == [wanted], query


HELP, OWN, PAY = "get-help-now", "families-and-friends", "paying-for-care"
FIRST = {
    "en": {
        **dict.fromkeys(("vodka", "beer", "gabapentin", "xanax"), HELP),
        **dict.fromkeys(("he hits me", "my girlfriend threatens me"), HELP),
        **dict.fromkeys(("can I force him", "can I make her go"), OWN),
        "weed": "first-step",
        "detox at home": "medically-managed",
        "will insurance pay": PAY,
    },
    "es": {
        **dict.fromkeys(("vodka", "cerveza", "gabapentina", "xanax"), HELP),
        **dict.fromkeys(("me pega", "mi esposo me pega"), HELP),
        **dict.fromkeys(("no quiere ir", "puedo obligarlo", "obligar a mi hijo a ir"), OWN),
        "mota": "first-step",
        "desintoxicarse en casa": "medically-managed",
        "seguro": PAY,
    },
}


@pytest.mark.parametrize(("language", "first"), FIRST.items())
def test_the_words_of_families_find_what_helps_them_first(shipped: None, language: str, first: dict[str, str]) -> None:
    found = {query: look_for(query, language).entries for query in first}
    assert {query: entries[0].key if entries else "" for query, entries in found.items()} == first
    pills = ("percs", "pain pills") if language == "en" else ("percs", "pastillas")
    assert all(HELP in [entry.key for entry in look_for(query, language).entries[:3]] for query in pills)
    drugs = ("meth", "crystal meth") if language == "en" else ("cristal", "piedra", "perico")
    assert all(look_for(query, language).entries for query in drugs)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/guides/paying-for-care/", ["until they turn 26", "From age 19 on, whose income counts"]),
        ("/es/guides/pagar-la-atencion/", ["cumplan 26 años", "Desde los 19 años"]),
        ("/crisis/", ["came round by themselves last night"]),
        ("/es/crisis/", ["anoche reaccionó sin ayuda"]),
    ],
)
def test_the_guides_answer_what_a_mother_asks(shipped: None, path: str, told: list[str]) -> None:
    page = read(path)
    assert [each for each in told if each not in page] == []


ASKED = {
    "en": {
        **dict.fromkeys(("daughter cutting", "my son wont wake up", "what to do tonight", "self harm teen"), HELP),
        **dict.fromkeys(("5150", "marco is just lazy"), OWN),
        "no insurance 19": PAY,
    },
    "es": {"mi hijo no despierta": HELP, "se corta": HELP, "flojo": OWN, "5150": OWN, "no tiene seguro": PAY},
}


@pytest.mark.parametrize(("language", "first"), ASKED.items())
def test_what_a_mother_types_is_looked_for_as_it_is(shipped: None, language: str, first: dict[str, str]) -> None:
    found = {query: look_for(query, language) for query in first}
    assert {query: each.entries[0].key if each.entries else "" for query, each in found.items()} == first
    assert all(each.words == query and not each.offered for query, each in found.items())


BEFORE_ALL_ELSE = {
    "en": {
        *("everyone would be better off without me", "better off without her", "postpartum depression", "gave birth"),
        *("postpartum", "vodka", "gabapentin"),
    },
    "es": {
        *("mejor sin mi", "todos estarian mejor sin ella", "depresion posparto", "depresion despues del parto"),
        *("bebe de dos meses", "parto", "vodka", "gabapentin"),
    },
}


@pytest.mark.parametrize(("language", "typed"), BEFORE_ALL_ELSE.items())
def test_a_burden_a_birth_or_what_is_taken_leads_to_help_first(shipped: None, language: str, typed: set[str]) -> None:
    found = {query: look_for(query, language) for query in typed}
    assert {query: each.entries[0].key for query, each in found.items()} == dict.fromkeys(typed, HELP)
    assert all(each.words == query and not each.offered for query, each in found.items())


STREET, SIGNS = "close-to-home", "first-step"
TYPED_AT_NIGHT = {
    "en": {
        **dict.fromkeys(("tonite", "what do i do tonite", "im done mom", "i'm done", "od"), HELP),
        **dict.fromkeys(("he overdosed last week", "he od last night"), HELP),
        **dict.fromkeys(("homeless", "son lives in car smokes meth and blues", "sleeping in car in winter"), STREET),
        **dict.fromkeys(("how much does rehab cost no insurance", "rehab no insurance"), PAY),
        **dict.fromkeys(("he is 20 who signs", "who has to sign"), SIGNS),
        "blues": "fentanyl",
        "consent": "consent",
    },
    "es": {
        **dict.fromkeys(("sobredosis anoche", "ya no puedo mamá", "pastillas azules"), HELP),
        **dict.fromkeys(("vive en la calle", "sin hogar", "mi hijo duerme en su carro"), STREET),
        "cuanto cuesta rehabilitacion sin seguro": PAY,
        "tiene 20 años quién firma": SIGNS,
    },
}


@pytest.mark.parametrize(("language", "first"), TYPED_AT_NIGHT.items())
def test_what_is_typed_in_haste_leads_to_what_it_means(shipped: None, language: str, first: dict[str, str]) -> None:
    found = {query: look_for(query, language) for query in first}
    assert {query: each.entries[0].key if each.entries else "" for query, each in found.items()} == first
    assert HELP in [entry.key for entry in look_for("blues", "en").entries[:2]]


def test_a_word_that_is_right_is_never_another_one(shipped: None) -> None:
    for query in ("wine every night", "delirium tremens", "percs", "percocets"):
        found = look_for(query, "en")
        assert (found.words, found.offered) == (query, "") and found.entries, query


def test_what_is_near_is_offered_beside_what_was_found(shipped: None) -> None:
    found = look_for("insurence for treatment", "en")
    assert found.entries and (found.words, found.offered) == ("insurence for treatment", "insurance for treatment")
    assert "Did you mean:" in Client().get("/search/", {"q": "insurence for treatment"}).content.decode()


def test_words_of_the_other_language_find_its_pages(shipped: None) -> None:
    assert look_for("hijo pastillas", "en").language == "es"
    page = Client().get("/search/", {"q": "hijo pastillas"}).content.decode()
    assert "These pages are in Spanish." in page and '<ol class="results" lang="es">' in page


@pytest.mark.parametrize(
    ("language", "query"),
    [
        *(("es", query) for query in ("vapear", "vapear marihuana nieto", "custodia", "tutela")),
        *(("en", query) for query in ("anxiety", "panic attacks", "adderall", "uppers")),
    ],
)
def test_everyday_words_find_a_guide(shipped: None, language: str, query: str) -> None:
    assert any(entry.kind == "guide" for entry in look_for(query, language).entries[:3])


def test_a_guide_comes_before_a_word_that_was_not_asked_for_by_its_name(shipped: None) -> None:
    kinds = [entry.kind for entry in find("pay for treatment", "en")]
    assert kinds == sorted(kinds, key=lambda kind: kind == "term")
    assert find("naloxone", "en")[0].key == "naloxone"


def test_no_page_that_ships_has_a_dead_link_or_a_broken_outline(shipped: None) -> None:
    levels = list(LevelOfCare.objects.in_order())
    paths = list(Publication.objects.values_list("path", flat=True))
    for prefix in ("", "/es"):
        paths += [f"{prefix}/{name}" for name in ("", "guides/", "glossary/", "compare/", "compare/iop/residential/")]
        paths += [f"{prefix}/levels/{level.slug}/" for level in levels]
    client, seen = Client(), set()
    for path in paths:
        outline = Outline(read(path))
        assert outline.levels[0] == 1 and outline.levels.count(1) == 1, path
        body = outline.levels
        assert all(after - before <= 1 for before, after in pairwise(body)), (path, body)
        assert len(outline.ids) == len(set(outline.ids)), path
        seen |= {href.partition("#")[0] for href in outline.hrefs if href.startswith("/")}
    for href in sorted(href for href in seen if not href.startswith("/static/")):
        # Pages of other apps need their own rows; that they are there at all is what a guide promises.
        with translation.override("es" if href.startswith("/es/") else "en"):
            own = resolve(href).func.__module__.startswith("guides")
        assert not own or client.get(href).status_code == 200, href


@pytest.mark.parametrize(
    ("crisis", "glossary", "where", "how"),
    [
        ("/crisis/", "/glossary/", "at a drugstore", "in one nostril and press"),
        ("/es/crisis/", "/es/glossary/", "en la farmacia", "en un orificio de la nariz y presione"),
    ],
)
def test_naloxone_links_land_where_to_get_it_and_how_to_give_it(
    shipped: None, client: Client, crisis: str, glossary: str, where: str, how: str
) -> None:
    part = client.get(crisis).content.decode().split('id="naloxone"')[1].split("</aside>")[0]
    assert where in part and how in part and "<h2" not in part
    pages = [client.get(path).content.decode() for path in public_paths(Published("es" if "es" in crisis else "en"))]
    leading = [page for page in pages if f'href="{crisis}#naloxone"' in page]
    assert len(leading) >= 4 and f'href="{crisis}#naloxone"' in client.get(glossary).content.decode()


def test_pages_are_small(shipped: None) -> None:
    for path, packed in Publication.objects.values_list("path", "brotli"):
        assert len(packed) < 15_000, path


def test_the_index_starts_with_help_then_families_then_each_level_once(shipped: None) -> None:
    page = read("/guides/").split("<main")[1]
    sections = re.findall(r'<section[^>]* aria-labelledby="([a-z-]+)', page)
    assert sections == ["urgent-", "family", "levels", "choosing", "first-steps", "paying", "by-level", "all-levels"]
    row = page.split('id="all-levels"')[1].split("</section>")[0]
    assert row.count('href="/levels/') == 6 and "card" not in row


def test_the_index_names_each_guide_once_levels_from_least_support(shipped: None) -> None:
    page = read("/guides/").split("<main")[1].split("</main>")[0]
    for path in Publication.objects.filter(language="en").values_list("path", flat=True):
        assert page.count(f'href="{path}"') == 1, path
    cards = page.split('id="by-level"')[1].split("</section>")[0].split("<li")[1:]
    assert [card.count('class="stone-sure"') for card in cards] == [1, 2, 3, 4, 5, 6]


def test_the_front_page_shows_the_levels_and_the_guides_to_read(shipped: None) -> None:
    page = read("/").split("<main")[1]
    trail = page[page.index('<ol class="trail">') :].split("</ol>")[0]
    assert len(re.findall(r'<h3><a href="/levels/', trail)) == 6
    # A stone for each step of support, on the hill and beside the words: 1 + 2 + 3 + 4 + 5 + 6 of each.
    assert trail.count('class="stone"') == trail.count('class="stone-sure"') == 21
    assert 'href="/guides/families-and-friends/"' in page and 'href=""' not in page


def test_everything_that_ships_is_published_at_once_and_only_once(shipped: None, now: datetime) -> None:
    guides = len(list((demo.CONTENT / "guides").glob("*.json")))
    assert Publication.objects.count() == 2 * guides
    before = (Generation.current(), Revision.objects.count())
    demo.load(now + timedelta(days=1))
    assert (Generation.current(), Revision.objects.count()) == before


def test_loading_again_never_publishes_or_overwrites_what_a_person_did(
    shipped: None, now: datetime, edition: Any, rewrite: Any, make_user: Any
) -> None:
    guides = list(Guide.objects.values_list("key", flat=True))
    rewrite(edition(guides[0], "en"), title="Mine, not ready yet")
    actions.unpublish(edition(guides[1], "en"), by=make_user("boss", is_superuser=True), now=now)
    demo.load(now + timedelta(days=1))
    assert GuideEdition.objects.get(guide__key=guides[0], language="en").title == "Mine, not ready yet"
    assert Publication.objects.get(key=guides[0], language="en").title != "Mine, not ready yet"
    assert not Publication.objects.filter(key=guides[1], language="en").exists()


@pytest.mark.skipif(not JAVA, reason="No Java here, which the Nu HTML checker needs: apt install default-jre-headless.")
@pytest.mark.skipif(not CHECKER.exists(), reason="The Nu HTML checker is not installed: bin/test installs it.")
def test_pages_are_html_as_its_standard_says(shipped: None, client: Client, tmp_path: Path) -> None:
    """By the Nu checker, which takes seconds to start: every English page, and the first of each kind in Spanish."""
    english, spanish = (public_paths(Published(language)) for language in ("en", "es"))
    more = ("/compare/residential/iop/", "/es/compare/residential/iop/php/", "/search/?q=rehab", "/programs/")
    for number, path in enumerate([*english, *spanish[:7], spanish[-1], *more]):
        (tmp_path / f"{number}.html").write_bytes(client.get(path).content)
    command = [str(JAVA), "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", *map(str, tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = [each for each in json.loads(done.stderr)["messages"] if not TABLE_ROLES.search(each["message"])]
    assert {f"{each['message']} {each.get('extract', '')}" for each in found} == set()


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("query", ["anxiety", "panic attacks", "adderall", "uppers", "vaping", "custody"])
def test_everyday_words_lead_to_a_guide_in_english(query: str) -> None:
    assert [entry for entry in find(query, "en") if entry.kind == "guide"]


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("query", ["ansiedad", "vapear", "vapear marihuana nieto", "custodia", "tutela"])
def test_everyday_words_lead_to_a_guide_in_spanish(query: str) -> None:
    assert [entry for entry in find(query, "es") if entry.kind == "guide"]
