"""Who may see what, until when; and what was sent to whom under it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, prefetch_related_objects
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from directory.models import Program
from privacy.fields import EncryptedJSONField, EncryptedTextField
from privacy.models import User
from referral.coverage import Category, Grant
from referral.models.people import Contact, Patient, name_key
from referral.models.placements import Placement
from referral.models.referrals import Referral
from referral.names import words_of

CATEGORY_LABELS = {
    Category.NEED: _("The concern, and the level of care that may fit"),
    Category.SITUATION: _("Area, language, age group and good times"),
    Category.CONTACT: _("Name, phone and email"),
    Category.ANSWERS: _("Answers to the questions about care"),
}


CONSENT_LIFE = timedelta(days=180)  # as its words say


CurrentWordings = dict[tuple[str, str], "ConsentWording"]


class ConsentWordingQuerySet(models.QuerySet["ConsentWording"]):
    def current(self, key: str, language: str) -> ConsentWording:
        """The newest wording in `language`, else in English. Raises `ConsentWording.DoesNotExist`."""
        return self.filter(key=key).current_of([(key, language)])[key, language]

    def current_of(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], ConsentWording]:
        """The same for several (key, language), in one query."""
        rows = {(row.key, row.language): row for row in self.order_by("version")}
        found = {(key, language): rows.get((key, language)) or rows.get((key, "en")) for key, language in wanted}
        for key, _language in (each for each, row in found.items() if row is None):
            raise ConsentWording.DoesNotExist(f"there is no wording for {key!r}")
        return {each: row for each, row in found.items() if row is not None}

    def current_of_all(self) -> CurrentWordings:
        """The same for every key and language there is, in one query."""
        languages = dict(settings.LANGUAGES)
        return self.current_of((key, code) for key in ConsentWording.Key.values for code in languages)


class ConsentWording(models.Model):
    """The words that a person agrees to. They never change: a new version is added."""

    class Key(models.TextChoices):
        SHARE = "share", _("sharing with programs")
        EMAIL = "email", _("contact by email")
        TEXT = "text", _("contact by text message")
        PHONE = "phone", _("contact by phone")

    key = models.CharField(_("for"), max_length=10, choices=Key)
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    label = models.CharField(_("next to the box"), max_length=400)
    body = models.TextField(_("in full"), blank=True)

    objects = ConsentWordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        ordering = ["key", "-version", "language"]
        constraints = [models.UniqueConstraint(fields=["key", "version", "language"], name="one_wording_per_version")]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {self.version} ({self.language})"

    def paragraphs(self) -> list[str]:
        return [each.strip() for each in self.body.split("\n\n") if each.strip()]


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self, now: datetime) -> Self:
        """Those under which something may be shared."""
        return self.standing(now).filter(barred=None)

    def standing(self, now: datetime) -> Self:
        """Those that were neither withdrawn nor have ended: live ones, and those that do not count as their signer may
        not sign for this person, until that was corrected."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(unexpired, Q(revoked_at=None) | Q(revoked_at__gt=now), signed_at__lte=now)

    def shown(self, now: datetime) -> Self:
        """Those that are read on their referral: what a merge brought from another one is out of sight once it ended,
        as after they parted. It is read where it was signed."""
        brought = ~Q(carried_from=None) & ~Q(carried_from__patient=F("patient"))
        return self.exclude(brought & ~Q(pk__in=self.live(now).values("pk")))

    def for_any_program(self) -> set[str]:
        """What may be shared with every program that we ask."""
        rows = self.filter(any_program=True).values_list("categories", flat=True)
        return {category for categories in rows for category in categories}

    def same_signatures(self, consents: Iterable[Consent]) -> Self:
        """These rows, and all that hold their signatures for other referrals of the person."""
        roots = {each.carried_from_id or each.pk for each in consents}
        return self.filter(Q(pk__in=roots) | Q(carried_from__in=roots))

    def grants(self) -> list[Grant]:
        consents = list(self)
        prefetch_related_objects([each for each in consents if not each.any_program], "recipients")
        return [consent.grant() for consent in consents]


class Consent(models.Model):
    """A signed consent to share, with the elements of 42 CFR 2.31."""

    class Method(models.TextChoices):
        ONLINE = "online", _("signed online")
        PAPER = "paper", _("signed on paper")
        VERBAL = "verbal", _("said on the phone or in person")

    class Signer(models.TextChoices):
        """By what right somebody consents; see `referral.signing`."""

        SELF = "self", _("for themselves")
        LOVED_ONE = "loved_one", _("for someone they love")
        PARENT = "parent", _("as parent of a minor")
        GUARDIAN = "guardian", _("as court-appointed guardian or conservator")
        AGENT = "agent", _("as health care agent (power of attorney)")

    referral = models.ForeignKey(
        Referral, verbose_name=_("referral"), on_delete=models.CASCADE, related_name="consents"
    )
    patient = models.ForeignKey(Patient, verbose_name=_("patient"), on_delete=models.PROTECT, related_name="consents")
    discloser = models.CharField(_("who may share"), max_length=200)
    categories = models.JSONField(_("what may be shared"))
    any_program = models.BooleanField(_("with any listed treatment program that we ask for them"), default=False)
    recipients = models.ManyToManyField(Program, verbose_name=_("with these programs"), blank=True, related_name="+")
    purpose = models.CharField(_("what for"), max_length=200)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    expires_when = models.CharField(_("or until"), max_length=200, blank=True)
    signed_name = EncryptedTextField(_("signed by"))
    # Who was reached when it was signed: whom a program may call under it. Null before this was kept.
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    signed_as = models.CharField(_("signing as"), max_length=20, choices=Signer)
    # The next four are null, so that the code before this one can still write consents while both run.
    authority = EncryptedTextField(_("what shows that they may"), null=True, blank=True)
    witness = EncryptedTextField(_("witness"), null=True, blank=True)
    kept_where = EncryptedTextField(_("where the paper is kept"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("written down by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed"))
    method = models.CharField(_("how"), max_length=10, choices=Method)
    # The age of the person in care that the signer chose, and why the signature does not count by what is known now:
    # one of `signing.Bar`. Both are null, as above; None where it counts.
    age_said = models.CharField(_("age that was said"), max_length=10, null=True, blank=True)  # noqa: DJ001
    barred = models.CharField(_("does not count because"), max_length=20, null=True, blank=True)  # noqa: DJ001
    wording = models.ForeignKey(
        ConsentWording, verbose_name=_("words agreed to"), on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    # The row that was signed, where this one holds the same signature for another referral of the person. Withdrawn
    # once, it is withdrawn in all.
    carried_from = models.ForeignKey(
        "self", verbose_name=_("carried from"), null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="carried_to",
    )  # fmt: skip

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["signed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.referral.public_code} {self.signed_at:%Y-%m-%d}"

    def grant(self) -> Grant:
        """This consent as the plain value that the rules read."""
        return Grant(
            key=self.pk,
            categories=frozenset(self.categories),
            recipients=frozenset() if self.any_program else frozenset(each.pk for each in self.recipients.all()),
            any_program=self.any_program,
            signed_at=self.signed_at,
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            barred=self.barred is not None,
        )

    def shares(self, contact: Contact) -> frozenset[str]:
        """The categories that it lets a program know while `contact` is the one who is reached: of a name and phone
        only those of who consented."""
        own = (
            self.contact is None
            or self.contact_id == contact.pk
            or words_of(self.contact.name) == words_of(contact.name)
        )
        own = own or name_key(self.signed_name) == name_key(contact.name)
        return frozenset(self.categories) - (frozenset() if own else {Category.CONTACT})

    def is_live(self, now: datetime) -> bool:
        ended = self.expires_at is not None and self.expires_at <= now
        return not ended and (self.revoked_at is None or self.revoked_at > now) and self.barred is None

    @property
    def ends_before_its_words(self) -> bool:
        """Whether it holds for a shorter time than the words that were agreed to say."""
        return self.expires_at is not None and self.expires_at < self.signed_at + CONSENT_LIFE

    @property
    def how_given(self) -> str:
        """How it was given, and who heard or kept it: the same words on every page of staff."""
        beside = [self.get_method_display()]
        if self.witness:
            beside.append(_("witness: %(name)s") % {"name": self.witness})
        return ", ".join(map(str, beside))

    @property
    def purpose_words(self) -> str:
        """What it is for, in the reader's language."""
        return gettext(self.purpose)

    @property
    def category_labels(self) -> list[str]:
        return category_labels(self.categories)

    @property
    def in_words(self) -> str:
        return categories_in_words(self.categories)

    @property
    def left_out(self) -> str:
        """What the words name, and whoever signed unticked, in words; ``""`` where nothing."""
        return "" if Category.CONTACT in self.categories else categories_in_words([Category.CONTACT])


def _again(words: str) -> str:
    """Words of the catalogue in the reader's language; all others as they are."""
    return gettext(words) if words else ""


class Disclosure(models.Model):
    """What was shared with whom, under which consent, with which notice. Rows are only ever added."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.CASCADE, related_name="disclosures"
    )
    consent = models.ForeignKey(Consent, verbose_name=_("under"), on_delete=models.CASCADE, related_name="disclosures")
    at = models.DateTimeField(_("at"))
    categories = models.JSONField(_("what"))
    # As it was sent, not as the program is called today.
    recipient = models.CharField(_("to"), max_length=200)
    notice = models.CharField(_("with this notice"), max_length=200)
    # What was shown, word by word: {language: [[label, value], …]}. Older rows have the list alone, in the language of
    # whoever asked; null where it was shared before copies were kept.
    copy: models.Field[Any, Any] = EncryptedJSONField(_("exact copy"), null=True, blank=True)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.recipient}"

    @property
    def rows(self) -> list[list[str]]:
        """[label, value] of what was shown, in the reader's language. Of an older copy what a person wrote stays as it
        was, and so does what the catalogue does not know."""
        if isinstance(self.copy, dict):
            return list(self.copy.get(get_language() or "en") or next(iter(self.copy.values())))
        return [[_again(label), ", ".join(map(_again, value.split(", ")))] for label, value in self.copy or ()]

    @property
    def in_words(self) -> str:
        return categories_in_words(self.categories)


def category_labels(categories: list[str]) -> list[str]:
    """The categories in words, in their fixed order."""
    return [str(label) for category, label in CATEGORY_LABELS.items() if category in categories]


def categories_in_words(categories: list[str]) -> str:
    """The categories as a part of a sentence; a label has commas of its own."""
    return "; ".join(label[:1].lower() + label[1:] for label in category_labels(categories))
