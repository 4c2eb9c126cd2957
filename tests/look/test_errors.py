"""Pages for what goes wrong: kind, with a way on, in the visitor's language; 500 needs nothing but its file."""

from __future__ import annotations

import re
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import override

from config.errors import server_error
from guides.publishing import standby

CODES = ["400", "403", "403_csrf", "404", "410", "429", "500"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_error_page_shows_help_and_a_way_on(code: str, language: str) -> None:
    with override(language):
        page = render_to_string(f"{code}.html")
    assert f'<html lang="{language}">' in page
    assert page.count('href="tel:988"') >= 2
    assert 'class="btn btn-primary"' in page
    assert page.count("<h1>") == 1
    assert "Traceback" not in page


def test_the_500_page_needs_no_database_and_no_request() -> None:
    # Outside django_db, pytest-django refuses every query: rendering is the test.
    response = server_error(HttpRequest())
    assert response.status_code == 500 and get_resolver().resolve_error_handler(500) == server_error
    assert b"988" in response.content
    assert not connection.in_atomic_block


def test_the_500_page_has_the_house_phone_also_from_the_start(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    monkeypatch.setattr(standby, "_phone", {})
    assert standby.phone() == {} and b"626" not in server_error(HttpRequest()).content
    standby._remember_phone(
        {"help_phone": "(626) 555-0100", "help_phone_tel": "+16265550100", "email": "x@example.org"}
    )
    monkeypatch.setattr(standby, "_phone", {})  # another process, whose disk is full from the start
    said = server_error(HttpRequest()).content.decode()
    assert '<a href="tel:+16265550100">(626) 555-0100</a>' in said
    (tmp_path / "phone.json").write_text("[")
    assert standby.phone() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("begin", ["", "/es"])
def test_an_outage_is_not_said_to_be_over_in_a_minute(begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: Any, **_named: Any) -> Any:
        try:
            sqlite3.connect("file:/nowhere/at-all?mode=rw", uri=True)
        except sqlite3.Error as error:
            raise OperationalError("unable to open database file") from error

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    said = client.get(f"{begin}/programs/")
    page = said.content.decode()
    assert said.status_code == 500 and "Wait a minute" not in page and "Espere un minuto" not in page
    assert f'href="{begin}/guides/"' in page and 'href="tel:988"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "language"), [("/no-such-page/", "en"), ("/es/no-such-page/", "es")])
def test_a_missing_page_answers_in_the_language_of_its_address(client: Client, path: str, language: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_told_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "Please send it again" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/search/?q=%00", "/es/programs/?zip=9110%00", "/?x=%00", "/admin/login/?next=%00"])
def test_a_zero_byte_in_an_address_is_no_failure(client: Client, path: str) -> None:
    assert client.get(path, follow=True).status_code == 200


@pytest.mark.django_db
def test_a_zero_byte_in_a_cookie_is_no_failure(client: Client) -> None:
    answer = client.get("/assessment/1/", headers={"cookie": 'sessionid="a\\000b"'})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/assessment/")


FORMATTED = "<h2>Before you go</h2><p>Call <strong>first</strong>.</p><ul><li><p>A book</p></li></ul>"


@pytest.mark.django_db
def test_a_number_that_was_typed_is_shown_and_what_was_chosen_is_not() -> None:
    typed = {
        "name": "Rosa Sample",
        "phone": "6265550142",
        "email": "rosa@example.org",
        "day": "2026-03-04",
        "way": "sms",
    }
    sent: dict[str, Any] = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    page = Client(enforce_csrf_checks=True).post("/staff/new/", typed, **sent).content.decode()
    shown = page.partition("What you typed</h2>")[2]
    assert "6265550142" in shown and "rosa@example.org" in shown and "2026-03-04" not in shown and "sms" not in shown


@pytest.mark.django_db
def test_what_was_typed_is_sent_again_once_after_signing_in(make_user: Any, sign_in: Any) -> None:
    page, typed = "/admin/guides/glossaryterm/add/", {"key": "a b", "text": FORMATTED, "_draft": "Save draft"}
    sent: dict[str, Any] = {"headers": {"Sec-Fetch-Site": "same-origin"}}
    signed_out = Client(enforce_csrf_checks=True).post(page, typed, **sent).content.decode()
    assert signed_out.index("Send it again</button>") < signed_out.index("What you typed</h2>")
    shown = signed_out.partition("What you typed</h2>")[2]
    assert "Before you go" in shown and "&lt;" not in shown and "Save draft" not in shown
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', signed_out))
    again = {name: unescape(value) for name, value in again.items()}
    assert again["text"] == FORMATTED and again["_draft"] == "Save draft"
    client = sign_in(make_user("ed", "Editors"))
    client.handler.enforce_csrf_checks = True
    assert client.post(page, again, **sent).status_code == 200  # with the form's own errors
    for elsewhere in ({}, {"headers": {"Sec-Fetch-Site": "cross-site"}}, {"headers": {"Sec-Fetch-Site": "same-site"}}):
        assert client.post(page, again, **elsewhere).status_code == 403
    del again["sent-again"]
    assert client.post(page, again, **sent).status_code == 403
