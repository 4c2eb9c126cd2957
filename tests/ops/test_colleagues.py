"""Who adds a colleague in the admin ticks no box for it; a deleted app is named, and signs its person out."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
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


@pytest.fixture
def lost(make_user: Callable[..., User], sign_in: Callable[[Any], Client]) -> Client:
    """A phone that is signed in as Rosa."""
    phone = sign_in(make_user("rosa", "Navigators"))
    assert phone.get("/staff/").status_code == 200
    return phone


def test_a_deleted_app_signs_the_lost_phone_out(chief: Client, lost: Client) -> None:
    app = Authenticator.objects.get(user__username="rosa", type=Authenticator.Type.TOTP)
    chosen = {"action": "delete_selected", "_selected_action": [app.pk], "post": "yes"}
    chief.post("/admin/mfa/authenticator/", chosen)
    assert not Authenticator.objects.filter(pk=app.pk).exists()
    assert not Authenticator.objects.filter(user__username="rosa").exists(), "the recovery codes end, too"
    assert not User.objects.get(username="rosa").has_usable_password(), "the phone may have kept the old one"
    # Not to the page that would set up an app of whoever found the phone.
    assert lost.get("/staff/")["Location"].startswith("/accounts/login/")
    assert lost.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/login/")


def test_an_app_deleted_by_the_documented_command_signs_out(lost: Client) -> None:
    Authenticator.objects.filter(user__username="rosa").delete()
    assert lost.get("/staff/")["Location"].startswith("/accounts/login/")


def test_new_recovery_codes_end_no_session(lost: Client) -> None:
    rosa = User.objects.get(username="rosa")
    RecoveryCodes.activate(rosa)
    Authenticator.objects.get(user=rosa, type=Authenticator.Type.RECOVERY_CODES).delete()
    assert lost.get("/staff/").status_code == 200


def test_sign_out_everywhere_ends_the_sessions_of_those_chosen(chief: Client, lost: Client) -> None:
    rosa = User.objects.get(username="rosa")
    chosen = {"action": "sign_out_everywhere", "_selected_action": [rosa.pk]}
    answer = chief.post("/admin/privacy/user/", chosen, follow=True).content.decode()
    assert "Rosa is signed out in every browser." in answer
    assert lost.get("/staff/")["Location"].startswith("/accounts/login/")
    assert chief.get("/admin/").status_code == 200


def test_nobody_signs_out_others_without_the_right_to_change_them(lost: Client) -> None:
    rosa = User.objects.get(username="rosa")
    lost.post("/admin/privacy/user/", {"action": "sign_out_everywhere", "_selected_action": [rosa.pk]})
    rosa.refresh_from_db()
    assert rosa.sessions_ended == 0
