"""bin/check notices what is wrong with a template."""

from __future__ import annotations

import pytest

from tools import templates

WRONG = {
    "{% if x %}": "does not parse",
    "{% load nothing_such %}": "does not parse",
    '<p style="color: red">x</p>': "has style inline",
    '<p class="{% if x %}a{% endif %}" style="color: {{ x }}">x</p>': "has style inline",
    '<a href="{% url \'home\' %}" onclick="go()">x</a>': "has onclick inline",
    "<style>p { margin: 0 }</style>": "has a style or script of its own",
    "<script>let a;</script>": "has a style or script of its own",
    '<img src="x.png">': "has an image without alt",
    '<a href="x" target="_blank">x</a>': "opens a new window without rel",
    "{% load i18n %}{% trans 'x' %}": "uses the old name of translate",
    "{% load i18n %}{% blocktrans %}x{% endblocktrans %}": "uses the old name of translate",
    "<p>\tx</p>": "has a tab",
    "<p>x</p> ": "ends in blanks",
    "{% load i18n %}<p>x</p>": "loads i18n and uses nothing of it",
}
RIGHT = [
    "{% load i18n %}<p>{% translate 'x' %}</p>",
    "{% load humanize %}<p>{{ x|intcomma }}</p>",
    '<a href="x" rel="noopener" target="_blank">x</a><img src="x" alt="">',
    '<script src="x.js" defer></script><script type="application/json">{}</script>',
    '<p data-content="1" title="all onclick=none">x</p>',
]


@pytest.mark.parametrize("source", WRONG)
def test_a_wrong_template_is_noticed(source: str) -> None:
    found = [sentence for _line, sentence in templates.faults(source)]
    assert any(sentence.startswith(WRONG[source]) for sentence in found), found


@pytest.mark.parametrize("source", RIGHT)
def test_a_right_template_is_let_through(source: str) -> None:
    assert list(templates.faults(source)) == []


def test_a_letter_may_have_its_styles_inline() -> None:
    assert list(templates.faults('<p style="margin: 0">x</p>', mail=True)) == []


def test_a_fault_is_named_with_its_line() -> None:
    assert list(templates.faults("<p>a</p>\n<p>\n<img\n src='x'></p>")) == [(3, "has an image without alt")]


def test_every_template_is_right() -> None:
    assert templates.main() == 0
