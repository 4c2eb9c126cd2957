"""Reads the forms of a page, as a browser would, and fills them in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

Pairs = list[tuple[str, str]]
WRITTEN = frozenset({"text", "textarea", "search", "password", "url", "email", "tel"})
PRESSED = frozenset({"submit", "image", "reset", "button"})
LONG_FORM = 12
# What fits where the page has no value yet.
PLAUSIBLE = {
    "text": "Words",
    "search": "Words",
    "textarea": "Words",
    "password": "a long enough password",
    "url": "https://example.org/",
    "email": "typed@example.org",
    "tel": "+16265550155",
    "number": "1",
    "date": "2026-03-09",
    "time": "10:00",
    "datetime-local": "2026-03-09T10:00",
}


@dataclass
class Control:
    """One name of a form: what it shows, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        return self.kind in WRITTEN

    @property
    def plausible(self) -> str:
        if self.kind in ("select", "radio", "checkbox"):
            return self.value or next((choice for choice in self.choices if choice), "")
        return self.value or PLAUSIBLE.get(self.kind, "")


@dataclass
class Form:
    """A form as it stands on a page."""

    page: str
    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return urljoin(self.page, self.action or self.page)

    @property
    def key(self) -> tuple[str, ...]:
        """The same for forms that differ only in the rows that they are about."""
        return (self.method, *(re.sub(r"\d+", "0", word) for word in (self.target.partition("?")[0], *self.controls)))

    def one_by_one(self, kinds: Iterable[str]) -> list[list[str]]:
        """The names of the controls of these kinds, each for itself; of a long form, those of a kind together."""
        sorts = [[name for name, control in self.controls.items() if control.kind == kind] for kind in kinds]
        if sum(map(len, sorts)) > LONG_FORM:
            return [names for names in sorts if names]
        return [[name] for names in sorts for name in names]

    def filled(self, **changed: str) -> Pairs:
        return [(name, changed.get(name, control.plausible)) for name, control in self.controls.items()]


class Reader(HTMLParser):
    def __init__(self, path: str, page: str):
        super().__init__()
        self.forms: list[Form] = []
        self._path = path
        self._form: Form | None = None
        self._select: Control | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(self._path, given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "option" and self._select:
            self._select.choices.append(given.get("value", ""))
            if "selected" in given:
                self._select.value = given.get("value", "")
        elif self._form and tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text" if tag == "input" else "submit").lower() if tag in ("input", "button") else tag
        if given["name"] == "csrfmiddlewaretoken" or (kind in PRESSED and given["name"] in form.controls):
            return
        control = form.controls.setdefault(given["name"], Control(given["name"], kind))
        value = given.get("value", "on" if kind == "checkbox" else "")
        if kind in ("radio", "checkbox"):
            control.choices.append(value)
            if "checked" in given:
                control.value = value
        else:
            control.value = value
        self._select = control if tag == "select" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms_of(path: str, page: str) -> list[Form]:
    """The forms of a page that are sent to this system."""
    return [form for form in Reader(path, page).forms if form.target.startswith("/")]


def encoded(values: Pairs) -> str:
    return urlencode(values, errors="surrogatepass")
