"""A part of a template that is rendered once and then kept by this process, for what is the same for everybody.

``{% frozen "help line" %}…{% endfrozen %}`` says the same in a language wherever it stands. What else it depends on is
named after its name: ``{% frozen "header" other.url %}``. Nothing of a person may be inside.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST = 4000
"""Parts of one to four kilobytes."""
parts: dict[tuple[Any, ...], SafeString] = {}


class Frozen(template.Node):
    """Renders what it encloses once for each language and each value of what it depends on."""

    def __init__(self, name: str, depends_on: list[FilterExpression], nodelist: NodeList) -> None:
        self.name, self.depends_on, self.nodelist = name, depends_on, nodelist

    def render(self, context: Context) -> SafeString:
        if settings.DEBUG:  # templates change while somebody works on them
            return self.nodelist.render(context)
        origin = self.origin.name if self.origin else ""
        key = (origin, self.name, get_language(), *(each.resolve(context) for each in self.depends_on))
        kept = parts.get(key)
        if kept is None:
            if len(parts) >= MOST:
                parts.clear()
            kept = parts[key] = self.nodelist.render(context)
        return kept


@register.tag
def frozen(parser: Parser, token: Token) -> Frozen:
    """Parse ``{% frozen "name" value … %}``. What it depends on must be hashable."""
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endfrozen",))
    parser.delete_first_token()
    return Frozen(name.strip("\"'"), [parser.compile_filter(value) for value in values], nodelist)
