"""Programs as the search over the site finds them."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from directory.models import Program
from guides.publishing.cache import page_cache

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("samples")]


def found(query: str, language: str = "") -> str:
    page_cache.forget()
    page = html.unescape(Client().get(f"{language}/search/", {"q": query}).content.decode())
    return page[page.index("<h2>") :]


def test_a_program_is_found_by_its_name_with_its_page() -> None:
    program = Program.objects.public().earliest("pk")
    page = found(program.name.upper())
    assert f'href="{program.get_absolute_url()}"' in page and "Program</span>" in page


def test_a_program_is_found_in_spanish_under_its_spanish_address() -> None:
    program = Program.objects.public().earliest("pk")
    assert f'href="/es{program.get_absolute_url()}"' in found(program.name, "/es")


def test_a_slip_in_the_name_of_a_program_is_forgiven() -> None:
    program = Program.objects.public().earliest("pk")
    word = max(program.name.split(), key=len)
    slip = word[:3] + word[4:]
    assert program.get_absolute_url() in found(slip)


def test_a_program_that_is_not_public_is_not_found() -> None:
    program = Program.objects.public().earliest("pk")
    Program.objects.filter(pk=program.pk).update(status="draft")
    assert program.get_absolute_url() not in found(program.name)


def test_a_letter_or_two_name_no_program() -> None:
    assert "Program</span>" not in found("a")
