"""Templates of messages: a closed grammar of ``{{ name }}``, checked before it is saved. Plain Python.

There is nothing but names, so a template that passes `problems` can only fail at the moment of sending if a variable is
not given, and `fill` says which.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from html import escape
from string import punctuation

from messaging.typed_numbers import links, phone_numbers

NAME = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_PLACE = re.compile(r"(?:,?[ \t]+)?" + NAME.pattern)
_URL = re.compile(r"https?://[^\s<>\"']+")
SHORT = 3  # digits of a number that everybody knows
_OWN_LINE = re.compile(rf"^[ \t]*({_URL.pattern})[ \t]*$", re.MULTILINE)


class MissingVariable(Exception):
    """A variable that the template uses was not given; the argument is its name."""


def names(*texts: str) -> set[str]:
    """The variables that the texts use."""
    return {name for text in texts for name in NAME.findall(text)}


def malformed(text: str) -> bool:
    """Whether braces remain that are no ``{{ name }}``, such as ``{{ first name }}`` or ``{% if %}``."""
    rest = NAME.sub("", text)
    return any(mark in rest for mark in ("{{", "}}", "{%", "%}"))


def unknown(texts: Iterable[str], variables: Iterable[str]) -> list[str]:
    """The variables used that are not among those declared, sorted."""
    return sorted(names(*texts) - set(variables))


# Words that tell whoever sees a locked phone what a message is about. Beginnings of words, without accents.
_CARE = (
    "addict|alcohol|clinic|counsel|crisis|depress|detox|drinking|drug|hospital|medicat|mental|opioid|outpatient"
    "|overdose|psychiatr|psycholog|recover|rehab|relapse|residential|sober|substance|suicid|therap|treatment"
    r"|withdrawal|level of care|health care|care program|988|beds?(?!\w)|admission|admitted|inpatient|intake"
    "|adicci|adicto|ambulatori|atencion|clinica|consumo|consejer"
    "|depresi|desintoxica|droga|medicament|opioide|psiquiatr|psicolog|rehabilita|recaida|recupera|residencial"
    r"|sobriedad|sobredosis|suicidi|sustancia|terapi|tratamiento|camas?(?!\w)|internamiento|internad"
)
_TELLS = re.compile(rf"(?<!\w)(?:{_CARE})\w*", re.IGNORECASE)


def tells_of_care(text: str) -> list[str]:
    """The words in the text that tell of care, as they are written there."""
    # Letter by letter, so that a place in the plain text is the same place in the text.
    plain = "".join(unicodedata.normalize("NFD", letter)[0] for letter in text)
    return list(dict.fromkeys(text[found.start() : found.end()] for found in _TELLS.finditer(plain)))


def leads_elsewhere(text: str) -> list[str]:
    """The links and the phone numbers that are typed in the text: nobody checks where they lead. Those of three digits,
    such as 988, are none of them."""
    typed = NAME.sub("", text)
    numbers = [each for each in phone_numbers(typed) if len(re.findall(r"\w", each)) > SHORT]
    return [*links(typed), *numbers]


def fill(text: str, values: Mapping[str, str], *, html: bool = False) -> str:
    """Put the values in, escaped where the text is HTML; one that is empty takes the space before it along, and its
    comma: "Hello {{ name }}," is "Hello,". Raises `MissingVariable`."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise MissingVariable(name)
        return escape(values[name]) if html else values[name]

    if "" in values.values():
        text = _PLACE.sub(lambda match: match[0] if values.get(match[1], "?") else "", text)
    return NAME.sub(value, text)


def one_line(text: str) -> str:
    """The text on one line: a subject with a line break could smuggle in a header."""
    return " ".join(text.split())


def as_html(text: str) -> str:
    """Plain text as paragraphs with working links, for templates that have no HTML of their own."""
    paragraphs = [_linked(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "\n".join(f"<p>{part}</p>" for part in paragraphs)


def _linked(text: str) -> str:
    pieces, last = [], 0
    for match in _URL.finditer(text):
        url = match[0].rstrip(punctuation.replace("/", ""))
        pieces += [escape(text[last : match.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        last = match.start() + len(url)
    return "".join([*pieces, escape(text[last:])]).replace("\n", "<br>\n")


def own_link(text: str) -> tuple[str, str, str]:
    """The text before its one link that stands on a line of its own, that link, and the text after; ``""`` for the
    link where there is none, or more than one."""
    found = list(_OWN_LINE.finditer(text))
    if len(found) != 1:
        return text, "", ""
    return text[: found[0].start()], found[0][1], text[found[0].end() :]


def masked(text: str) -> str:
    """The text with every link cut down to its host: who reads it later must not be able to follow it."""
    return _URL.sub(lambda match: "/".join(match[0].split("/", 3)[:3]) + "/…", text)
