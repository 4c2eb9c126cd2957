"""Reads the forms of a page, as a browser would, and fills them in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin

Pairs = list[tuple[str, str]]
WRITTEN = frozenset({"text", "textarea", "search", "password", "url", "email", "tel"})
PRESSED = frozenset({"submit", "image", "reset", "button"})
QUOTED = r"""(?:"[^"]*"|'[^']*')"""
TAG = re.compile(rf"""<(/?)(form|input|select|option|textarea|button)\b((?:[^>"']|{QUOTED})*)>""")
ATTRIBUTE = re.compile(rf"""([\w:.@-]+)(?:\s*=\s*({QUOTED}|[^\s"'>]+))?""")
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
    def place(self) -> tuple[str, ...]:
        """The same for forms that are sent to the same sort of address."""
        return (self.method, re.sub(r"\d+", "0", self.target.partition("?")[0]))

    @property
    def key(self) -> tuple[str, ...]:
        """The same for forms that differ only in the rows that they are about."""
        return (*self.place, *(re.sub(r"\d+", "0", name) for name in self.controls))

    def by_turns(self, values: list[str], turn: int) -> dict[str, str]:
        """A value for each control, the next one for the next. After as many turns as values, each has had all."""
        return {name: values[(place + turn) % len(values)] for place, name in enumerate(self.controls)}

    def filled(self, **changed: str) -> Pairs:
        return [(name, _as_count(name, changed.get(name, each.plausible))) for name, each in self.controls.items()]


def _as_count(name: str, value: str) -> str:
    """How many rows a form has: some more than there are, not as many as Django makes at most, which takes seconds."""
    return "5" if name.endswith("_FORMS") and value.startswith("99") else value


class Reader:
    """Looks at the tags of forms alone: a parser of whole pages takes as long as it takes to make them."""

    def __init__(self, path: str, page: str):
        self.forms: list[Form] = []
        self._path = path
        self._form: Form | None = None
        self._select: Control | None = None
        for end, tag, attributes in TAG.findall(page):
            if end:
                self._end(tag)
            else:
                self._start(tag, {name: unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(attributes)})

    def _start(self, tag: str, given: dict[str, str]) -> None:
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

    def _end(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms_of(path: str, page: str) -> list[Form]:
    """The forms of a page that are sent to this system."""
    return [form for form in Reader(path, page).forms if form.target.startswith("/")]


def encoded(values: Pairs) -> str:
    return urlencode(values, errors="surrogatepass")
