"""Accounts are made by an admin, never by whoever comes along."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedAccounts(DefaultAccountAdapter):
    """Sign-in without sign-up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        **dict.fromkeys(
            ("email_password_mismatch", "username_password_mismatch"),
            _("The user name and password do not match. Check both and try again, or reset your password."),
        ),
        "incorrect_password": _("That password did not work. Try again, or reset it."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who works on referrals begins in the workspace; who writes and publishes begins in the admin."""
        return "/staff/" if request.user.has_perm("referral.work_referrals") else "/admin/"

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False
