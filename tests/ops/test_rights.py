"""The account behind a session is read in one query, with the rights that Django itself would find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.rights import account
from privacy.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("groups", [(), ("Navigators",), ("Navigators", "Supervisors")])
def test_an_account_has_the_rights_of_its_own_and_of_its_groups(make_user: Callable[..., User], groups: Any) -> None:
    user = make_user("maria", *groups)
    user.user_permissions.set(Permission.objects.filter(codename="view_program"))
    with CaptureQueriesContext(connection) as asked:
        read = account(user.pk)
        assert read and read.has_factor and read.has_perm("directory.view_program")
        rights = read.get_all_permissions()
    assert len(asked) == 1 and rights == User.objects.get(pk=user.pk).get_all_permissions()


def test_whoever_may_do_all_is_read_in_one_query_too(make_user: Callable[..., User]) -> None:
    key = make_user("root", is_superuser=True).pk
    with CaptureQueriesContext(connection) as asked:
        read = account(key)
        assert read and read.has_perm("privacy.export_accesses")
    assert len(asked) == 1


def test_a_right_or_an_account_that_is_taken_away_ends_at_once(
    make_user: Callable[..., User], sign_in: Callable[[User], Client]
) -> None:
    user = make_user("nora", "Navigators")
    client = sign_in(user)
    assert client.get("/staff/").status_code == 200
    user.groups.clear()
    assert client.get("/staff/").status_code == 403
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/staff/").status_code == 302
