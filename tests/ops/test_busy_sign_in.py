"""Many who sign in at once keep nobody from the crisis page: looking at passwords never takes every thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client
from pytest_django.fixtures import Settings

from config import sign_in
from guides.publishing.cache import page_cache
from guides.publishing.standby import crisis_pages

THREADS = 4  # of one process of the server
may_end = Event()


class Waiting(MD5PasswordHasher):
    """Takes as long to look at a password as the test wants."""

    def encode(self, password: str, salt: str) -> str:
        may_end.wait()
        return super().encode(password, salt)


def post(_number: int) -> Any:
    try:
        return Client().post("/accounts/login/", {"login": "ana", "password": "wrong"})
    finally:
        connections.close_all()


def read_crisis_page() -> Any:
    try:
        return Client().get("/crisis/")
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_the_crisis_page_answers_while_many_sign_ins_wait(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Waiting"]
    settings.AXES_ENABLED = False
    monkeypatch.setattr(sign_in, "PASSWORDS_AT_ONCE", sign_in.Gate(inside=2, waiting=1, seconds=0.05))
    page_cache.stand_by(crisis_pages())
    may_end.clear()
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            tries = [threads.submit(post, number) for number in range(25)]
            crisis = threads.submit(read_crisis_page).result(timeout=120)
        finally:
            may_end.set()
    assert crisis.status_code == 200 and "988" in crisis.content.decode()
    answers = [each.result() for each in tries]
    sent_away = [each for each in answers if each.status_code == 429]
    assert len(sent_away) >= 22 and sent_away[0]["Retry-After"]
    words = sent_away[0].content.decode()
    assert "Many people are signing in right now." in words and 'value="ana"' in words
    assert {each.status_code for each in answers} == {200, 429}
