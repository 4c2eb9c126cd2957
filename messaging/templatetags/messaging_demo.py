"""For the pages of the demo's mail."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from messaging.wording import as_html

register = template.Library()


@register.filter
def instant(seconds: float) -> datetime:
    """Seconds since 1970 as a time."""
    return datetime.fromtimestamp(seconds, UTC)


@register.filter
def readable(text: str) -> SafeString:
    """Plain text as paragraphs with links; everything in it is escaped."""
    return mark_safe(as_html(text))  # noqa: S308 - as_html escapes all but its own tags


@register.simple_tag
def header_lines(headers: list[tuple[str, str]]) -> SafeString:
    """The headers of an e-mail as rows of a list."""
    return format_html_join("\n", "<div><dt>{}</dt><dd>{}</dd></div>", headers)
