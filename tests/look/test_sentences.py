"""No sentence of a page ends in a time of day: "a.m." has its own dot."""

from __future__ import annotations

import re

from tests.look.test_templates import PAGES, TEMPLATES

# {% blocktranslate … with x=at|date:"TIME_FORMAT" %}…{% endblocktranslate %}, and which of its words are a time.
BLOCK = re.compile(r"{% blocktranslate([^%]*)%}(.*?){% endblocktranslate %}", re.DOTALL)
TIME = re.compile(r'(\w+)=[\w.]+\|(?:(?:date|time):"(?:SHORT_DATETIME|DATETIME|TIME)_FORMAT"|short_time)')


def doubled(text: str) -> list[str]:
    """The sentences of a template that end in a time."""
    return [body for head, body in BLOCK.findall(text) for name in TIME.findall(head) if f"{{{{ {name} }}}}." in body]


def test_no_sentence_ends_in_a_time_with_a_second_dot() -> None:
    found = {str(path.relative_to(TEMPLATES)): each for path in PAGES for each in doubled(path.read_text())}
    assert not found


def test_the_scan_finds_a_time_at_the_end() -> None:
    assert doubled('{% blocktranslate trimmed with at=x|date:"TIME_FORMAT" %}It is {{ at }}.{% endblocktranslate %}')
    assert not doubled(
        '{% blocktranslate trimmed with at=x|date:"TIME_FORMAT" %}At {{ at }} now.{% endblocktranslate %}'
    )
