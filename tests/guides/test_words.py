"""The rules in plain Python: rich text, reading, hurtful words, synonyms, differences."""

from __future__ import annotations

from typing import Any

import pytest

from guides.content import html
from guides.content.differences import changes, words
from guides.content.reading import Counts, hurtful, reading
from guides.content.words import asked, folded, other_names, stem, variants


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p style="color:red" class="x" onclick="x()">a</p>', "<p>a</p>"),
        ("<style>p{}</style><p>a</p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="guide:paying">a</a></p>', '<p><a href="guide:paying">a</a></p>'),
        ('<p><a href="tel:988">a</a></p>', '<p><a href="tel:988">a</a></p>'),
        ("<h1>a</h1><h4>b</h4>", "ab"),
        ("<p></p>", ""),
        ("<p> </p><p><br></p>", ""),
        ("<p>a</p><p></p><p>b</p><p> </p><p><br></p>", "<p>a</p><p></p><p>b</p>"),
        ('<img src="x" onerror="x()">', ""),
        ("<p>a &amp; b < c</p>", "<p>a &amp; b &lt; c</p>"),
    ],
)
def test_rich_text_keeps_only_what_it_may_hold(dirty: str, clean: str) -> None:
    assert html.clean(dirty) == clean
    assert html.clean(clean) == clean


def test_single_line_loses_the_editors_paragraph() -> None:
    assert html.clean_inline("<p>needs <strong>calm</strong></p>") == "needs <strong>calm</strong>"
    assert html.clean_inline("<p>one</p><p>two</p>") == "<p>one</p><p>two</p>"


def test_links_become_addresses_and_broken_ones_become_words() -> None:
    where = {"guide:a": "/guides/a/"}
    found = html.resolved(
        '<a href="guide:a">A</a> <a href="guide:b">B</a> <a href="https://example.org/">C</a>', where.get
    )
    assert 'href="/guides/a/"' in found
    assert "guide:b" not in found and ">B</a>" in found
    assert 'href="https://example.org/"' in found and 'rel="noopener noreferrer"' in found


def test_plain_text_has_a_line_for_each_paragraph_and_item() -> None:
    assert html.plain("<h2>A</h2><p>b <em>c</em></p><ul><li>d</li><li>e &amp; f</li></ul>") == "A\nb c\nd\ne & f"


HARD = (
    "Comprehensive multidisciplinary evaluation necessitates simultaneous consideration of physiological, "
    "psychological "
    "and environmental determinants, notwithstanding considerable heterogeneity among institutional recommendations "
    "regarding individualized pharmacological interventions. "
) * 2
EASY = "You can call us. We will talk with you. You do not have to know what to say. We will ask what you need. " * 3
DIFICIL = (
    "La evaluación multidisciplinaria comprehensiva necesariamente contempla determinantes psicofisiológicos, "
    "socioambientales e institucionales, independientemente de la considerable heterogeneidad de recomendaciones "
    "farmacoterapéuticas individualizadas internacionalmente disponibles actualmente en establecimientos "
    "especializados. "
) * 2
FACIL = (
    "Puede llamar hoy. Le vamos a oír. No tiene que saber qué decir. Le diremos qué hacer. Aquí nadie le juzga. " * 3
)


@pytest.mark.parametrize(("text", "language", "hard"), [(HARD, "en", True), (EASY, "en", False)])
def test_english_is_measured_by_school_grade(text: str, language: str, hard: bool) -> None:
    result = reading(text, language)
    assert result is not None and result.hard is hard


@pytest.mark.parametrize(("text", "hard"), [(DIFICIL, True), (FACIL, False)])
def test_spanish_is_measured_by_its_own_scale(text: str, hard: bool) -> None:
    result = reading(text, "es")
    assert result is not None and result.hard is hard


def test_a_few_words_are_not_measured() -> None:
    assert reading("Rehabilitation.", "en") is None


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("An addict came.", "en", "addict"),
        ("Substance abuse is hard.", "en", "Substance abuse"),
        ("He committed suicide.", "en", "committed suicide"),
        ("A person with an addiction.", "en", ""),
        ("Alcoholics Anonymous meets here. No alcoholic drinks.", "en", ""),
        ("Substance Abuse and Mental Health Services Administration", "en", ""),
        ("Un drogadicto vino.", "es", "drogadicto"),
        ("La adicción se puede tratar. Nada de bebidas alcohólicas.", "es", ""),
    ],
)
def test_words_that_label_a_person_are_named(text: str, language: str, found: str) -> None:
    assert [words for words, _better in hurtful(text, language)] == ([found] if found else [])


def test_accents_and_case_do_not_matter_to_search() -> None:
    assert folded("Recuperación ÑANDÚ") == "recuperacion nandu"


def test_search_ignores_stop_words_unless_alone() -> None:
    assert asked("What is rehab?", [], "en") == ["rehab"]
    assert asked("¿Qué es la desintoxicación?", [], "es") == ["desintoxicacion"]
    assert asked("what is it", [], "en") == ["what is it"]
    assert asked(" ?! ", [], "en") == []
    assert asked("My son will not go", [["family", "will not go"]], "en") == ["son", "son family"]


def test_a_phrase_is_replaced_as_whole_words_only() -> None:
    groups = [["rehabs", "residential treatment"]]
    assert variants(["rehab", "cost"], groups, "en") == ["rehab cost", "residential treatment cost"]
    assert variants(["rehabilitation"], groups, "en") == ["rehabilitation"]
    assert variants(["a"], [["a", *(f"w{n}" for n in range(50))]], "en", most=5) == ["a", "w0", "w1", "w2", "w3"]


@pytest.mark.parametrize(
    ("one", "many", "language"),
    [
        ("program", "programs", "en"),
        ("insurance", "insurances", "en"),
        ("family", "families", "en"),
        ("church", "churches", "en"),
        ("illness", "illness", "en"),
        ("crisis", "crisis", "en"),
        ("hospital", "hospitales", "es"),
        ("coste", "costes", "es"),
        ("recaida", "recaidas", "es"),
    ],
)
def test_one_and_many_are_looked_for_alike(one: str, many: str, language: str) -> None:
    assert stem(one, language) == stem(many, language)


def document(*blocks: dict[str, Any], title: str = "T") -> dict[str, Any]:
    return {"title": title, "summary": "S", "slug": "s", "blocks": list(blocks)}


A = {"type": "prose", "html": "<p>one two three</p>"}
B = {"type": "checklist", "heading": "Bring", "items": ["a card"]}
C = {"type": "prose", "html": "<p>four</p>"}


def test_equal_documents_have_no_changes() -> None:
    assert changes(document(A, B), document(A, B)) == []


def test_a_changed_block_shows_its_words() -> None:
    (change,) = changes(document(A, B), document({**A, "html": "<p>one 2 three</p>"}, B))
    assert (change.kind, change.name, change.place) == ("changed", "prose", 1)
    marked = [(piece.mark, piece.text) for piece in change.pieces]
    assert marked == [("same", "one "), ("removed", "two"), ("added", "2"), ("same", " three")]


def test_added_removed_and_moved_blocks_are_told_apart() -> None:
    assert [(c.kind, c.place) for c in changes(document(A), document(A, B))] == [("added", 2)]
    assert [(c.kind, c.place) for c in changes(document(A, B), document(A))] == [("removed", 2)]
    assert [c.kind for c in changes(document(A, B, C), document(C, A, B))] == ["moved"]


def test_a_changed_link_under_the_same_words_is_a_change() -> None:
    before = {"type": "prose", "html": '<p><a href="guide:a">x</a></p>'}
    (change,) = changes(document(before), document({**before, "html": '<p><a href="guide:b">x</a></p>'}))
    assert "[guide:b]" in "".join(piece.text for piece in change.pieces if piece.mark == "added")


def test_the_pieces_make_both_texts_again() -> None:
    before, after = "a b  c\nd", "a x c\nd e"
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark != "added") == before
    assert "".join(piece.text for piece in pieces if piece.mark != "removed") == after


def test_the_formulas_give_the_published_grades() -> None:
    """Counted by hand: words, sentences, syllables."""
    english = Counts.of("The dog ran to the old house. It was not happy there.", "en")
    assert english == Counts(words=12, sentences=2, syllables=13)
    assert round(english.flesch_kincaid, 2) == -0.47
    spanish = Counts.of("El perro corre por la casa. Nadie lo para.", "es")
    assert (spanish.words, spanish.sentences, spanish.syllables) == (9, 2, 14)
    assert round(spanish.szigriszt_pazos, 2) == 105.43
    assert round(spanish.fernandez_huerta, 2) == 108.92


def test_other_names_are_those_of_a_phrase_not_of_a_word() -> None:
    groups = [["family", "he says no"], ["cost", "how much"]]
    assert other_names("what if he says no", groups, "en") == [{"family"}, {"he", "say", "no"}]
    assert other_names("what does it cost", groups, "en") == []


def test_a_sentence_with_other_words_is_told_whole_the_old_one_first() -> None:
    pieces = words("It helps. Nobody asked me for papers first. Twice.", "It helps. They more asked how I was. Twice.")
    assert [(piece.mark, piece.text) for piece in pieces] == [
        ("same", "It helps. "),
        ("removed", "Nobody asked me for papers first. "),
        ("added", "They more asked how I was. "),
        ("same", "Twice."),
    ]
    assert [piece.mark for piece in words("It costs 40 dollars a day.", "It costs 50 dollars a day.")].count(
        "same"
    ) == 2
