"""Odd addresses and choices in the admin get a clear answer, and what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directory import demo
from directory.models import Location, Organization, Program
from guides.models import Guide, GuideEdition, LevelOfCare

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def rows(db: None, now: Any) -> None:
    _make(now)


def _make(now: Any) -> None:
    for order, slug in enumerate(("recovery-support", "outpatient", "iop", "php", "residential", "medically-managed")):
        LevelOfCare.objects.create(slug=slug, order=order, asam_codes=[])
    demo.load(now)
    for key in ("one", "two"):
        guide = Guide.objects.create(key=key, section="paying")
        GuideEdition.objects.create(guide=guide, language="en", slug=key, title=key, summary=key)


@pytest.fixture
def chief(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    client = sign_in(make_user("chief", is_superuser=True))
    client.raise_request_exception = False
    return client


def test_a_row_without_a_public_page_is_not_found(chief: Client) -> None:
    for address in ("/admin/r/1/1/", "/admin/r/abc/1/", "/admin/r/1/99999999999999999999/"):
        assert chief.get(address).status_code == 404, address


@pytest.mark.parametrize("key", ["9" * 30, "abc", "\0"])
def test_an_action_on_a_row_that_cannot_be_changes_nothing(chief: Client, key: str) -> None:
    answer = chief.post(
        "/admin/directory/program/", {"action": "delete_selected", "_selected_action": key}, follow=True
    )
    assert answer.status_code == 200
    assert "Items must be selected" in answer.content.decode()


@pytest.mark.parametrize("odd", ["abc", "9" * 30])
@pytest.mark.parametrize("model", [Program, Location, Organization])
def test_an_odd_choice_is_an_error_and_keeps_what_was_typed(model: Any, chief: Client, odd: str) -> None:
    name, typed = model._meta.model_name, "Typed just now"
    data = {"name": typed, "city": typed, **dict.fromkeys(("organization", "locations", "areas", "levels"), odd)}
    answer = chief.post(reverse(f"admin:directory_{name}_add"), data)
    assert answer.status_code == 200 and "Typed just now" in answer.content.decode()


def test_a_taken_guide_address_is_an_error_beside_it(chief: Client) -> None:
    edition = GuideEdition.objects.get(slug="one")
    data = {"title": "Typed just now", "slug": "two", "summary": "Typed just now, too", "_draft": "1"}
    sets = [f"guides_{key}_set" for key in ("prose", "fits", "comparison", "callout", "steps", "questions")]
    sets += ["guides_checklist_set", "guides_contacts_set", "guides_calltoaction_set"]
    data |= {f"{name}-{count}": "0" for name in sets for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = chief.post(reverse("admin:guides_guideedition_change", args=[edition.pk]), data)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Another guide has this address." in page
    assert "Typed just now" in page and "Typed just now, too" in page
    edition.refresh_from_db()
    assert edition.slug == "one"


LATE = [f"__{part}={value}" for part in ("year", "month", "day") for value in ("9999", "9" * 20, "0", "-1", "x")]


@pytest.mark.parametrize("field", ["directory/capacity/?reported_at", "directory/program/?checked_on"])
def test_a_list_asked_for_an_odd_day_shows_itself(chief: Client, field: str) -> None:
    asked = [f"/admin/{field}{late}" for late in LATE]
    broken = {path: chief.get(path, follow=True).status_code for path in asked}
    assert not {path: code for path, code in broken.items() if code >= 500}


def test_a_draft_ends_at_no_moment_past_the_calendar(chief: Client) -> None:
    page = reverse("admin:guides_guideedition_change", args=[GuideEdition.objects.get(slug="one").pk])
    for odd in ("9999-12-31T23:59", "0001-01-01T00:00"):
        assert chief.post(page, {"_expire": "1", "expire_at": odd}).status_code < 500
