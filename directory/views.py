"""The programs that a family can look through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from directory import vocabulary as words
from directory import wording
from directory.capacity import Standing, opening_of
from directory.forms import SearchForm, kept, restored, without
from directory.matching import LIVE_IN, ONLINE
from directory.models import Program
from directory.models.programs import REACH_MILES, Fit
from guides.context_processors import site

SEARCH = "directory.search"
PAGE_SIZE = 20


@dataclass(frozen=True)
class ListedProgram:
    """A program as the list shows it."""

    program: Program
    text: Any
    lines: list[wording.Line]
    miles: float | None
    step: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The list. A search is posted, kept in the session and answered at the clean address, so that neither a ZIP code
    nor what a family needs is ever in a URL; going back or loading again posts nothing twice."""
    if request.method == "POST" and "clear" in request.POST:
        request.session.pop(SEARCH, None)
        return redirect("directory:list")
    if request.method == "POST" and "without" in request.POST:
        request.session[SEARCH] = without(request.session.get(SEARCH, {}), request.POST["without"])
        return redirect(reverse("directory:list") + "#found")
    if request.method == "POST":
        form = SearchForm(request.POST)
        if form.is_valid():
            request.session[SEARCH] = kept(request.POST)
            # On a phone the results lie below the form: go to them.
            return redirect(reverse("directory:list") + "#found")
    else:
        form = _form_of(request)
    return render(request, "directory/list.html", listing(request, form, now=timezone.now()))


def _form_of(request: HttpRequest) -> SearchForm:
    # A guide may link here with the level it explains; that says no more of a reader than the guide's own address.
    stored = dict(request.session.get(SEARCH, {}))
    if level := request.GET.get("level"):
        stored["levels"] = [level]
    form = SearchForm(restored(stored) if stored else None)
    if "levels" in form.errors:
        del stored["levels"]
        form = SearchForm(restored(stored) if stored else None)
    return form


def listing(request: HttpRequest, form: SearchForm, *, now: datetime) -> dict[str, Any]:
    """The context of the list: what fits, page by page; what a fact rules out; and how far the search had to go.
    A search with a fault in it shows the fault and no list: any list would seem to be its answer."""
    if form.is_bound and not form.is_valid():
        return {"form": form}
    wish = form.wish()
    programs = Program.objects.public()
    fits = programs.ranked(wish, now=now)
    beyond = bool(wish.near) and not any(fit.match.fits for fit in fits)
    if beyond:
        fits = programs.ranked(wish, now=now, reach=None)
    fitting = sorted((fit for fit in fits if fit.match.fits), key=lambda fit: not fit.match.meets_all)
    page = Paginator(fitting, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "form": form,
        "wish": wish,
        "page": page,
        "whole": sum(fit.match.meets_all for fit in fitting),
        "listed": listed_programs([fit for fit in page if fit.match.meets_all], form.level_names),
        "partly": listed_programs([fit for fit in page if not fit.match.meets_all], form.level_names),
        "others": listed_programs([fit for fit in fits if not fit.match.fits][:PAGE_SIZE], form.level_names),
        "beyond": REACH_MILES if beyond and page.paginator.count else None,
        "samples": any(fit.program.sample for fit in fits),
        "fresh_days": settings.CAPACITY_FRESH_FOR.days,
    }


def listed_programs(fits: Iterable[Fit], level_names: Mapping[str, str]) -> list[ListedProgram]:
    """Ranked programs as ``directory/_fits.html`` shows them; for the pages of other apps too."""
    language = get_language() or settings.LANGUAGE_CODE
    return [
        ListedProgram(
            fit.program,
            fit.program.text(language),
            wording.explain(fit.match, level_names),
            fit.match.miles,
            wording.step_of(fit.match),
        )
        for fit in fits
    ]


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public program in both languages; samples are nobody's to find."""
    pages = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            slugs = Program.objects.public().filter(sample=False).values_list("slug", flat=True)
            paths = [reverse("directory:list"), *(reverse("directory:program", args=[slug]) for slug in slugs)]
            pages += [f"{settings.BASE_URL}{path}" for path in paths]
    return render(request, "guides/sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_GET
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """One program, with what is known of its places today, and how to check its licence."""
    row = get_object_or_404(Program.objects.public().with_details(), slug=slug)
    return render(request, "directory/program.html", {**details(row, now=timezone.now()), "page_path": request.path})


def details(row: Program, *, now: datetime) -> dict[str, Any]:
    """The context of a program's page. Reads what `with_details` has prefetched."""
    reports = {report.level.slug: report.as_report() for report in row.current_capacities}
    fresh, today = settings.CAPACITY_FRESH_FOR, timezone.localdate(now)
    licence_check = site(get_language() or settings.LANGUAGE_CODE).get("licence_check", "")
    offers = []
    for offer in row.offers.all():
        opening = opening_of(offer.level.slug, reports.get(offer.level.slug), now=now, fresh=fresh)
        offers.append({"offer": offer, "text": wording.opening_sentence(opening), "standing": opening.standing.value})
    return {
        "program": row,
        "text": row.text(get_language() or settings.LANGUAGE_CODE),
        "offers": offers,
        "has_opening": any(offer["standing"] == Standing.OPEN.value for offer in offers),
        "live_in": any(offer.level.slug in LIVE_IN for offer in row.offers.all()),
        "facts": _facts(row),
        "places": [
            {"row": place, "access": wording.listed(place.access, words.Access)} for place in row.locations.all()
        ],
        "seals": [
            {
                "row": seal,
                "how": wording.how_to_check(seal.seal, licence_check),
                "over": seal.valid_until is not None and seal.valid_until < today,
            }
            for seal in row.accreditations.all()
        ],
        "fresh_days": fresh.days,
    }


def _facts(row: Program) -> list[tuple[str, str]]:
    """What a family compares, as (label, value); an empty value is not known."""
    family = {True: _("Yes"), False: _("No"), None: ""}
    areas = ", ".join(str(area) for area in row.areas.all())
    online = _("Care by video or phone. Call to ask if that includes where you live.") if ONLINE in row.schedule else ""
    return [
        (_("Treats"), row.get_concern_display()),
        (_("Ages"), wording.ages(row.age_min, row.age_max)),
        (_("Ways to pay"), wording.listed(row.payment, words.Payment)),
        (_("Languages"), wording.listed(row.languages, words.Language)),
        (_("Hours"), _hours(row)),
        (_("Special programs for"), wording.listed(row.populations, words.Population)),
        (_("Medication for opioid use"), wording.listed(row.medications, words.Medication)),
        (_("Family sessions"), family[row.family_sessions]),
        (_("Serves people from"), areas or online),
    ]


def _hours(row: Program) -> str:
    """When care is: of a place where people live in, day and night; of another level that it offers, its hours."""
    hours, levels = wording.listed(row.schedule, words.Schedule), {offer.level.slug for offer in row.offers.all()}
    if not levels & LIVE_IN:
        return hours
    stay = _("Day and night for those who stay there")
    return f"{stay}. {hours}" if hours and levels - LIVE_IN else stay
