"""Somebody else to call for a family: a sister, a father, a case worker. Known to staff alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedTextField, blind_index
from referral.models.people import Contact, Patient, PatientKey, PersonQuerySet, as_phone, phone_key
from referral.names import ending_of, keys_of


class OtherPerson(models.Model):
    """Another person to call. No message goes to them by itself, and no program is told of them.

    They belong to the person in care, so that every step of it has them, and who looks for them finds it; they are
    deleted with that person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField(_("name"))
    patient = models.ForeignKey(
        Patient, verbose_name=_("patient"), on_delete=models.CASCADE, related_name="other_people"
    )
    relation = EncryptedTextField(_("who they are to the family"), blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, blank=True)
    voicemail = models.CharField(
        _("when no one answers"), max_length=10, choices=Contact.Message, default=Contact.Message.NO
    )
    # Whether they know of the request: to anybody else we do not say who calls, and why.
    knows = models.BooleanField(_("may hear who calls and why"), default=False)
    # Called instead of the family's contact, and when; of who is kept apart the family must not learn from us.
    instead = models.BooleanField(_("call them instead"), default=False, db_default=False)
    when = EncryptedTextField(_("when to call"), blank=True, null=True)
    apart = models.BooleanField(_("the family must not know that they call us"), default=False, db_default=False)
    note = EncryptedTextField(_("note"), blank=True)
    # The code of the request that was merged, where they came with it: its own copy has them.
    came_from = models.CharField(max_length=12, blank=True, editable=False)
    added_at = models.DateTimeField(_("added"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("another person to call")
        verbose_name_plural = _("other people to call")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.name or _("Name not given"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.phone = phone_key(self.phone) or self.phone
        self.phone_index = blind_index(phone_key(self.phone), purpose="phone")
        super().save(*args, **kwargs)
        PatientKey.objects.bring_in_line(self.patient)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        PatientKey.objects.bring_in_line(self.patient)
        return gone

    @property
    def phone_shown(self) -> str:
        return as_phone(self.phone)

    @property
    def who(self) -> str:
        """The name, and who that is to the family."""
        return f"{self} ({self.relation})" if self.relation else str(self)

    def search_keys(self) -> set[str]:
        """What the person in care is found by, too."""
        return keys_of(self.name) | ({ending_of(self.phone)} - {""})
