"""What search engines read of a guide: JSON-LD in the words of schema.org, from its document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from guides.content.documents import Document
from guides.content.html import plain

# Inside <script> only these can end it; JSON says them as well.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def structured(document: Document, about: dict[str, Any], *, url: str, language: str) -> SafeString:
    """Return the ``<script>`` of data that stands in the head of a guide."""
    graph = {"@context": "https://schema.org", "@graph": list(_things(document, about, url, language))}
    data = json.dumps(graph, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308 - escaped above


def _things(document: Document, about: dict[str, Any], url: str, language: str) -> Iterator[dict[str, Any]]:
    page = {
        "@type": "MedicalWebPage",
        "@id": url,
        "url": url,
        "name": document["title"],
        "description": document["summary"],
        "inLanguage": language,
        "isAccessibleForFree": True,
        "lastReviewed": about["last_reviewed"],
        "author": _person(about["author"]),
        "reviewedBy": _person(about["reviewer"]),
        "citation": [source["url"] or source["title"] for source in about["sources"]],
    }
    yield {key: value for key, value in page.items() if value}
    questions = [item for block in document["blocks"] if block["type"] == "questions" for item in block["items"]]
    if questions:
        yield {
            "@type": "FAQPage",
            "@id": f"{url}#questions",
            "inLanguage": language,
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": item["question"],
                    "acceptedAnswer": {"@type": "Answer", "text": plain(item["html"])},
                }
                for item in questions
            ],
        }


def _person(person: dict[str, Any] | None) -> dict[str, str] | None:
    """A person, but not an invented one of the samples."""
    if not person or person["sample"]:
        return None
    named = {"@type": "Person", "name": person["name"]}
    return {**named, "jobTitle": person["role"]} if person["role"] else named
