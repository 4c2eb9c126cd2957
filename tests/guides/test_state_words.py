"""What differs from state to state is said by the site details, in both languages."""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from directory.models import Accreditation, Organization, Program
from directory.vocabulary import Payment
from guides import outgoing, transfer
from guides.models import SiteDetails, SiteText
from guides.publishing.cache import page_cache
from guides.workflow import actions

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


@pytest.fixture
def program(db: None) -> Program:
    owner = Organization.objects.create(name="Sample Care")
    made: Program = Program.objects.create(
        organization=owner, name="Sample Place", slug="sample-place", status="public"
    )
    made.payment = ["medi_cal"]
    made.save()
    Accreditation.objects.create(program=made, seal="state_licence", number="1")
    return made


def test_the_about_page_says_the_law_of_this_state(site: None, client: Client) -> None:
    assert "Sample law bans it." in page(client, "/about/")
    assert "La ley de muestra lo prohíbe." in page(client, "/es/about/")


def test_a_program_page_says_how_licenses_are_checked_here(site: None, client: Client, program: Program) -> None:
    text = page(client, "/programs/sample-place/")
    assert "Ask the sample office." in text
    assert "SampleCare or Medicaid" in text and "Do you take this insurance or SampleCare?" in text
    assert "Pregunte a la oficina de muestra." in page(client, "/es/programs/sample-place/")


def test_where_no_state_is_described_pages_say_what_holds_anywhere(
    site: None, client: Client, program: Program, now: datetime
) -> None:
    SiteText.objects.update(public_coverage="", referral_law="", licence_check="")
    actions.publish_reference(by=None, now=now)
    text = page(client, "/programs/sample-place/")
    assert "Look up the number with the state agency that gave it." in text
    assert "Do you take this insurance or Medicaid?" in text
    assert Payment.MEDI_CAL.label == "Medicaid"
    assert "for a family that we send. Programs are ordered by" in " ".join(page(client, "/about/").split())


def test_an_editor_changes_the_words_and_publishes_them(site: None, client: Client, now: datetime) -> None:
    SiteText.objects.filter(language="es").update(public_coverage="CuidadoMuestra", referral_law="Otra ley.")
    with override("es"):
        assert Payment.MEDI_CAL.label == "SampleCare o Medicaid"
    actions.publish_reference(by=None, now=now)
    page_cache.forget()
    with override("es"):
        assert Payment.MEDI_CAL.label == "CuidadoMuestra o Medicaid"
    assert "Otra ley." in page(client, "/es/about/")


def test_a_file_without_the_newer_words_leaves_them(site: None, files: dict[str, Any], now: datetime) -> None:
    older = {name: value for name, value in files["site"].items() if name not in ("referral_law", "licence_check")}
    assert transfer.load({"site": older}, now=now).changed == []
    assert outgoing.exported()["site"] == files["site"]


def test_new_words_in_a_file_are_a_change(site: None, files: dict[str, Any], now: datetime) -> None:
    files["site"]["referral_law"]["en"] = "A newer law bans it."
    assert transfer.load({"site": files["site"]}, now=now).changed == ["site"]
    assert outgoing.exported()["site"]["referral_law"]["en"] == "A newer law bans it."


def test_the_admin_edits_the_words_in_both_languages(site: None, editor: Client) -> None:
    form = page(editor, f"/admin/guides/sitedetails/{SiteDetails.objects.get().pk}/change/")
    for name in ("public_coverage", "referral_law", "licence_check"):
        assert f'name="texts-0-{name}"' in form and f'name="texts-1-{name}"' in form
