"""Accounts are made by an admin, never by whoever comes along."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccounts(DefaultAccountAdapter):
    """Sign-in without sign-up."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
