"""The forms of signing in, in our words: allauth's say what a program would say."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _say(field: forms.Field, label: Any, required: Any) -> None:
    field.label = label
    field.error_messages["required"] = required
    # A placeholder goes as soon as one types; the label stays.
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("E-mail or user name"), _("Type your e-mail or your user name."))
        _say(self.fields["password"], _("Password"), _("Type your password."))
        self.fields["remember"].label = _("Stay signed in on this computer")


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now, or a recovery code."))


class CodeAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now, or a recovery code."))


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now."))
