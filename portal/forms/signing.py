"""Who signs, and by what right: the questions that every signature of a family shares, and its own page's consent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions.consents import Signature
from referral.coverage import LIMITED, Category
from referral.models import Consent, ConsentWording, Referral
from referral.reach_form import A_NAME
from referral.signing import ADULT, Ages, Bar, by_substances, leaves_open, narrowed
from ui.forms import Form, one_of, some_of, text, tick

SIGNING_AGES = [
    ("under_12", _("Under 12")),
    ("12_17", _("12 to 17")),
    ("adult", _("18 to 64")),
    ("65_up", _("65 or older")),
]
RIGHTS = [
    (Consent.Signer.SELF, _("I am the person who needs care")),
    (Consent.Signer.PARENT, _("I am a parent")),
    (Consent.Signer.GUARDIAN, _("I have custody or guardianship: papers from a judge")),
    (Consent.Signer.LOVED_ONE, _("I am someone else who loves them, such as a grandparent")),
]
OF_AN_ADULT = [(Consent.Signer.SELF, RIGHTS[0][1]), (Consent.Signer.LOVED_ONE, _("I am someone who loves them"))]
FOR_AN_ADULT = _(
    "If you sign for an adult whom you love, we share only what you told us. Their own health records need their own"
    " signature. They can sign on your page, with their own name. Their consent then takes the place of yours."
)
SIGNED_FOR_AN_ADULT = _(
    "Your consent covers only what you told us. Their own health records need their own signature. They can sign on"
    " your page, with their own name: they choose “I am the person who needs care”. Their consent then takes the place"
    " of yours, and covers what they leave checked."
)
ONLY_UNDER_18 = _("We need this only if the person is under 18.")
# Who may sign for somebody under 18, as `referral.signing.bar` weighs it: where alcohol or drugs are or may be part of
# it (True), and where they are not.
UNDER_18_SIGN = {
    True: _(
        "Where alcohol or drugs are or may be part of it, they sign for themselves from age 12. For a younger child a"
        " parent signs."
    ),
    False: _(
        "For mental health alone, a parent signs for anyone under 18. From age 12 they may sign for themselves, too."
    ),
}
WITH_PAPERS = _("Whoever has papers from a judge may sign as well.")
OTHERS_SIGN = _("If someone else signs, we share nothing yet: our team asks first who may sign.")
SOMEONE_ASKS = _("Someone on our team will talk with you about who may sign. We share nothing until then.")
# What is said to whoever may not sign by themselves: that nothing is lost, and what happens instead.
NOT_YET = {
    Bar.MINOR_SIGNS: _(
        "From age 12, young people sign for this care themselves. So your signature does not count, and we share"
        " nothing yet. They can sign on your page, with their own name. Someone on our team will talk with you about"
        " how to ask them."
    ),
    Bar.TOO_YOUNG: _(
        "For a child under 12, a parent or guardian signs. So this signature does not count, and we share nothing yet."
        " A parent can sign on your page, with their own name. Someone on our team will talk with you about this."
    ),
    Bar.NO_AUTHORITY: _(
        "So your signature does not count, and we share nothing yet. Whoever may sign can do it on your page, with"
        " their own name. Someone on our team will talk with you about who to ask."
    ),
    Bar.OTHER_NAME: _(
        "The name is yours, not that of the person who needs care. They sign with their own name. We share nothing yet."
    ),
    Bar.AGE_UNKNOWN: SOMEONE_ASKS,
    Bar.NOT_A_MINOR: SOMEONE_ASKS,
    Bar.NO_PROOF: SOMEONE_ASKS,
}


def not_theirs(consents: Iterable[Consent]) -> str | Promise:
    """What is said where an adult's own signature is not among those that hold; nothing where it is."""
    loved = any(each.signed_as == Consent.Signer.LOVED_ONE for each in consents)
    return SIGNED_FOR_AN_ADULT if loved else ""


def who_signs(concern: str) -> str:
    """Who may sign for somebody under 18 where it is about this; while that is not known, for all it may be about."""
    about = [by_substances(concern)] if concern else [True, False]
    return " ".join(str(each) for each in [*(UNDER_18_SIGN[each] for each in about), WITH_PAPERS])


def not_yet(found: Bar, concern: str) -> str:
    """What is said to whoever signed and may not, where it is about this."""
    said = str(NOT_YET[found])
    return f"{who_signs(concern)} {said}" if found is Bar.NO_AUTHORITY else said


class WhoSigns(Form):
    """A form that is signed. Right and age are asked where what is known does not tell who may sign."""

    asks_age = "age"  # the field of the age
    may_be_theirs = False  # whether the person in care may be the one who fills it in, beside whoever loves them
    for_an_adult: str | Promise = ""  # what is said beside the signature, unless it is known that it is for no adult

    signed_as = one_of(_("Who signs?"), RIGHTS, required=False)
    authority = text(
        _("Custody or guardianship: what shows it"),
        required=False,
        max_length=200,
        help_text=_("Such as: court order of February 3, 2026."),
    )

    def ask_who_signs(self, relation: str, known: Ages, concern: str) -> None:
        """Take out what need not be asked, as `known`, or the answer to another question, tells it; and say who may
        sign where it is about this."""
        self.signer, self.known_age = relation, known
        adult = known[0] >= ADULT
        rule = f"{who_signs(concern)} {OTHERS_SIGN}"
        if "signed_as" in self.fields:
            self.fields["signed_as"].help_text = rule
        if not leaves_open(known):
            self.fields.pop(self.asks_age, None)
        elif known[1] < ADULT:
            self.fields[self.asks_age].choices = SIGNING_AGES[:2]  # type: ignore[attr-defined]
        elif "signed_as" in self.fields:
            self.fields["signed_as"].help_text = f"{ONLY_UNDER_18} {rule}"
            unasked = self.is_bound and self.add_prefix("signed_as") not in self.data
            adult = unasked and narrowed(known, self[self.asks_age].value() or "")[0] >= ADULT
        loved = relation == Referral.Relation.LOVED_ONE
        self.for_an_adult = "" if relation == Referral.Relation.SELF or known[1] < ADULT else FOR_AN_ADULT
        asks_adults = loved and adult and self.may_be_theirs and not leaves_open(known)
        if asks_adults:
            self.fields["signed_as"].choices = OF_AN_ADULT  # type: ignore[attr-defined]
            self.fields["signed_as"].help_text, self.fields["signed_as"].initial = "", relation
        asked = {"signed_as": loved and (asks_adults or not adult), "authority": loved and not adult}
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            self.fields.pop(name, None)

    def clean_signer(self, data: Mapping[str, Any]) -> None:
        """Refuse a signature of which it is not known who signs, or how old the person in care is."""
        asks, said = self.asks_age, data.get(self.asks_age, "")
        if asks in self.fields and not said and asks not in self.errors:
            self.add_error(asks, _("Choose the age. It decides who may sign."))
        minor = narrowed(self.known_age, said)[0] < ADULT
        if "signed_as" in self.fields and minor and not data.get("signed_as") and "signed_as" not in self.errors:
            self.add_error("signed_as", _("Choose who signs."))
        if data.get("signed_as") == Consent.Signer.GUARDIAN and not data.get("authority"):
            self.add_error("authority", _("Write what shows it, such as a court order and its date."))

    def signs_as(self, data: Mapping[str, Any]) -> str:
        """By what right whoever signs here does so."""
        signed_as: str = data.get("signed_as") or self.signer
        if signed_as == Consent.Signer.PARENT and narrowed(self.known_age, data.get(self.asks_age, ""))[0] >= ADULT:
            # Of a grown child they share what they told us, as anyone who loves them.
            return Consent.Signer.LOVED_ONE
        return signed_as


class ConsentForm(WhoSigns):
    """A consent signed on the family's own page. Right and age are asked where they decide who may sign."""

    needed = ("age", "signed_as")
    may_be_theirs = True
    field_order = ["categories", "age", "signed_as", "authority"]

    age = one_of(_("How old is the person who needs care?"), SIGNING_AGES, required=False)
    categories = some_of(
        _("What we may share"), (), required=False, help_text=_("Uncheck what you do not want to share.")
    )
    signed_name = text(
        _("Your name, as your signature"), max_length=100, validators=A_NAME, missing=_("Please sign with your name.")
    )
    agree = tick(
        _("I have read this, and I agree."),
        required=True,
        error_messages={"required": _("Check the box if you agree. If you do not, we share nothing.")},
    )

    def __init__(
        self,
        *args: Any,
        wording: ConsentWording,
        has_answers: bool,
        relation: str,
        concern: str,
        age: Ages,
        said: str = "",
        covered: Collection[str] = (),
        before: Collection[str] | None = None,
        **kwargs: Any,
    ):
        """`covered` is what is shared already. Ticked is what the last signature said (`before`), also one that was
        withdrawn: what somebody unticked once stays so. Where nobody signed yet, all that the words name is ticked.
        `said` is the age that came with a signature that did not count."""
        ticked = [Category.CONTACT] if before is None else [*{*covered, *before}]
        initial = {"categories": ticked, "age": said}
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.wording = wording
        self.fields["agree"].label = wording.label
        choices = [(Category.CONTACT, _("Name, phone and email, once a program has accepted"))]
        if has_answers:
            choices.append((Category.ANSWERS, _("My answers to the questions about care, once a program has accepted")))
        self.fields["categories"].choices = choices  # type: ignore[attr-defined]
        self.is_wider = not {each.value for each, _label in choices} <= set(covered)
        self.ask_who_signs(relation, age, concern)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.clean_signer(data)
        return data

    def signature(self) -> Signature:
        data = self.cleaned_data
        return Signature(
            name=data["signed_name"],
            signed_as=self.signs_as(data),
            wording=self.wording,
            categories=sorted({*LIMITED, *data["categories"]}),
            authority=data.get("authority", ""),
            age=data.get("age", ""),
        )
