"""Rules that hold for every template of the system: nothing inline, nothing untranslated, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Email has its styles beside the words: mail programs keep no sheet.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if not any(part.startswith("email") for part in path.parts))
# Style pages are for developers; their sample words are not translated.
UNTRANSLATED = {"look.html", "look_staff.html"}
SAID_ALIKE = {"Waymark", "ASAM", "SHA-256", "Alt"}


class Reader(HTMLParser):
    """Notes what a template has inline, and the words it says without asking for their translation."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        if tag not in {"br", "img", "input", "meta", "link", "hr", "path", "rect", "circle"}:
            self.open.append(tag)
        self.inline += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (
            tag == "script" and not names & {"src"} and dict(attrs).get("type") != "application/json"
        ):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name in {"alt", "title", "aria-label", "placeholder", "label"} and value:
                self.words.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "code"} & set(self.open):
            self.words.append(data)


def read(path: Path) -> Reader:
    source = path.read_text()
    source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source, flags=re.S)
    source = re.sub(r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}", "", source, flags=re.S)
    source = re.sub(r"<kbd>[^<]*</kbd>", "", source)  # what is printed on a key
    source = re.sub(r"{% block (?:\w+_class|bodyclass|coltype) %}.*?{% endblock %}", "", source)
    source = re.sub(r"<(/?)(h?)({{.*?}}|{%.*?%})", r"<\1div", source)
    # Tags may stand inside attributes and hold quotes; a figure takes the place of a value.
    source = re.sub(r"{%.*?%}", "", re.sub(r"{{.*?}}", "0", source, flags=re.S), flags=re.S)
    reader = Reader()
    reader.feed(source)
    return reader


def untranslated(path: Path) -> set[str]:
    if path.name in UNTRANSLATED:
        return set()
    said = (word.strip(" \n·›↑↓+,.:;()-–—/“”…") for word in read(path).words)
    loose = {word for word in said if re.search(r"[A-Za-zÀ-ÿ]", word)}
    bare = (word.strip(" ·0,\n").removesuffix("Waymark").strip(" ·0\n") for word in loose)
    return {word for word in bare if word} - SAID_ALIKE


def elsewhere(path: Path) -> list[str]:
    source = path.read_text()
    addresses = re.findall(r"""(?:src|srcset|action)=["']?(?:https?:)?//""", source)
    return [*addresses, *re.findall(r"<link[^>]+href=[\"']?(?:https?:)?//", source)]


def included(path: Path) -> list[str]:
    """Parts that send a field from elsewhere along, and are no form that posts: a link writes it into an address."""
    parts = re.findall(r"<[^<>]*\bhx-include=[^>]*>", re.sub(r"{[{%].*?[%}]}", "", path.read_text()))
    return [each for each in parts if not re.match(r'<form\b[^>]*\bmethod="post"', each)]


def offenders(find: Callable[[Path], Collection[str]]) -> dict[str, Collection[str]]:
    """What `find` finds, by the templates in which there is something."""
    return {str(path.relative_to(TEMPLATES)): found for path in PAGES if (found := find(path))}


def test_templates_have_nothing_inline() -> None:
    assert offenders(lambda path: read(path).inline) == {}


def test_templates_say_every_word_through_gettext() -> None:
    assert offenders(untranslated) == {}


def test_templates_load_nothing_from_elsewhere() -> None:
    assert offenders(elsewhere) == {}


def test_words_travel_along_with_forms_that_post_alone() -> None:
    assert offenders(included) == {}


def test_the_scan_sees_what_it_is_meant_to_see(tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text('<p style="color:red" onclick="go()">Hello</p><script>let a;</script><img alt="A hill" src="x">')
    reader = read(bad)
    assert sorted(reader.inline) == ["<script>", "p onclick", "p style"]
    assert untranslated(bad) == {"Hello", "A hill"}
    bad.write_text('<link rel="x" href="https://a.example"><img src="//b.example/x">')
    assert len(elsewhere(bad)) == 2
    bad.write_text('<div hx-include="#{{ note }}"></div><form method="post" hx-include="#n"><form method="post">')
    assert included(bad) == ['<div hx-include="#">']


def test_a_list_whose_items_are_drawn_a_mark_says_that_it_is_marked() -> None:
    """Without it the mark stands unplaced before the list's own bullet, as a bar."""
    lists = [
        (path.name, set(names.split())) for path in PAGES for names in re.findall(r'class="([^"{]*)"', path.read_text())
    ]
    assert [(name, found) for name, found in lists if found & {"fits", "avoid"} and "marked" not in found] == []
