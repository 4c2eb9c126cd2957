"""What the tests of this app share: a small site in two languages, and people who edit it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from guides import demo, transfer
from guides.content.pictures import read_picture
from guides.models import GuideEdition
from guides.publishing.cache import page_cache
from guides.workflow import actions, stages
from guides.workflow.library import key_of
from privacy.models import User
from tests.conftest import SharedDb

Edition = Callable[[str, str], GuideEdition]


def level(slug: str, order: int, name: str, nombre: str, also: list[str]) -> dict[str, Any]:
    def text(words: str) -> dict[str, Any]:
        return {"name": words, "short_name": words, "also_called": also, "summary": f"{words} in a few words."}

    return {
        "slug": slug,
        "order": order,
        "asam_codes": [f"{order}.1"],
        "asam_edition": 4,
        "week": ["mon wed 9-12"],
        "en": text(name),
        "es": text(nombre),
    }


def guide(key: str, section: str, en: dict[str, Any], es: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {
        "key": key,
        "order": 1,
        "section": section,
        "audience": "everyone",
        "author": "writer",
        "reviewer": "checker",
        "last_reviewed": "2026-02-01",
        "review_due": "2027-02-01",
        "level": None,
        "sources": [{"title": "A source", "publisher": "A publisher", "url": "https://example.org/source"}],
        "en": en,
        "es": es,
        **about,
    }


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **saved: Any) -> bytes:
    """A picture as a camera or an editor's program would write it."""
    out = io.BytesIO()
    Image.new("RGB", size, (30, 110, 90)).save(out, kind, **saved)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PICTURE = read_picture(io.BytesIO(picture_bytes())).data


def kept_file(data: bytes, suffix: str, en: str, es: str) -> dict[str, Any]:
    alt = {"en": en, "es": es}
    return {"key": key_of(data), "suffix": suffix, "name": f"A {suffix}", "alt": alt, "decorative": False}


FILES: dict[str, Any] = {
    "files": sorted(
        [kept_file(PICTURE, "jpg", "A green door", "Una puerta verde"), kept_file(PDF, "pdf", "", "")],
        key=lambda entry: str(entry["key"]),
    ),
    f"files/{key_of(PICTURE)}.jpg": PICTURE,
    f"files/{key_of(PDF)}.pdf": PDF,
    "levels": [
        level("iop", 1, "Intensive outpatient", "Ambulatorio intensivo", ["day groups"]),
        level("residential", 2, "Residential treatment", "Tratamiento residencial", ["live-in care"]),
        level("php", 3, "Partial hospitalization", "Hospitalización parcial", []),
    ],
    "aspects": [
        {"key": "time", "order": 1, "en": {"label": "Time each week"}, "es": {"label": "Tiempo por semana"}},
        {"key": "cost", "order": 2, "en": {"label": "Cost"}, "es": {"label": "Costo"}},
    ],
    "facts": {
        slug: {
            aspect: {"en": f"<p>{aspect} of {slug}</p>", "es": f"<p>{aspect} de {slug}</p>"}
            for aspect in ("time", "cost")
        }
        for slug in ("iop", "residential", "php")
    },
    "glossary": [
        {
            "key": "withdrawal",
            "order": 1,
            "en": {"term": "Withdrawal", "definition": "<p>What the body does.</p>", "also_called": ["coming off"]},
            "es": {"term": "Abstinencia", "definition": "<p>Lo que hace el cuerpo.</p>", "also_called": []},
        }
    ],
    "people": [
        {"key": "writer", "sample": True, "name": "Robin Sample", "en": {"role": "Author"}, "es": {"role": "Autor"}},
        {"key": "checker", "sample": True, "name": "Alex Sample", "en": {"role": "Nurse"}, "es": {"role": "Enfermera"}},
    ],
    "site": {
        "service_area": {"en": "Sampleville", "es": "Villa Muestra"},
        "public_coverage": {"en": "SampleCare", "es": "SampleCare"},
        "referral_law": {"en": "Sample law bans it.", "es": "La ley de muestra lo prohíbe."},
        "licence_check": {"en": "Ask the sample office.", "es": "Pregunte a la oficina de muestra."},
        "service_area_places": ["Sampleville"],
        "help_phone": "626-555-0100",
        "email": "help@example.org",
        "sample": True,
    },
    "synonyms": [{"key": "home", "en": ["residential treatment", "rehab"], "es": ["residencial", "internado"]}],
    "helplines": [
        {
            "key": "line",
            "order": 1,
            "number": "988",
            "tel": "988",
            "sms": "988",
            "word": "HI",
            "urgent": True,
            "checked_on": "2026-02-01",
            "en": {"name": "Crisis line", "how": "Day and night."},
            "es": {"name": "Línea de crisis", "how": "Día y noche."},
        }
    ],
    "guides/staying": guide(
        "staying",
        "levels",
        {
            "slug": "staying-there",
            "title": "Staying there",
            "summary": "What a stay is like.",
            "blocks": [
                {
                    "type": "prose",
                    "html": '<h2>A day</h2><p>Read <a href="guide:paying">how to pay</a> and '
                    '<a href="level:residential">the level</a>.</p>',
                },
                {"type": "fits", "heading": "It may fit someone who", "items": ["needs <strong>calm</strong>"]},
                {"type": "avoid", "heading": "What tends not to help", "items": ["long talks at <em>night</em>"]},
                {"type": "signs", "heading": "Signs to watch for", "items": ["they say goodbye"]},
                {"type": "comparison", "heading": "Next to IOP", "levels": ["residential", "iop"], "aspects": ["cost"]},
                {"type": "callout", "tone": "urgent", "heading": "Do not stop at once", "html": "<p>Ask first.</p>"},
                {"type": "steps", "heading": "How", "items": [{"title": "Call", "html": "<p>Ask for a place.</p>"}]},
                {
                    "type": "questions",
                    "heading": "Asked",
                    "items": [{"question": "How long?", "html": "<p>Weeks.</p>"}],
                },
                {"type": "checklist", "heading": "Bring", "items": ["Your card", "Warm clothes"]},
                {
                    "type": "contacts",
                    "heading": "Call",
                    "items": [
                        {"name": "Crisis line", "number": "988", "tel": "988", "sms": None, "how": "Day and night."}
                    ],
                },
                {"type": "level_cards", "heading": "Near to it", "levels": ["iop", "php"]},
                {"type": "drawing", "drawing": "iop-week", "heading": "A week", "caption": "One of many."},
                {"type": "helplines", "heading": "Day and night", "lines": ["line"]},
                {"type": "image", "picture": key_of(PICTURE), "caption": "The way in"},
                {"type": "quote", "quote": "I slept again.", "who": "A mother"},
                {
                    "type": "sources",
                    "heading": "Where this comes from",
                    "items": [{"title": "A study", "publisher": "A journal", "url": "https://example.org/study"}],
                },
                {"type": "download", "document": key_of(PDF), "label": "Take the list", "text": "One page."},
                {
                    "type": "call_to_action",
                    "to": "guide:paying",
                    "heading": "Next",
                    "text": "See costs.",
                    "label": "Go",
                },
            ],
        },
        {
            "slug": "vivir-alli",
            "title": "Vivir allí",
            "summary": "Cómo es una estancia.",
            "blocks": [{"type": "prose", "html": "<h2>Un día</h2><p>La recuperación lleva tiempo.</p>"}],
        },
        level="residential",
    ),
    "guides/paying": guide(
        "paying",
        "paying",
        {
            "slug": "paying",
            "title": "Paying for care",
            "summary": "What it costs.",
            "blocks": [{"type": "prose", "html": "<h2>Money</h2><p>Ask about insurance.</p>"}],
        },
        {
            "slug": "pagar",
            "title": "Pagar la atención",
            "summary": "Lo que cuesta.",
            "blocks": [{"type": "prose", "html": "<h2>Dinero</h2><p>Pregunte por el seguro.</p>"}],
        },
    ),
}


@pytest.fixture
def files() -> dict[str, Any]:
    return deepcopy(FILES)


@pytest.fixture(scope="session", autouse=True)
def quick_packing() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "BEST", 4)
        yield


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """Pages kept in memory by one test must not answer in the next."""
    page_cache.forget()
    yield
    page_cache.forget()


@pytest.fixture
def drafts(db: None, files: dict[str, Any], now: datetime) -> None:
    """Everything of `FILES`, in a module whose tests do not begin with `site`."""
    transfer.load(files, now=now)


@pytest.fixture(scope="module")
def site_rows(shared_db: SharedDb, quick_packing: None, now: datetime) -> None:
    with shared_db():
        publish_all(now)


@pytest.fixture
def site(site_rows: None, db: None) -> None:
    """Everything of `FILES`, published."""


def publish_all(now: datetime) -> None:
    transfer.load(deepcopy(FILES), now=now)
    actions.publish_reference(by=None, now=now)
    actions.publish(GuideEdition.objects.select_related("guide"), by=None, now=now)


@pytest.fixture(scope="module")
def shipped_rows(shared_db: SharedDb, quick_packing: None, now: datetime) -> None:
    with shared_db():
        demo.load(now)


@pytest.fixture
def shipped(shipped_rows: None, db: None) -> None:
    """The content that ships with Waymark, published."""


@pytest.fixture
def edition(db: None) -> Edition:
    """Return an edition by key and language."""
    return lambda key, language: GuideEdition.objects.select_related("guide").get(guide__key=key, language=language)


@pytest.fixture
def rewrite(now: datetime) -> Callable[..., GuideEdition]:
    """Change the draft of an edition as an editor would, and keep the revision."""

    def change(edition: GuideEdition, **values: Any) -> GuideEdition:
        document = {**edition.revisions.all()[0].document, **values}
        actions.replace_draft(edition, document, by=None, now=now, reason="saved")
        return edition

    return change


@pytest.fixture
def editor(make_user: Any, sign_in: Any) -> Client:
    client: Client = sign_in(make_user("editor", "Editors"))
    return client


@pytest.fixture
def publisher(make_user: Any, sign_in: Any) -> Client:
    client: Client = sign_in(make_user("publisher", "Publishers"))
    return client


@pytest.fixture
def approved(make_user: Any, now: datetime) -> Callable[[GuideEdition], GuideEdition]:
    """Bring a draft, as it lies in the database, through review: two people who wrote none of it."""

    def through_review(edition: GuideEdition) -> GuideEdition:
        names = ("submits", "Editors"), ("approves", "Clinical reviewers")
        people = [User.objects.filter(username=name).first() or make_user(name, group) for name, group in names]
        for person, move in zip(people, ("submit", "approve"), strict=True):
            stages.make_move(edition, move, by=person, now=now, read=True)
        return edition

    return through_review
