"""A browser of a member of staff who has signed in with both factors. Import after ``django.setup()``."""

from __future__ import annotations

import time

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.test import Client

from privacy.models import User


def signed_in(user: User) -> Client:
    """A client in whose session the password and an authenticator app were shown just now."""
    factor, _made = Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="config.sign_in.OneLook")
    session = client.session
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "at": time.time(), "id": factor.pk, "type": "totp"},
    ]
    session.save()
    return client
