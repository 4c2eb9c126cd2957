"""What a family fills in when it asks for help, and its consent. How it is reached is in `referral.reach_form`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.actions import has_shut
from portal.forms.signing import SIGNING_AGES, WhoSigns
from privacy.fields import blind_index
from referral.actions.consents import Signature
from referral.actions.intake import Ask
from referral.actions.unsigned import offered_by
from referral.coverage import LIMITED, Category
from referral.models import Contact, Patient, Referral
from referral.models.people import REACHED_BY, name_key
from referral.reach_form import A_NAME, WAYS, ReachForm
from referral.signing import FINER, ages, names_another
from ui.forms import one_of, picked, text, tick, words

AGES = [("", _("I'd rather not say")), *[each for each in Patient.Age.choices if each[0]]]
FROM_THE_FORM = sorted({*LIMITED, Category.CONTACT})


READ_BY_OTHERS = _(
    "On your page you asked us not to use this. Uncheck it. Or go to your page first, and choose"
    " “Use one of these again”."
)


class AskForm(WhoSigns, ReachForm):
    """A family asks for help. Short; what is not needed to begin is not asked."""

    needed = ("phone", "email", "signed_name", "signing_age", "signed_as")

    relation = one_of(_("Who is this for?"), Referral.Relation.choices, missing=_("Please say who this is for."))
    concern = one_of(
        _("What is it about?"), Referral.Concern.choices, missing=_("Please choose one. “Not sure” is fine.")
    )
    contact_name = text(
        _("What should we call you?"),
        max_length=100,
        validators=A_NAME,
        missing=_("Please tell us what to call you. A first name is enough."),
        attrs={"autocomplete": "name"},
        help_text=_("A first name is enough."),
    )
    patient_name = text(
        _("What is their first name?"),
        required=False,
        max_length=100,
        validators=A_NAME,
        help_text=_("Only if this is for someone you love, and only if you want to say it."),
    )
    age = picked(_("How old is the person who may need care?"), AGES, required=False)
    message = words(
        _("Is there anything you want us to know?"),
        required=False,
        max_length=2000,
        rows=4,
        hint=True,
    )
    share = tick(_("Share"))
    signed_name = text(
        _("Your name, as your signature, if you checked the box"), required=False, max_length=100, validators=A_NAME
    )
    signing_age = one_of(
        _("How old is the person who may need care?"),
        SIGNING_AGES,
        required=False,
        help_text=_("It decides who may sign. If you do not sign, skip this."),
    )
    share_answers = tick(
        _("Show the navigator my answers to the questions about care, so I do not have to repeat them.")
    )
    answers_of = one_of(_("Which answers?"), (), required=False)
    ways = forms.Field(required=False)  # the three boxes together: a fault of all of them is said once
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Sent with the form that is shown once more after somebody filled in the box below.
    again = forms.BooleanField(widget=forms.HiddenInput, required=False)
    # People do not see this box; machines fill in what they find, and some browsers do, too.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    field_order = [
        *("relation", "concern", "contact_name", "patient_name", "age", "phone", "email", "zip_code", "language"),
        *("message", "share_answers", "answers_of", "by_email", "by_text", "by_phone", "ways", "times", "voicemail"),
        *("share", "signed_name", "signing_age", "signed_as", "authority"),
    ]
    # Whose pages this browser has open: what they said of an address holds for the next request, too. Of what others
    # said of it nothing is told.
    known: Collection[Contact] = ()
    asks_age = "signing_age"

    def wordings(self, language: str) -> None:
        """The same, and beside the signature only those questions that what was said before leaves open."""
        super().wordings(language)
        self.fields["share"].label = self.words["share"].label
        said, year = self["age"].value() or "", timezone.localdate().year
        relation, concern = (self[name].value() or "" for name in ("relation", "concern"))
        self.ask_who_signs(relation, ages(said, None, year), concern)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("share") and not data.get("signed_name"):
            self.add_error("signed_name", _("To let us share, sign with your name. Or uncheck the box."))
        if data.get("share"):
            self.clean_signer(data)
        # Said beside the signature, it is known of them whether they sign or not.
        finer = data.get("signing_age", "")
        data["age"] = data.get("age") or (Patient.Age.MINOR if finer in FINER else finer)
        if not any(data.get(f"by_{way}") for way in WAYS):
            self.add_error("ways", _("Check at least one way that we may reach you."))
        if data.get("share_answers") and "answers_of" in self.fields and not data.get("answers_of"):
            self.add_error("answers_of", _("Choose which answers go along, or uncheck the box above."))
        own = data.get("relation") == Referral.Relation.SELF
        if own and names_another(*(name_key(data.get(name) or "") for name in ("patient_name", "contact_name"))):
            self.add_error(
                "patient_name",
                _("You chose “Me”, and typed another name here. Choose “Someone I love” above, or clear this name."),
            )
        for allowed in self._read_by_others(data):
            self.add_error(allowed, READ_BY_OTHERS)
        return data

    def _read_by_others(self, data: dict[str, Any]) -> list[str]:
        """The boxes of ways that this browser's family said others read or hear."""
        now = timezone.now()
        return [
            allowed
            for way, (allowed, where) in REACHED_BY.items()
            if data.get(allowed)
            and any(has_shut(address=data.get(where, ""), channel=way, by=each.key, now=now) for each in self.known)
        ]

    @property
    def is_unusual(self) -> bool:
        """Whether the box was filled in that people do not see, now or before the form was shown once more."""
        return bool(self.data.get("website") or self.data.get("again"))

    def once_more(self) -> bool:
        """Make the form ready to be shown once more, with all that was typed; False where that was done before."""
        if self.data.get("again") or not self.data.get("website"):
            return False
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["website"], typed["again"] = "", "on"
        self.data = typed
        return True

    def signature(self) -> Signature | None:
        data = self.cleaned_data
        if not data["share"]:
            return None
        return Signature(
            name=data["signed_name"],
            signed_as=self.signs_as(data),
            wording=self.words["share"],
            categories=FROM_THE_FORM,
            authority=data.get("authority", ""),
            age=data.get("signing_age", ""),
        )

    def repeats(self, referral: Referral, now: datetime) -> bool:
        """Whether this note says what the referral was opened with."""
        live, signature = referral.consents.live(now), self.signature()
        signed = [*live.values_list("signed_name", "signed_as")] or offered_by(referral)
        same_consent = signed[-1:] == ([(signature.name, signature.signed_as)] if signature else [])
        return same_consent and not self.reach().differs(referral.contact) and not self.corrections(referral)

    def corrections(self, referral: Referral) -> str:
        """What this note says otherwise than the referral, beside the way to reach them and the consent."""
        data, patient = self.cleaned_data, referral.patient
        kept = {
            "relation": referral.relation,
            "concern": referral.concern,
            "contact_name": referral.contact.name,
            "patient_name": patient.name,
            "age": patient.age,
            "message": referral.message,
            "share_answers": data["share_answers"] and referral.response_id is not None,
        }
        if data["relation"] == Referral.Relation.SELF:
            del kept["patient_name"]  # is not asked then
        return "\n".join(
            f"{self.fields[name].label} {self._in_words(name)}" for name in kept if data[name] != kept[name]
        )

    def _in_words(self, name: str) -> str:
        given = self.cleaned_data[name]
        return (
            str(_("Yes") if given is True else dict(getattr(self.fields[name], "choices", ())).get(given, given)) or "–"
        )

    def ask(self, browser: str, **more: Any) -> Ask:
        """The cleaned values as the action takes them; `more` is what the session adds. The form's key is one of this
        browser alone, by a secret that it holds: whoever only saw the form reaches nothing with it."""
        data = self.cleaned_data
        same = ("relation", "concern", "contact_name", "phone", "email", "zip_code", "language", "times", "voicemail")
        own = data["relation"] == Referral.Relation.SELF
        return Ask(
            **{name: data[name] for name in same},
            patient_name=data["contact_name"] if own else data["patient_name"],
            age=data["age"],
            message=data["message"],
            zone=self.zone,
            permissions={way: self.words[way] for way in WAYS if data[f"by_{way}"]},
            signature=self.signature(),
            key=uuid.UUID(blind_index(f"{browser} {data['key'] or uuid.uuid4()}", purpose="form of a browser")[:32]),
            unusual=self.is_unusual,
            **more,
        )
