"""The admin shows of what families keep and share when it was made, ends and was opened: nothing of whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import actions, keeping
from assessments.models import Response, ReturnCode, ReturnLink, SharedResult, Tally
from privacy.models import AccessEvent
from tests.assessments.test_family_pages import answer_all

pytestmark = [pytest.mark.usefixtures("shipped"), pytest.mark.slow]
SignIn = Callable[[Any], Client]


@pytest.fixture
def admin(make_user: Callable[..., Any], sign_in: SignIn) -> Client:
    return sign_in(make_user("root", is_superuser=True))


@pytest.fixture
def kept(family: Client, now: datetime) -> list[Any]:
    """One row of each kind, of a family that answered all."""
    answer_all(family, substances=["alcohol"], stopping="mild")
    response = Response.objects.get()
    keeping.save_answers(response, language="en", now=now)
    ReturnLink.mint(now=now, expires_at=response.expires_at, response=response)
    keeping.share_result(response, with_answers=True, now=now)
    actions.tally_completed(now=now)
    return [ReturnCode.objects.get(), ReturnLink.objects.get(), SharedResult.objects.get(), Tally.objects.all()[0]]


def pages(row: Any) -> list[str]:
    name = f"admin:assessments_{row._meta.model_name}_"
    return [reverse(f"{name}changelist"), reverse(f"{name}change", args=[row.pk])]


def test_nothing_of_the_answers_nor_of_their_key_is_shown(admin: Client, kept: list[Any]) -> None:
    response = Response.objects.get()
    hidden = [str(response.pk), response.pk.hex, "gAAAA", "alcohol", kept[0].code_index, kept[2].token_hash]
    for row in kept:
        for page in pages(row):
            words = admin.get(page).content.decode()
            assert not [each for each in hidden if each in words], page


def test_nobody_adds_changes_or_deletes_them_by_hand(admin: Client, kept: list[Any]) -> None:
    for row in kept:
        change = pages(row)[1]
        assert admin.post(change, {}).status_code == 403
        assert admin.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert admin.get(pages(row)[0] + "add/").status_code == 403


def test_who_opened_one_is_written_down(admin: Client, kept: list[Any]) -> None:
    shared = kept[2]
    admin.get(pages(shared)[1])
    line = AccessEvent.objects.get(subject=f"sharedresult:{shared.pk}")
    assert (line.actor_label, line.action, line.purpose) == ("root", "viewed", "admin")


def test_small_tallies_are_not_told(admin: Client, kept: list[Any]) -> None:
    Tally.objects.filter(pk=kept[3].pk).update(seen=27, not_sure=3)
    words = admin.get(pages(kept[3])[1]).content.decode()
    assert ">30<" in words and ">under 10<" in words and ">27<" not in words and ">3<" not in words


def test_navigators_do_not_see_them(make_user: Callable[..., Any], sign_in: SignIn, kept: list[Any]) -> None:
    navigator = sign_in(make_user("nav", "Navigators"))
    assert {navigator.get(page).status_code for row in kept for page in pages(row)} == {403}
