"""The buttons on consent: ask the family to sign, write down one that was given, or that it is taken back."""

from __future__ import annotations

from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions import consents
from referral.actions.effects import Effect
from referral.models import Consent
from workspace.consent_forms import ConsentForm
from workspace.views.actions.base import By, ConfirmedAction, Data, StaffAction


class Ask(StaffAction[str]):
    """On the referral; the result is the channel by which the family is asked, empty where none may be used."""

    name = "ask-consent"

    def act(self, key: int, data: Data, by: By) -> str:
        return consents.ask_for_consent(key, **by)

    def success_message(self, result: str) -> str | Promise:
        if result:
            return _("The family is asked. There is a task to see to it.")
        return _("No message may be sent to this family. There is a task to ask them yourself.")


class Give(StaffAction[Consent]):
    """A consent that was said, or signed on paper."""

    name = "consent"
    form_class = ConsentForm
    message = _("Consent saved.")

    def act(self, key: int, data: Data, by: By) -> Consent:
        signature = cast(ConsentForm, self.form).signature(by["now"])
        return consents.sign_consent(key, signature, **by)


class Revoke(ConfirmedAction[Effect]):
    name = "revoke"
    model = Consent
    message = _("Consent withdrawn. Nothing more is shared under it.")

    def preview(self, key: int, data: Data, by: By) -> Effect:
        return consents.preview_revoke(key, actor=by["actor"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> Effect:
        return consents.revoke_consent(key, shown=data["shown"], **by)
