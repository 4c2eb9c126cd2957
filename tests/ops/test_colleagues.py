"""Who adds a colleague in the admin ticks no box for it, and before an app is deleted the page says whose it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from privacy.models import User
from tests.ops.test_second_factor import PASSWORD, code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(make_user: Callable[..., Any], sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(make_user("chief", is_superuser=True))


def test_a_colleague_who_was_added_opens_the_workspace(chief: Client, client: Client) -> None:
    call_command("roles", verbosity=0)
    navigators = Group.objects.get(name="Navigators")
    page = chief.get("/admin/privacy/user/add/").content.decode()
    assert "The groups say what this person can open." in unescape(page)
    typed = {"username": "maria", "first_name": "Maria", "last_name": "Sample", "email": "maria@example.org"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    chief.post("/admin/privacy/user/add/", {**typed, **passwords, "groups": [navigators.pk]})
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    secret = client.get("/staff/", follow=True).context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert client.get("/staff/").status_code == 200


def test_the_box_of_staff_says_what_it_opens_and_can_be_taken_away(
    chief: Client, make_user: Callable[..., User]
) -> None:
    maria = make_user("maria", "Navigators")
    address = f"/admin/privacy/user/{maria.pk}/change/"
    page = chief.get(address)
    assert "Can open the workspace and the admin." in unescape(page.content.decode())
    form = page.context["adminform"].form
    kept = {name: form[name].value() for name in ("username", "first_name", "last_name", "email")}
    chief.post(address, {**kept, "is_active": "on", **stamp(page.content.decode())})
    maria.refresh_from_db()
    assert maria.is_active and not maria.is_staff


def stamp(page: str) -> dict[str, str]:
    """What the page's guard against stale saves wants to see again."""
    return {
        match[1]: unescape(match[2])
        for match in re.finditer(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', page)
    }


def test_the_page_that_asks_before_an_app_is_deleted_names_its_owner(
    chief: Client, make_user: Callable[..., User]
) -> None:
    rows = Authenticator.objects.filter(user=make_user("maria"))
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    many = unescape(chief.post("/admin/mfa/authenticator/", chosen).content.decode())
    one = unescape(chief.get(f"/admin/mfa/authenticator/{rows[0].pk}/delete/").content.decode())
    for page in (many, one):
        assert "TOTP Authenticator of maria" in page
    found = chief.get("/admin/mfa/authenticator/?q=maria").context["cl"].result_count
    assert found == len(rows) and chief.get("/admin/mfa/authenticator/?q=nobody").context["cl"].result_count == 0
