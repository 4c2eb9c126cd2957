from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from config.second_factor import is_guarded, rotate
from config.staff_accounts import ACCOUNTS, provide
from directory.models import Organization
from privacy.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def factor_less(make_user: Callable[..., User]) -> User:
    user = make_user("new", is_superuser=True)
    Authenticator.objects.filter(user=user).delete()
    return user


@pytest.mark.parametrize(
    "path", ["/admin/", "/staff/", "/es/admin/", "/es/staff/", "/admin", "/staff/1/", "/admin/login/"]
)
def test_strangers_are_sent_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert re.match(r"(/es)?/accounts/login/\?next=", answer["Location"])
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/administration/", "/staffing/", "/es/", "/guides/staff/"])
def test_other_pages_are_not_guarded(path: str) -> None:
    assert not is_guarded(path)


def test_a_password_alone_opens_nothing(client: Client, factor_less: User) -> None:
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/2fa/totp/activate/")


def test_a_session_from_before_the_factor_must_show_it(client: Client, factor_less: User) -> None:
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    TOTP.activate(factor_less, generate_totp_secret())
    answer = client.get("/admin/")
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")


def test_a_first_sign_in_asks_for_a_password_and_a_code_once(client: Client, factor_less: User) -> None:
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/2fa/totp/activate/"), "not to the password again"
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert done.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    assert client.get("/admin/").status_code == 200


def test_an_old_password_is_asked_for_again_before_an_app_is_set_up(client: Client, factor_less: User) -> None:
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 301
    session.save()
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")


def test_an_app_that_there_is_is_not_taken_off_by_a_password_alone(client: Client, factor_less: User) -> None:
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    TOTP.activate(factor_less, generate_totp_secret())
    for page in ("activate", "deactivate"):
        assert client.get(f"/accounts/2fa/totp/{page}/")["Location"].startswith("/accounts/reauthenticate/")


def test_somebody_who_is_no_staff_is_refused(make_user: Callable[..., User], sign_in: Callable[[User], Client]) -> None:
    assert sign_in(make_user("guest", is_staff=False)).get("/admin/").status_code == 403


def test_demo_accounts_sign_in_with_password_and_code(client: Client, tmp_path: Path) -> None:
    call_command("roles", verbosity=0)
    file = tmp_path / "staff.json"
    assert provide(file) == list(ACCOUNTS)
    assert file.stat().st_mode & 0o777 == 0o600
    account = json.loads(file.read_text())["admin"]

    first = client.post("/accounts/login/", {"login": "admin", "password": account["password"]})
    assert first["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302, "a password alone must not sign in"
    before = client.session.session_key
    client.post("/accounts/2fa/authenticate/", {"code": code_of(account["totp_secret"])})
    assert client.session.session_key != before, "signing in must change the session's key"
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_works_once(client: Client, tmp_path: Path) -> None:
    call_command("roles", verbosity=0)
    provide(tmp_path / "staff.json")
    account = json.loads((tmp_path / "staff.json").read_text())["admin"]

    def tried() -> int:
        client.post("/accounts/logout/")
        client.post("/accounts/login/", {"login": "admin@example.org", "password": account["password"]})
        client.post("/accounts/2fa/authenticate/", {"code": account["recovery_codes"][0]})
        return client.get("/admin/").status_code

    assert tried() == 200
    assert tried() == 302


def test_providing_again_changes_no_account(tmp_path: Path) -> None:
    call_command("roles", verbosity=0)
    file = tmp_path / "staff.json"
    provide(file)
    before, rows = file.read_text(), list(User.objects.values_list("username", "password"))
    assert provide(file) == []
    assert file.read_text() == before
    assert list(User.objects.values_list("username", "password")) == rows


def test_a_renamed_or_deleted_sample_account_stays_away(tmp_path: Path) -> None:
    call_command("roles", verbosity=0)
    provide(tmp_path / "staff.json")
    User.objects.filter(username="reviewer").update(username="rita")
    User.objects.filter(username="publisher").delete()
    call_command("demo", stdout=StringIO())
    assert set(User.objects.values_list("username", flat=True)) == {*ACCOUNTS, "rita"} - {"reviewer", "publisher"}
    assert not (tmp_path / "staff.json.1").exists()


def test_no_sample_goes_into_a_database_in_use() -> None:
    Organization.objects.create(name="Ours", slug="ours")
    said = StringIO()
    call_command("demo", stdout=said)
    assert said.getvalue() == "Nothing loaded: the database is in use, it holds organizations.\n"
    assert not User.objects.exists()


@pytest.mark.parametrize("written", ['{"admin": {"password": "of another database"}}', "half a l"])
def test_a_list_of_another_database_is_kept_beside(tmp_path: Path, written: str) -> None:
    call_command("roles", verbosity=0)
    file = tmp_path / "staff.json"
    file.write_text(written)
    provide(file)
    assert (tmp_path / "staff.json.1").read_text() == written
    assert set(json.loads(file.read_text())) == set(ACCOUNTS)


def test_a_password_file_that_cannot_be_written_leaves_no_account(tmp_path: Path) -> None:
    call_command("roles", verbosity=0)
    with pytest.raises(OSError):
        provide(tmp_path / "nowhere" / "staff.json")
    assert not User.objects.filter(username__in=ACCOUNTS).exists()


def test_too_many_wrong_passwords_lock_the_name_out(
    client: Client, make_user: Callable[..., User], settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    make_user("locked")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/accounts/login/", {"login": "Locked", "password": "wrong"})
    assert answer.status_code == 429
    answer = client.post("/accounts/login/", {"login": "locked", "password": PASSWORD})
    assert answer.status_code == 429, "the right password must not open a locked name"


def test_authenticator_secrets_are_encrypted_and_turn_to_the_newest_key(
    make_user: Callable[..., User], settings: Any
) -> None:
    user = make_user("one")
    factor = Authenticator.objects.get(user=user)
    stored = factor.data["secret"]
    newest = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [newest, *settings.ENCRYPTION_KEYS]
    assert rotate(batch=1) == {"mfa.Authenticator.data": 1}
    assert rotate(batch=1) == {"mfa.Authenticator.data": 0}
    factor.refresh_from_db()
    assert factor.data["secret"] != stored
    settings.ENCRYPTION_KEYS = [newest]
    assert TOTP(factor).validate_code(code_of(Fernet(newest).decrypt(factor.data["secret"]).decode()))


def test_a_failed_sign_in_says_what_to_do(client: Client, factor_less: User) -> None:
    words = client.get("/accounts/login/").content.decode()
    assert "Email or user name" in words and "Stay signed in" in words and "Remember Me" not in words
    wrong = client.post("/accounts/login/", {"login": "new", "password": "not this one"}).content.decode()
    assert "Check both and try again" in wrong
    TOTP.activate(factor_less, generate_totp_secret())
    client.post("/accounts/login/", {"login": "new", "password": PASSWORD})
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "That code did not work. Codes change every 30 seconds; try the new one." in wrong


def test_a_forgotten_password_is_set_anew_by_a_link_in_our_words(
    client: Client, factor_less: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post("/accounts/password/reset/", {"email": factor_less.email})
    (letter,) = mailoutbox
    assert letter.subject == "Waymark: Set a new password" and "The link works once." in letter.body
    link = next(line for line in letter.body.splitlines() if line.startswith("http"))
    page = client.get(link, follow=True)
    assert "New password, once more" in page.content.decode() and "placeholder" not in page.content.decode()
    new = {"password1": "three odd words 7", "password2": "three odd words 7"}
    done = client.post(page.redirect_chain[-1][0], new, follow=True).content.decode()
    assert "Your new password is saved" in done
    assert "A link for a new password works once" in Client().get(link, follow=True).content.decode()
    factor_less.refresh_from_db()
    assert factor_less.check_password("three odd words 7")
