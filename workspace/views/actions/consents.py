"""The buttons on consent: ask the family to sign, and write down that it takes a consent back."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions import consents
from referral.actions.effects import Effect
from referral.models import Consent
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


class Revoke(ConfirmedAction[Consent]):
    name = "revoke"
    model = Consent
    message = _("Consent withdrawn. Nothing more is shared under it.")

    def preview(self, key: int, data: Data, by: By) -> Effect:
        return consents.preview_revoke(key, actor=by["actor"], now=by["now"])

    def act(self, key: int, data: Data, by: By) -> Consent:
        return consents.revoke_consent(key, shown=data["shown"], **by)
