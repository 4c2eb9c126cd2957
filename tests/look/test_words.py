"""One word for one thing: what no page, email or admin text says, in English or Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

from messaging.reply_words import meaning

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
NEVER_ENGLISH = (
    r"e-mail",
    r"\bsomebody\b|\bnobody\b",
    r"\btick(s|ed)?\b|\bmend(s|ed)?\b",
    r"\bfront page\b|\bown page\b|\bopen places?\b",
    r"\bverdict\b|\brelapse|\bcalming pills\b|, not a machine",
    r"\bthat fits\b|\bgood fit\b",
    r"\bcancell",
)
NEVER_SPANISH = (
    r"\bencaj|\ba solas\b|\bañ[aá]d|\bpuls(e|ar)\b|\btras\b|\bascensor\b|\btribunal\b",
    r"\bpetici|\bconsulta de seguimiento\b|\bpropia página\b|\ben espera\b|\bcontact(ar|e|amos)\b",
    r"\w[oa]/[oa]\b",
    r"\blugar(es)? libres?\b|\bhoras de silencio\b|\bmand\w+ un texto\b|\bun texto al\b",
    r"\brecaída|\bveredicto\b|benzodiacep|centro de control de envenenamiento",
    r"\bSTART\b|\bSTOP\b",
)


def sayings() -> list[tuple[str, str]]:
    """Every string of code and templates with its Spanish; one with a plural is there once for each number."""
    with CATALOGUE.open("rb") as file:
        rows = [message for message in read_po(file, locale="es") if message.id]
    return [pair for row in rows for pair in zip(numbers(row.id), numbers(row.string or ""), strict=True)]


def numbers(words: str | Sequence[str]) -> Sequence[str]:
    return [words] if isinstance(words, str) else words


def offenders(texts: Iterable[str], never: Iterable[str]) -> list[str]:
    rule = re.compile("|".join(never), re.IGNORECASE)
    return [f"{found[0]}: {text}" for text in texts if (found := rule.search(text))]


def test_no_text_says_an_english_word_that_we_gave_up() -> None:
    assert not offenders((english for english, _spanish in sayings()), NEVER_ENGLISH)


def test_no_text_says_a_spanish_word_that_we_gave_up() -> None:
    assert not offenders((spanish for _english, spanish in sayings()), NEVER_SPANISH)


def test_every_function_that_translates_has_a_name_that_is_collected() -> None:
    """Another name for gettext than `_` would be missed when the catalogue is made, and stay English without a word."""
    apps = [app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()]
    code = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    found = [str(path) for path in code if re.search(r"gettext(_lazy)? as (?!_\n)", path.read_text())]
    assert not found


def test_no_sentence_of_a_public_page_is_longer_than_twenty_words() -> None:
    pages = [path for path in (ROOT / "templates").glob("*.html") if "look" not in path.name]
    pages += [path for app in ("portal", "directory", "account") for path in (ROOT / "templates" / app).rglob("*.html")]
    words = [
        said for page in pages for said in re.findall(r'{% translate "([^"]+)"|trimmed[^%]*%}(.*?){%', page.read_text())
    ]
    sentences = [
        sentence
        for quoted, block in words
        for sentence in re.split(r"(?<=[.!?:;])\s+", re.sub(r"<[^>]+>", "", quoted or block).replace("p.m.", "pm"))
    ]
    assert len(sentences) > 200
    assert [sentence for sentence in sentences if len(re.sub(r"{{.*?}}", "x", sentence).split()) > 20] == []


def test_each_word_to_answer_by_text_works_in_spanish_too() -> None:
    """Where a message says STOP, START or HELP, the Spanish says a word in capitals that means the same to us."""
    asked = 0
    for english, spanish in sayings():
        if not english.startswith("Waymark: ") and " text " not in english and "reply START" not in english:
            continue
        for word in re.findall(r"\b(?:STOP|START|HELP)\b", english):
            capitals = re.findall(r"\b[A-Z]{5,}\b", spanish)
            assert meaning(word) in {meaning(one) for one in capitals}, spanish
            asked += 1
    assert asked >= 5
