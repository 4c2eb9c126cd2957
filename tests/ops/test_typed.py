"""A form that meets an ended session or an old token is shown again with what was typed, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from config.typed import AGAIN
from directory.models import Organization
from tests.ops.forms import encoded, forms_of

pytestmark = pytest.mark.django_db
NOTE = "Rosa called: he is safe <tonight>."
FORM_TYPE = "application/x-www-form-urlencoded"
HERE = {"Sec-Fetch-Site": "same-origin"}
FORM = {"text": NOTE, "version": "3", "kind": "note"}


@pytest.mark.parametrize("path", ["/staff/referral/1/note/", "/es/staff/referral/1/note/", "/admin/guides/guide/add/"])
def test_a_note_sent_after_the_session_ended_is_shown_again(client: Client, path: str) -> None:
    answer = client.post(path, FORM, headers=HERE)
    page = answer.content.decode()
    assert answer.status_code == 403 and "no-store" in answer["Cache-Control"]
    assert "Rosa called: he is safe &lt;tonight&gt;." in page and "/accounts/login/?next=" in page
    [again] = [form for form in forms_of(path, page) if "text" in form.controls]
    assert again.target == path and dict(again.filled()) == {**FORM, AGAIN: "yes"}
    assert not Session.objects.exists()


def test_after_signing_in_elsewhere_the_shown_form_is_taken(
    client: Client, make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    path = "/admin/directory/organization/add/"
    signed_in = sign_in(make_user("nora", is_superuser=True))
    [form] = [form for form in forms_of(path, signed_in.get(path).content.decode()) if "name" in form.controls]
    out = client.post(path, encoded(form.filled(name="Two words")), content_type=FORM_TYPE, headers=HERE)
    [again] = [form for form in forms_of(path, out.content.decode()) if "name" in form.controls]
    assert signed_in.post(again.target, encoded(again.filled()), content_type=FORM_TYPE).status_code == 302
    assert Organization.objects.get().name == "Two words"


def test_an_old_token_loses_nothing(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/about/", {"message": NOTE, "csrfmiddlewaretoken": "old"}, headers=HERE)
    page = answer.content.decode()
    assert answer.status_code == 403 and "he is safe &lt;tonight&gt;" in page
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    again = strict.post("/about/", {"message": NOTE, "csrfmiddlewaretoken": token}, headers=HERE)
    assert again.status_code == 405  # what it is sent to takes no form; its token was good


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_form_of_another_site_is_not_handed_on(headers: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/referral/", "/staff/referral/1/note/"):
        assert NOTE[:10] not in strict.post(path, {"message": NOTE}, headers=headers).content.decode()


def test_a_password_is_never_shown() -> None:
    strict = Client(enforce_csrf_checks=True)
    typed = {"login": "ana", "password": "four words and more"}
    assert "four words" not in strict.post("/accounts/login/", typed, headers=HERE).content.decode()
    typed = {"text": NOTE, "new_password": "four words and more"}
    answer = strict.post("/staff/", typed, headers=HERE).content.decode()
    assert "Rosa" in answer and "four words" not in answer


def test_what_a_script_sent_goes_to_sign_in_as_before(client: Client) -> None:
    answer = client.post("/staff/referral/1/note/", FORM, headers={**HERE, "HX-Request": "true"})
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
