"""Archiving is found where deleting is refused, and what was public comes back as it was, or the page says how."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guides.models import Guide, Publication

pytestmark = pytest.mark.django_db


def address(row: Any, page: str) -> str:
    return reverse(f"admin:guides_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.fixture
def paying(site: None) -> Guide:
    return Guide.objects.get(key="paying")


def test_restored_by_a_publisher_it_is_public_as_it_was(paying: Guide, rewrite: Any, publisher: Client) -> None:
    rewrite(paying.editions.get(language="en"), summary="Nobody has approved this.")
    publisher.post(address(paying, "archive"))
    assert publisher.get("/guides/paying/").status_code == 410
    page = publisher.post(address(paying, "archive"), follow=True).content.decode()
    assert "Paying for care (English) is public again, as it was before." in page
    assert "Pagar la atención (Spanish) is public again" in page
    shown = publisher.get("/guides/paying/").content.decode()
    assert "What it costs." in shown and "Nobody has approved" not in shown
    stages = dict(paying.editions.values_list("language", "stage"))
    assert stages == {"en": "draft", "es": "published"}


def test_restored_by_an_editor_the_page_says_what_is_left(paying: Guide, editor: Client, publisher: Client) -> None:
    publisher.post(address(paying, "archive"))
    page = editor.post(address(paying, "archive"), follow=True).content.decode()
    assert "Paying for care (English) is not public. Submit it for review;" in page
    assert not Publication.objects.filter(key="paying").exists()


def test_what_was_unpublished_before_stays_unpublished(paying: Guide, edition: Any, publisher: Client) -> None:
    Publication.objects.filter(edition=edition("paying", "es")).delete()
    for _time in range(2):
        publisher.post(address(paying, "archive"))
    assert [row.language for row in Publication.objects.filter(key="paying")] == ["en"]


def test_a_refused_deletion_leads_to_the_archive_button(
    paying: Guide, edition: Any, publisher: Client, editor: Client
) -> None:
    way = f'<a href="{address(paying, "change")}#archive">Go to the Archive button</a>'
    chosen = {"action": "delete_selected", "_selected_action": [str(paying.pk)]}
    listed = reverse("admin:guides_guide_changelist")
    assert way in publisher.get(address(paying, "delete"), follow=True).content.decode()
    assert way in publisher.post(listed, chosen).content.decode()
    assert way in publisher.get(address(edition("paying", "en"), "change")).content.decode()
    asked = publisher.get(address(paying, "change")).content.decode().partition('id="archive"')[2]
    assert "Its pages leave the site at once." in asked and "Yes, archive it" in asked
    page = editor.get(address(paying, "delete"), follow=True).content.decode()
    assert "Someone who may publish can archive it." in page and "/archive/" not in page
