"""The public pages. Most are the same for everyone and are kept in memory; search alone depends on the request."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import combinations
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from guides.content.words import meant, pieces, stems
from guides.models import Guide, GuideEdition, Moved, Publication
from guides.models.base import LANGUAGES
from guides.models.publishing import current_page
from guides.publishing import rendering
from guides.publishing.cache import page_cache
from guides.publishing.helplines import lines
from guides.publishing.page_cache import Page
from guides.publishing.published import STEPS_DOWN, Published, address, public_paths
from guides.publishing.responses import PublishedResponse
from guides.publishing.search import Found, find, look_for
from guides.workflow import stages
from ui.pictures import stretch

log = logging.getLogger(__name__)
Section = Guide.Section
# Below the guides for a crisis those who worry about somebody come first.
SHELVES = [Section.FAMILY, Section.LEVELS, Section.CHOOSING, Section.FIRST_STEPS, Section.PAYING]


def _keep_time() -> None:
    """Publish and end what is due before a page is shown, should the beat be late."""
    try:
        stages.run_due(timezone.now())
    except Error:
        log.warning("What is due could not be published or ended; it is tried again.")


page_cache.when_due = _keep_time


def _language() -> str:
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


def _published(language: str) -> Published:
    published: Published = page_cache.value(("published", language), lambda: Published(language))
    return published


def _page(template: str, name: str, *args: Any, **context: Any) -> HttpResponse:
    """Answer with a page that is the same for everyone; `name` and `args` are its address in every language."""
    language = _language()
    paths = {code: path for code in LANGUAGES if (path := address(name, code, *args))}
    other = next((path for code, path in paths.items() if code != language), None)
    html = rendering.page(
        template,
        _published(language),
        paths.get(language),
        alternates=paths,
        alternate_url=other,
        **context,
    )
    return PublishedResponse(Page.of(html, language))


def _stored(publication: Publication) -> HttpResponse:
    """Answer with the page as it was packed when published, or packed now if an upgrade left it stale."""
    if publication.look == rendering.render_fingerprint():
        return PublishedResponse(Page(**current_page(publication)))
    html = rendering.publication_page(publication, Published(publication.language))
    return PublishedResponse(_made(publication, html, publication.language))


def _made(publication: Publication, html: str, language: str) -> Page:
    """Pack a page that was made just now; it ends when its guide does."""
    return replace(Page.of(html, language), until=current_page(publication)["until"])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    published = _published(_language())
    levels = published.all_levels()
    return _page(
        "guides/home.html",
        "home",
        levels=[{**row, "hill": stretch(place, len(levels))} for place, row in enumerate(levels)],
        down=[row for row in reversed(levels) if row["slug"] in STEPS_DOWN],
        stepping=published.guides.get("stepping-down"),
        sections=published.sections(),
    )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    published = _published(_language())
    sections = {section["key"]: section for section in published.sections()}
    urgent = sections[Section.CRISIS]["guides"] if Section.CRISIS in sections else []
    shelves, by_level = [], []
    for key in SHELVES:
        guides = sections[key]["guides"] if key in sections else []
        by_level += [guide for guide in guides if guide["stones"]]
        if general := [guide for guide in guides if not guide["stones"]]:
            shelves.append({**sections[key], "guides": general})
    by_level.sort(key=lambda guide: len(guide["stones"]))
    levels = published.all_levels()
    return _page("guides/index.html", "guides:index", urgent=urgent, shelves=shelves, by_level=by_level, levels=levels)


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    language = _language()
    publication = Publication.objects.shown(timezone.now()).filter(language=language, slug=slug).first()
    if publication is None:
        return _moved(request, slug)
    if publication.path != request.path_info:
        return HttpResponsePermanentRedirect(publication.path)
    return _stored(publication)


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    ended = Publication.objects.select_related("edition").filter(path=request.path_info).first()
    if ended:
        return _gone(request, ended.edition)
    moved = Moved.objects.select_related("edition").filter(path=request.path_info).first()
    if moved is None and (other := _only_in_another(slug)):
        return other
    if moved is None:
        # Somebody put the language in front of an address by hand: the guide has another name there.
        key = Publication.objects.filter(slug=slug).values("key")[:1]
        return HttpResponseRedirect(get_object_or_404(Publication, language=_language(), key=key).path)
    publication = Publication.objects.shown(timezone.now()).filter(edition=moved.edition).first()
    if publication is None:
        return _gone(request, moved.edition)
    return HttpResponsePermanentRedirect(publication.path)


def _gone(request: HttpRequest, edition: GuideEdition) -> HttpResponse:
    other = Publication.objects.shown(timezone.now()).filter(edition__guide=edition.guide_id).first()
    context = {"title": edition.title, "guides_url": address("guides:index", _language()), "elsewhere": other}
    return render(request, "guides/gone.html", context, status=410)


def _only_in_another(slug: str) -> HttpResponse | None:
    """Answer with a guide that is published in another language alone: as it is there, with a word about that."""
    language = _language()
    here = Publication.objects.filter(language=language).values("key")
    others = Publication.objects.shown(timezone.now()).exclude(language=language)
    row = others.filter(slug=slug).exclude(key__in=here).first()
    return PublishedResponse(_made(row, rendering.borrowed_page(row, Published(language)), language)) if row else None


@require_safe
def crisis(request: HttpRequest) -> HttpResponse:
    """The crisis guide, or the few lines that must be there even when nothing is published."""
    publication = Publication.objects.shown(timezone.now()).filter(path=request.path_info).first()
    return (
        _stored(publication)
        if publication
        else _page("guides/crisis.html", "guides:crisis", lines=lines("911", _language()))
    )


@require_safe
def level(request: HttpRequest, slug: str) -> HttpResponse:
    published = _published(_language())
    if slug not in published.levels:
        raise Http404
    own = [row for row in published.guides.values() if row["level"] == slug]
    table = published.comparison([slug])
    levels = published.all_levels()
    return _page(
        "guides/level.html",
        "guides:level",
        slug,
        crumbs=[
            (gettext("Guides"), address("guides:index", published.language)),
            (published.levels[slug]["name"], None),
        ],
        level=published.level(slug),
        facts=[{**row, "html": row["cells"][0]["html"]} for row in table["rows"]],
        brief=published.brief(slug),
        week=published.week(slug),
        guides=own,
        levels=levels,
        beside=published.beside(slug),
        others=[other for other in levels if other["slug"] != slug],
    )


@require_safe
def compare_index(request: HttpRequest) -> HttpResponse:
    """Choose the levels to compare. A choice leads to the address of that comparison."""
    published = _published(_language())
    chosen = [slug for slug in published.levels if slug in request.GET.getlist("level")]
    path = published.compare_path(chosen)
    if path:
        return HttpResponseRedirect(path)
    context: dict[str, Any] = {"levels": published.all_levels(), "chosen": chosen, "asked": bool(request.GET)}
    return _page("guides/compare_index.html", "guides:compare_index", **context)


@require_safe
def compare(request: HttpRequest, a: str, b: str, more: str = "") -> HttpResponse:
    published = _published(_language())
    slugs = [slug for slug in (a, b, *more.split("/")) if slug]
    if any(slug not in published.levels for slug in slugs):
        raise Http404
    distinct = list(dict.fromkeys(slugs))
    if distinct != slugs or "/".join(slugs[2:]) != more:
        index_path = address("guides:compare_index", published.language) or "/"
        return HttpResponseRedirect(published.compare_path(distinct) or index_path)
    args = [a, b, *([more] if more else [])]
    return _page(
        "guides/compare.html",
        "guides:compare",
        *args,
        crumbs=[
            (gettext("Compare levels"), address("guides:compare_index", published.language)),
            (_names(published, slugs), None),
        ],
        table=published.comparison(slugs),
        names=_names(published, slugs),
        levels=published.all_levels(),
        chosen=slugs,
        # The same levels in another order are the same page to a search engine.
        canonical=published.compare_path([slug for slug in published.levels if slug in slugs]),
    )


def _names(published: Published, slugs: list[str]) -> str:
    return ", ".join(published.levels[slug]["short_name"] for slug in slugs)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    published = _published(_language())
    terms = [{**term, "definition": published.rich(term["definition"])} for term in published.reference["terms"]]
    terms.sort(key=lambda term: term["term"].casefold())
    return _page("guides/glossary.html", "guides:glossary", terms=terms)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search for ``?q=``, and with ``?exact=1`` for just that. What somebody looked for is not kept anywhere."""
    language = _language()
    query = request.GET.get("q", "").strip()[:200]
    published = _published(language)
    found = Found(find(query, language), query) if "exact" in request.GET else look_for(query, language)
    spoken = found.language or language
    wanted = set(meant(stems(found.words, spoken), spoken))
    context = {
        "query": query,
        "meant": found.words if found.words != query else "",
        "offered": found.offered,
        "spoken": found.language,
        "results": [
            {
                "entry": entry,
                "heading": pieces(entry.heading, wanted, spoken),
                "summary": pieces(Truncator(entry.summary).words(40), wanted, spoken),
            }
            for entry in found.entries
        ],
        "levels": published.all_levels(),
        "destinations": published.destinations(),
    }
    return render(request, "guides/search.html", context)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = []
    for language in LANGUAGES:
        published = _published(language)
        pairs = [published.compare_path(list(pair)) for pair in combinations(published.levels, 2)]
        pages += [f"{settings.BASE_URL}{path}" for path in [*public_paths(published), *pairs]]
    return render(request, "guides/sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/admin/", "/staff/", "/accounts/", "/status/", "/r/", "/p/", "/c/", "/assessment/", "/search/")
    robot_lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in closed for prefix in ("", "/es"))]
    # Where the questions begin is for everybody to find; what follows is a family's own.
    robot_lines += [*(f"Allow: {prefix}/assessment/$" for prefix in ("", "/es")), ""]
    robot_lines += [*(f"Sitemap: {settings.BASE_URL}{reverse(name)}" for name in settings.SITEMAPS), ""]
    return HttpResponse("\n".join(robot_lines), content_type="text/plain; charset=utf-8")
