"""Template tags of the frame: the way to this page in the other language, the navigation, who can be called.

They are builtins of every template. None of them needs a request, so that a page can be rendered once and kept:
where there is none, the context says ``page_path`` and, if the path differs by more than its prefix, ``alternate_url``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext_lazy as _

from ui.dates import short_day, short_time

register = template.Library()
register.filter("short_day", short_day)
register.filter("short_time", short_time)
PHONE = re.compile(r"\b(1-8\d\d-\d{3}-\d{4})\b")

NAVIGATION = (
    ("guides:index", _("Guides")),
    ("guides:compare_index", _("Compare levels")),
    ("assessments:start", _("Find a level of care")),
    ("directory:list", _("Programs")),
    ("portal:ask", _("Ask for help")),
)

# Name of the address, label, key of the figure beside it in the context's ``counts``.
WORKSPACE = (
    ("workspace:queue", _("Work queue"), "queue"),
    ("directory:list", _("Programs"), ""),
    ("guides:index", _("Guides"), ""),
    ("admin:index", _("Admin"), ""),
)


@dataclass(frozen=True)
class Place:
    """One entry of a navigation; ``current`` is "page" on that page, "true" on the pages below it, else empty."""

    url: str
    label: str
    current: str
    count: int | None = None


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in the other language: its code, its name for itself, and the address."""

    code: str
    name: str
    url: str


@register.filter
def dialled(text: str) -> str:
    """Return a plain text with its long phone numbers as links, divided at hyphens in very large letters only."""
    pieces = PHONE.split(text)
    return format_html_join("", "{}", ((_to_call(piece) if odd % 2 else piece,) for odd, piece in enumerate(pieces)))


def _to_call(number: str) -> str:
    return format_html('<a class="text-nowrap" href="tel:+{}">{}</a>', number.replace("-", ""), in_parts(number))


@register.filter
def in_parts(number: str) -> str:
    """Return a phone number that may be divided after its hyphens, where a style lets it."""
    return format_html_join(SafeString("-<wbr>"), "{}", ((part,) for part in number.split("-")))


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Place]:
    """Return the public navigation as `Place` rows; an address that this installation does not have is left out."""
    return [place for name, label in NAVIGATION if (place := _place(context, name, str(label)))]


@register.simple_tag(takes_context=True)
def workspace(context: Context) -> list[Place]:
    """Return the staff's navigation as `Place` rows, with the figures that the context's ``counts`` has for them."""
    counts = context.get("counts") or {}
    rows = ((name, str(label), counts.get(key)) for name, label, key in WORKSPACE)
    return [place for name, label, count in rows if (place := _place(context, name, label, count))]


@register.simple_tag(takes_context=True)
def other_language(context: Context) -> OtherLanguage:
    """Return where this page is in the other language, or that language's front page if it has no such page."""
    active = get_language() or settings.LANGUAGE_CODE
    code = next(code for code, _name in settings.LANGUAGES if code != active)
    name = get_language_info(code)["name_local"].capitalize()
    return OtherLanguage(code, name, context.get("alternate_url") or _translated(context, code))


def _place(context: Context, name: str, label: str, count: int | None = None) -> Place | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    here = page_path(context)
    below = "true" if here.startswith(url) else ""
    return Place(url, label, "page" if here == url else below, count)


def page_path(context: Context) -> str:
    """Return the path of the page that is being rendered, or an empty string where nobody said it."""
    request: HttpRequest | None = context.get("request")
    return str(context.get("page_path") or (request.path if request else ""))


def _translated(context: Context, code: str) -> str:
    path = page_path(context)
    request: HttpRequest | None = context.get("request")
    if path and _answers(path):
        query = request.META.get("QUERY_STRING", "") if request and request.method == "GET" else ""
        return translate_url(f"{path}?{query}", code) if query else _same_page(path, code)
    with override(code):
        try:
            return reverse("home")
        except NoReverseMatch:
            return "/"


@lru_cache(maxsize=1024)
def _same_page(path: str, code: str) -> str:
    return translate_url(path, code)


@lru_cache(maxsize=1024)
def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
