"""The page and the forms of signing in, in our words: allauth's say what a program would say."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account import forms as allauth_forms
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from config.sign_in import BUSY, LONGEST, CodeTries


def _say(field: forms.Field, label: Any, required: Any) -> None:
    field.label = label
    field.error_messages["required"] = required
    # A placeholder goes as soon as one types; the label stays.
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("Email or user name"), _("Type your email or your user name."))
        # Nobody's is longer, and SQLite cannot look for a very long one.
        self.fields["login"].validators.append(MaxLengthValidator(LONGEST))
        _say(self.fields["password"], _("Password"), _("Type your password."))
        self.fields["remember"].label = _("Stay signed in on this computer")


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"), _("Type your password."))


class NewPasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], _("Your password now"), _("Type your password."))
        _say_new_password(self)


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], _("Email"), _("Type the email address of your account."))


class PasswordByLinkForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_password(self)


def _say_new_password(form: forms.Form) -> None:
    _say(form.fields["password1"], _("New password"), _("Type a new password."))
    # The page says what a good one is; the checks say what is wrong with this one.
    form.fields["password1"].help_text = ""
    _say(form.fields["password2"], _("New password, once more"), _("Type the new password once more."))


class SignIn(LoginView):
    """The sign-in page, which says by its status, too, that it has no place for a password right now."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, BUSY):
            answer.status_code = 429
            answer.headers["Retry-After"] = "5"
        return answer


def no_page(request: HttpRequest) -> HttpResponse:
    """In place of allauth's own list of addresses, where one press would take away the one that an account has."""
    raise Http404


class OnceOnly(BaseAuthenticateForm):
    """A code that may be guessed only so often, and works once."""

    def clean_code(self) -> str:
        tries = CodeTries(context.request, self.user)
        code = str(super().clean_code())
        if not tries.succeeded(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now, or a recovery code."))


class CodeAgainForm(OnceOnly, ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now, or a recovery code."))


class FirstCodeForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], _("Code"), _("Type the 6 digits that your app shows now."))

    def clean_code(self) -> str:
        tries = CodeTries(context.request, self.user)
        code = str(super().clean_code())
        # What set the app up opens nothing afterwards.
        tries.succeeded(code)
        return code


class SetUp(ActivateTOTPView):
    """Sets up an authenticator app. Who has none and typed the password a moment ago is not asked for it again, nor for
    a second code of the app that has just shown its first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [{}]
        last, since = records[-1], time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        has_app = request.user.is_authenticated and is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        if not has_app and last.get("method") == "password" and last["at"] > since:
            # Allauth would count it only if it had been asked for twice.
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records[:-1], {**last, "reauthenticated": True}]
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        factor = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        post_authentication(self.request, factor, reauthenticated=True)
        return answer
