"""Signing in cannot be guessed, and nobody can keep somebody else out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from time_machine import Traveller

from config.known_browsers import COOKIE, browser_of, remember
from config.sign_in import (
    CODES_FROM_HERE,
    CODES_OF_ACCOUNT,
    PASSWORDS_FROM_HERE,
    PASSWORDS_OF_ACCOUNT,
    PASSWORDS_OF_BROWSER,
)
from privacy.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "a long enough password"
HERE, THERE = "203.0.113.9", "198.51.100.7"
NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)


@pytest.fixture
def user(make_user: Callable[..., User], settings: Settings) -> User:
    settings.CACHES = {**settings.CACHES, "default": settings.CACHES["database"]}
    return make_user("ana")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    """The time stands still: on a busy machine three hundred tries last longer than a pause."""
    with time_machine.travel(NOW, tick=False) as stopped:
        yield stopped


@pytest.fixture
def without_allauth_limits(settings: Settings) -> None:
    """What allauth counts for one address in a minute would answer first."""
    settings.ACCOUNT_RATE_LIMITS = False


def code_of(user: User, ahead: int = 0) -> str:
    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def wrong_code(user: User) -> str:
    right = {code_of(user, ahead) for ahead in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in right)


def test_a_wrong_password_costs_the_same_with_and_without_an_account(
    user: User, without_allauth_limits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(*given: Any) -> str:
        looks.append("")
        return encode(*given)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def costs(name: str) -> int:
        looks.clear()
        answer = Client(REMOTE_ADDR=HERE).post("/accounts/login/", {"login": name, "password": "wrong wrong wrong"})
        assert "do not match" in answer.content.decode()
        return len(looks)

    assert costs(user.email) == costs(user.username) == costs("nobody@example.org") == costs("nobody")
    looks.clear()
    right = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert right.status_code == 302


def after_password(user: User, address: str = HERE) -> Client:
    client = Client(REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    return client


def code_works(client: Client, code: str) -> bool:
    return client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_hundred_wrong_codes_are_looked_at_a_few_times(user: User, without_allauth_limits: None) -> None:
    client, wrong = after_password(user), wrong_code(user)
    answers = [said(client.post("/accounts/2fa/authenticate/", {"code": wrong})) for _ in range(100)]
    looked_at = sum("That code did not work." in answer for answer in answers)
    assert looked_at <= CODES_FROM_HERE.free + 1
    assert "Too many tries. Wait" in answers[-1]
    assert not code_works(client, code_of(user))


def test_codes_from_many_addresses_are_few_for_the_account(user: User, without_allauth_limits: None) -> None:
    wrong, looked_at = wrong_code(user), 0
    for number in range(40):
        client = after_password(user, f"203.0.113.{number}")
        answer = client.post("/accounts/2fa/authenticate/", {"code": wrong})
        looked_at += "That code did not work." in said(answer)
    assert looked_at <= CODES_OF_ACCOUNT.free + 1


def test_the_owner_signs_in_where_she_did_before_whoever_guesses(
    user: User, without_allauth_limits: None, clock: Traveller
) -> None:
    assert code_works(after_password(user), code_of(user))
    clock.shift(timedelta(minutes=10))
    for number in range(2 * CODES_OF_ACCOUNT.free):
        guesser = after_password(user, f"198.51.100.{number}")
        guesser.post("/accounts/2fa/authenticate/", {"code": wrong_code(user)})
    for number in range(PASSWORDS_OF_ACCOUNT.free + 5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/login/", {"login": "ana", "password": "wrong"})
    assert code_works(after_password(user), code_of(user))


def test_passwords_from_many_addresses_slow_down_and_never_lock(
    user: User, without_allauth_limits: None, clock: Traveller
) -> None:
    for number in range(PASSWORDS_OF_ACCOUNT.free + 5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        answer = client.post("/accounts/login/", {"login": "ana", "password": "wrong"})
    assert "Too many tries. Wait" in said(answer) and 'value="ana"' in said(answer)
    clock.shift(timedelta(seconds=PASSWORDS_OF_ACCOUNT.longest + 1))
    after_password(user, THERE)


def test_wrong_passwords_for_one_name_keep_no_colleague_out(user: User, make_user: Callable[..., User]) -> None:
    make_user("bo")
    for _ in range(40):
        answer = Client(REMOTE_ADDR=HERE).post("/accounts/login/", {"login": "bo", "password": "wrong"})
    assert answer.status_code == 429  # for her name, from here
    signed_in = Client(REMOTE_ADDR=HERE).post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert signed_in.status_code == 302


def test_many_names_from_one_address_are_slowed_but_not_who_signed_in_there(user: User, clock: Traveller) -> None:
    assert code_works(after_password(user), code_of(user))
    for number in range(PASSWORDS_FROM_HERE.free + 5):
        guesser = Client(REMOTE_ADDR=HERE)
        answer = guesser.post("/accounts/login/", {"login": f"name{number}", "password": "wrong"})
    assert "Too many tries. Wait" in said(answer) and "name" in said(answer)
    after_password(user)
    clock.shift(timedelta(seconds=PASSWORDS_FROM_HERE.longest + 1))
    answer = guesser.post("/accounts/login/", {"login": "another", "password": "wrong"})
    assert "Too many tries" not in said(answer)


def test_after_its_pause_the_right_code_works(user: User, without_allauth_limits: None, clock: Traveller) -> None:
    client = after_password(user)
    for _ in range(CODES_FROM_HERE.free + 2):
        client.post("/accounts/2fa/authenticate/", {"code": wrong_code(user)})
    clock.shift(timedelta(seconds=CODES_FROM_HERE.first + 1))
    assert code_works(client, code_of(user))


def test_a_code_works_once_even_where_redis_forgot_everything(make_user: Callable[..., User], clock: Traveller) -> None:
    user = make_user("bo")
    code = code_of(user)
    assert code_works(after_password(user), code)
    for _ in range(2):
        clock.shift(timedelta(seconds=20))
        caches["default"].clear()  # another process, or a Redis that was emptied
        assert not code_works(after_password(user), code)


def test_a_code_that_signed_in_confirms_nothing_more(user: User) -> None:
    client, code = after_password(user), code_of(user)
    assert code_works(client, code)
    answer = client.post("/accounts/2fa/reauthenticate/", {"code": f"{code[:3]} {code[3:]}"})
    assert "That code did not work." in said(answer)


def test_one_household_of_ipv6_has_one_count(user: User, settings: Settings, without_allauth_limits: None) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        client = Client(REMOTE_ADDR=f"2001:db8::{number + 1:x}")
        client.post("/accounts/login/", {"login": "ana", "password": "wrong"})
    answer = Client(REMOTE_ADDR="2001:db8::ffff").post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert answer.status_code == 429
    after_password(user, "2001:db8:0:1::1")


def test_a_failed_sign_in_stores_nothing_that_was_typed(user: User) -> None:
    for _ in range(2):
        Client(REMOTE_ADDR=HERE).post("/accounts/login/?next=/staff/", {"login": "Typed-Here", "password": "typed"})
    kept = str(AccessAttempt.objects.values().get()).lower()
    assert "typed" not in kept and "'failures_since_start': 2" in kept


def test_signing_in_takes_back_the_failures_of_the_name(user: User) -> None:
    Client(REMOTE_ADDR=HERE).post("/accounts/login/", {"login": "Ana", "password": "wrong"})
    assert code_works(after_password(user), code_of(user))
    assert not AccessAttempt.objects.exists()


def test_allauth_keeps_its_own_limits_beside_ours(user: User) -> None:
    client = Client(REMOTE_ADDR=HERE)
    answers = [client.post("/accounts/password/reset/", {"email": "ana@example.org"}) for _ in range(30)]
    assert answers[-1].status_code == 429


@pytest.mark.django_db
def test_a_name_longer_than_any_is_refused_beside_its_field(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "x" * 100_000, "password": "y"})
    assert answer.status_code == 200
    assert "at most 255" in answer.context["form"].errors["login"][0]


def guessed_at(user: User, clock: Traveller) -> None:
    """Strangers have used up what the account has for them, of passwords and of codes."""
    for number in range(2 * CODES_OF_ACCOUNT.free):
        guesser = after_password(user, f"198.51.100.{number}")
        guesser.post("/accounts/2fa/authenticate/", {"code": wrong_code(user)})
    for number in range(PASSWORDS_OF_ACCOUNT.free + 5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/login/", {"login": "ana", "password": "wrong"})
    clock.shift(timedelta(minutes=2))
    for number in (100, 101):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/accounts/login/", {"login": "ana", "password": "wrong"})


def test_her_own_browser_lets_the_owner_in_from_anywhere(
    user: User, without_allauth_limits: None, clock: Traveller
) -> None:
    own = after_password(user)
    assert code_works(own, code_of(user)) and own.get("/staff/").status_code in {200, 403}
    clock.shift(timedelta(minutes=10))
    guessed_at(user, clock)
    at_home = Client(REMOTE_ADDR="203.0.113.77")
    at_home.cookies[COOKIE] = own.cookies[COOKIE].value
    answer = at_home.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 302 and code_works(at_home, code_of(user))
    strange = Client(REMOTE_ADDR="203.0.113.78")
    assert "Too many tries" in said(strange.post("/accounts/login/", {"login": "ana", "password": PASSWORD}))


def test_a_stolen_browser_cookie_guesses_no_faster(user: User, without_allauth_limits: None, clock: Traveller) -> None:
    own = after_password(user)
    assert code_works(own, code_of(user))
    own.get("/staff/")
    clock.shift(timedelta(minutes=10))
    guessed_at(user, clock)
    looked_at = 0
    for number in range(40):
        thief = Client(REMOTE_ADDR=f"203.0.113.{100 + number}")
        thief.cookies[COOKIE] = own.cookies[COOKIE].value
        answer = thief.post("/accounts/login/", {"login": "ana", "password": "wrong"})
        looked_at += "do not match" in said(answer)
    assert looked_at <= PASSWORDS_OF_BROWSER.free + 1


def test_the_cookie_of_a_browser_is_of_one_account(user: User, make_user: Callable[..., User]) -> None:
    request, response = RequestFactory().get("/"), HttpResponse()
    remember(request, response, user)
    request.COOKIES[COOKIE] = response.cookies[COOKIE].value
    assert browser_of(request, user) and not browser_of(request, make_user("ben")) and not browser_of(request, None)
    request.COOKIES[COOKIE] += "x"
    assert not browser_of(request, user)


def test_a_colleague_at_the_same_address_locks_nobody_out_of_their_browser(user: User, clock: Traveller) -> None:
    own = after_password(user)
    assert code_works(own, code_of(user))
    own.get("/staff/")
    for _each in range(8):
        Client(REMOTE_ADDR=HERE).post("/accounts/login/", {"login": user.username, "password": "wrong"})
    entered = {"login": user.username, "password": PASSWORD}
    assert Client(REMOTE_ADDR=HERE).post("/accounts/login/", entered).status_code == 429
    beside = Client(REMOTE_ADDR=HERE)
    beside.cookies[COOKIE] = own.cookies[COOKIE].value
    assert beside.post("/accounts/login/", entered).status_code == 302


def test_no_page_takes_an_email_address_away(user: User) -> None:
    signed_in = after_password(user)
    assert code_works(signed_in, code_of(user))
    taken = {"email": user.email, "action_remove": ""}
    for page in ("/accounts/email/", "/es/accounts/email/"):
        assert signed_in.get(page).status_code == 404 and signed_in.post(page, taken).status_code == 404
