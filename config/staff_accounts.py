"""Accounts for trying the system out: one of each role, with a password and a second factor that nobody else has."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.db import transaction

from privacy.models import User

# username: (first name, last name, group); without a group an account may do everything.
ACCOUNTS: Mapping[str, tuple[str, str, str | None]] = {
    "editor": ("Sample", "Editor", "Editors"),
    "reviewer": ("Sample", "Reviewer", "Clinical reviewers"),
    "publisher": ("Sample", "Publisher", "Publishers"),
    "navigator": ("Sample", "Navigator", "Navigators"),
    "supervisor": ("Sample", "Supervisor", "Supervisors"),
    "admin": ("Sample", "Admin", None),
}


def provide(file: Path) -> list[str]:
    """Make all of them where nobody has an account, write how to sign in with them to `file` (mode 0600), return their
    names.

    One that was renamed or deleted never comes back, and a list of another database is never written over: it is kept
    beside as staff.json.1, .2 and so on.
    """
    with transaction.atomic():
        if User.objects.exists():
            return []
        made = {username: _make(username) for username in ACCOUNTS}
        if file.is_file():
            _put_aside(file)
        # Inside the transaction: an account whose password could not be written down must not exist.
        _write_privately(file, made)
    return list(made)


def _put_aside(file: Path) -> None:
    free = next(name for n in count(1) if not (name := file.with_name(f"{file.name}.{n}")).exists())
    file.replace(free)


def _make(username: str) -> dict[str, Any]:
    first, last, group = ACCOUNTS[username]
    email, password = f"{username}@example.org", secrets.token_urlsafe(15)
    user = User.objects.create_user(
        username=username, email=email, password=password, first_name=first, last_name=last, is_staff=True
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    else:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    return {"email": email, "password": password, "totp_secret": secret, "recovery_codes": codes}


def _write_privately(file: Path, content: Mapping[str, Any]) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out, indent=2)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
