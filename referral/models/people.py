"""The person who may need care, and the person we talk with."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

import phonenumbers
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from messaging.actions import CALLS, has_shut, is_shut, shut_there
from messaging.addresses import BadAddress, normal
from messaging.models.channel import is_set_up
from messaging.models.people import SuppressionQuerySet
from messaging.wishes import wishes
from privacy.fields import EncryptedTextField, blind_index
from referral.models.name_keys import NameKey
from referral.names import ending_of, keys_of

# What a contact keeps of each channel: the field that allows it, and that of its address.
CHANNEL_FIELDS = {"email": ("by_email", "email"), "sms": ("by_text", "phone")}
# The same of every way to reach somebody, by a call, too.
REACHED_BY = {**CHANNEL_FIELDS, CALLS: ("by_phone", "phone")}
WAYS = {"email": _("email"), "text": _("text"), "phone": _("phone")}


EXTENSION = ";ext="  # in an address of `tel:`, RFC 3966
AMERICAN = re.compile(r"\+1([0-9]{3})([0-9]{3})([0-9]{4})")


def way_labels(ways: Collection[str]) -> list[str]:
    """Ways to reach somebody in words, in their fixed order."""
    return [str(label) for way, label in WAYS.items() if way in ways]


def name_key(value: str) -> str:
    """A name as it is looked up: lower case, single spaces, no marks around it."""
    return re.sub(r"[^\w]+", " ", value.casefold()).strip()


def phone_key(value: str) -> str:
    """A phone number in E.164, or ``""`` where it cannot be read as one."""
    return _address_key("sms", value)


def can_be_called(value: str) -> bool:
    """Whether this is a whole phone number, with or without an extension: not 911, and not seven digits."""
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(value, "US"))
    except phonenumbers.NumberParseException:
        return False
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


def with_extension(value: str) -> str:
    """A whole phone number in E.164, with its extension as a link carries it. Raises `ValueError` for anything else."""
    if not can_be_called(value):
        raise ValueError
    number = phonenumbers.parse(value, "US")
    extension = f"{EXTENSION}{number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def as_phone(value: str) -> str:
    """A phone number as people here write it; as it was typed where it cannot be read as one."""
    number = PhoneNumber.from_string(value, region="US") if phone_key(value) else None
    return str(number.as_national) if number else value


def email_key(value: str) -> str:
    """An e-mail address in lower case, or ``""`` where it cannot be written to."""
    return _address_key("email", value)


def _address_key(channel: str, value: str) -> str:
    try:
        return normal(channel, value)
    except BadAddress:
        return ""


class PersonQuerySet(models.QuerySet[Any]):
    """People, found by a value that is encrypted where it lies."""

    def reached_at(self, value: str) -> Self:
        """Whoever has this phone number or e-mail address. Only contacts have them."""
        if email := email_key(value):
            return self.filter(email_index=blind_index(email, purpose="email"))
        return self.by_phone(value)

    def by_phone(self, value: str) -> Self:
        """Whoever has this phone number: a contact, or another person to call."""
        phone = phone_key(value)
        return self.filter(phone_index=blind_index(phone, purpose="phone")) if phone else self.none()


class Named(models.Model):
    """A person with an encrypted name that can be found by the whole of it, or by its keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField(_("name"), blank=True)
    name_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # Read by the code before name keys, which may still run beside this one; the next release drops it.
    name_words = models.CharField(max_length=255, blank=True, editable=False)

    FOUND_BY: ClassVar[tuple[str, ...]] = ("name",)  # what its keys are made of

    objects = PersonQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or not {*self.FOUND_BY}.isdisjoint(fields):
            self.name_keys.model.objects.bring_in_line(self)  # type: ignore[attr-defined]

    def search_keys(self) -> set[str]:
        return keys_of(self.name)

    def index(self) -> None:
        """Bring the blind indexes in line with the values."""
        self.name_index = blind_index(name_key(self.name), purpose="name")


class Patient(Named):
    """The person who may need care. The name may be unknown: somebody who loves them may not want to say it yet."""

    class Age(models.TextChoices):
        UNKNOWN = "", _("not said")
        MINOR = "under_18", _("under 18")
        ADULT = "adult", _("18 to 64")
        OLDER = "65_up", _("65 or older")

    class Gender(models.TextChoices):
        """Which programs for one gender only would be theirs."""

        UNKNOWN = "", _("not said")
        WOMEN = "women", _("woman or girl")
        MEN = "men", _("man or boy")
        OTHER = "other", _("another gender")

    age = EncryptedTextField(_("age"), choices=Age, blank=True)
    # Null, so that the code before this one can still write patients while both run.
    birth_year = EncryptedTextField(_("year of birth"), null=True, blank=True)
    gender = EncryptedTextField(_("gender"), choices=Gender, null=True, blank=True)

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")

    def __str__(self) -> str:
        return self.name or str(_("Name not given"))

    def search_keys(self) -> set[str]:
        return super().search_keys().union(*(each.search_keys() for each in self.other_people.all()))

    @property
    def born(self) -> int | None:
        return int(self.birth_year) if self.birth_year else None


class PatientKey(NameKey):
    person = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="name_keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="patient_name_key")]


class Contact(Named):
    """The person we talk with: the patient, or somebody who loves them."""

    FOUND_BY = ("name", "phone", "caller_name", "caller_phone")
    NOT_ASKED = ("language", "voicemail", "ways")
    FOR_WHOM = "relation"  # who needs care, which is said of the people and not of how they are reached

    class Message(models.TextChoices):
        NO = "no", _("Do not leave a message")
        NAME_ONLY = "name_only", _("Leave only a first name and number")
        YES = "yes", _("It is fine to leave a message")

    class Time(models.TextChoices):
        MORNING = "morning", _("Weekday mornings")
        AFTERNOON = "afternoon", _("Weekday afternoons")
        EVENING = "evening", _("Weekday evenings")
        WEEKEND = "weekend", _("Weekends")

    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # Since when we know that this number reaches somebody else: nothing goes there until it is corrected.
    phone_wrong_at = models.DateTimeField(_("known as a wrong number since"), null=True, blank=True)
    email = EncryptedTextField(_("email"), blank=True)
    email_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    zip_code = EncryptedTextField(_("ZIP code"), blank=True)
    zone = models.CharField(_("time zone"), max_length=50)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    times = models.JSONField(_("good times to call"), default=list, blank=True)
    by_email = models.BooleanField(_("may be emailed"), default=False)
    by_text = models.BooleanField(_("may be texted"), default=False)
    by_phone = models.BooleanField(_("may be called"), default=False)
    voicemail = models.CharField(_("when no one answers"), max_length=10, choices=Message, default=Message.NO)
    # What a call that ended early did not get to, of `NOT_ASKED` and `FOR_WHOM`: no page says it as if they had.
    not_asked = models.JSONField(_("not asked yet"), null=True, blank=True)
    # Somebody else who called for them, as a social worker: by name and role, and at which number, with its extension.
    caller_name = EncryptedTextField(_("who called for them"), null=True, blank=True)
    caller_phone = EncryptedTextField(_("phone of who called for them"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name or str(_("Name not given"))

    @property
    def key(self) -> str:
        """The opaque key under which messages know this person."""
        return f"contact:{self.pk}"

    @property
    def phone_shown(self) -> str:
        """The phone number as people here write it; as it was typed where it cannot be read as one."""
        if self.phone_index and (parts := AMERICAN.fullmatch(self.phone)):  # as `index` left it: read already
            return "({}) {}-{}".format(*parts.groups())
        return as_phone(self.phone)

    @property
    def _caller_number(self) -> str:
        """The number of who called for them, without its extension."""
        return (self.caller_phone or "").partition(EXTENSION)[0]

    @property
    def caller_shown(self) -> str:
        """The number of who called for them, with its extension, as people here write it."""
        number, _ext, extension = (self.caller_phone or "").partition(EXTENSION)
        return as_phone(number) + (" " + _("ext. %(digits)s") % {"digits": extension} if extension else "")

    @property
    def way_labels(self) -> list[str]:
        """The ways by which this person may be reached, in words."""
        return way_labels([way for way in WAYS if getattr(self, f"by_{way}")])

    @property
    def ways_asked(self) -> bool:
        """Whether this person was asked how we may reach them: a number alone allows nothing."""
        return "ways" not in (self.not_asked or ())

    @property
    def whom_asked(self) -> bool:
        """Whether this person was asked who needs care: until then it is written down as their own need."""
        return self.FOR_WHOM not in (self.not_asked or ())

    @property
    def ways_said(self) -> str:
        """How this person may be reached, in words: also that nobody asked yet, or that they want nothing."""
        if not self.ways_asked:
            return str(_("not asked"))
        return ", ".join(self.way_labels) or str(_("None: opted out of messages"))

    @property
    def time_labels(self) -> list[str]:
        labels = dict(self.Time.choices)
        return [str(labels[each]) for each in self.times if each in labels]

    def address(self, channel: str) -> str:
        """Where this person may be reached by `channel` ("email" or "sms"), or ``""``."""
        allowed, where = CHANNEL_FIELDS[channel]
        may = getattr(self, allowed) and self._leads(where) and is_set_up(channel)
        return str(getattr(self, where)) if may else ""

    def _leads(self, where: str) -> bool:
        """Whether the address in this field, of `REACHED_BY`, may be theirs: not a number known to be wrong."""
        return where != "phone" or self.phone_wrong_at is None

    @property
    def phone_to_call(self) -> str:
        """The number, where it is not known to be wrong."""
        return self.phone if self._leads("phone") else ""

    @property
    def waits_for_number(self) -> bool:
        """Whether what is planned waits for another number: the family allows texts or calls, at a wrong one."""
        return self.phone_wrong_at is not None and (self.by_text or self.by_phone)

    def channels(self) -> list[str]:
        """The channels this person allowed and can be reached by, the one to try first in front."""
        return [channel for channel in CHANNEL_FIELDS if self.address(channel)]

    def wishes(self, now: datetime, alone: Collection[str] = ()) -> list[tuple[str, str]]:
        """What was chosen for this person about when messages come, by the channels that it allows: the way in words,
        and a sentence. By those of `alone` only what it chose on its own page."""
        ways = {"email": WAYS["email"], "sms": WAYS["text"]}
        return [
            (str(ways[channel]), said)
            for channel in self.channels()
            for said in wishes(
                address=self.address(channel),
                channel=channel,
                zone=self.zone,
                now=now,
                by=self.key,
                alone=channel in alone,
            )
        ]

    def marked_ways(self, now: datetime) -> list[str]:
        """The ways, of `REACHED_BY`, that this person said others read or hear, where their address still stands here:
        none is offered again before they say that it is safe."""
        ways = {way: str(getattr(self, where)) for way, (_allowed, where) in REACHED_BY.items()}
        return [way for way, at in ways.items() if has_shut(address=at, channel=way, by=self.key, now=now)]

    def shut_ways(self, now: datetime) -> list[str]:
        """The same, by the word of anybody who showed that the address is theirs, too."""
        ways = {way: str(getattr(self, where)) for way, (_allowed, where) in REACHED_BY.items()}
        return [way for way, at in ways.items() if at and is_shut(address=at, channel=way, now=now, by=self.key)]

    def not_given(self, shut: Collection[str]) -> set[str]:
        """The addresses, ``"email"`` and ``"phone"``, that no program is given: it gets only ways that the family left
        open, and nothing where others read or hear these ways. A phone is given where it may be called."""
        open_ways = {REACHED_BY[way][1] for way in self.program_ways() if way != "sms" and way not in shut}
        return {where for where in ("email", "phone") if getattr(self, where)} - open_ways

    def program_ways(self) -> dict[str, str]:
        """The ways, of `REACHED_BY`, by which a program may reach this person, each with its address."""
        if not self.ways_asked:
            return {}
        ways = {
            way: str(getattr(self, where)) for way, (allowed, where) in REACHED_BY.items() if getattr(self, allowed)
        }
        return {way: at for way, at in ways.items() if at and self._leads(REACHED_BY[way][1])}

    @property
    def is_overheard(self) -> bool:
        """Whether anybody said that others hear what is said on this phone: nobody is to call it."""
        return self.calls_shut(timezone.now()).exists()

    def calls_shut(self, now: datetime) -> SuppressionQuerySet:
        """What says so, as rows that can be asked for together with others."""
        rows = shut_there(address=self.phone, channel=CALLS, now=now, by=self.key)
        return rows if self.phone else rows.none()

    @property
    def is_callable(self) -> bool:
        """Whether this person may be called."""
        return bool(self.ways_asked and self.by_phone and self.phone_to_call)

    @property
    def is_called_back(self) -> bool:
        """Whether staff call this number: it was allowed, or whoever called us was not asked yet and is called back."""
        return bool(self.phone_to_call and (self.by_phone or not self.ways_asked))

    @property
    def is_reachable(self) -> bool:
        """Whether this person allowed any way to reach them, by message or by call."""
        return bool(self.channels()) or self.is_callable

    def search_keys(self) -> set[str]:
        ends = {ending_of(self.phone), ending_of(self._caller_number)} - {""}
        return super().search_keys() | keys_of(self.caller_name or "") | ends

    def index(self) -> None:
        super().index()
        self.phone = phone_key(self.phone) or self.phone
        self.phone_index = blind_index(phone_key(self.phone), purpose="phone")
        self.email_index = blind_index(email_key(self.email), purpose="email")


class ContactKey(NameKey):
    person = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="name_keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="contact_name_key")]
