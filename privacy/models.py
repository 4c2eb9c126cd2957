"""Who signs in, who looked at what, and the base of every secret link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.crypto import CannotDecrypt
from privacy.fields import EncryptedTextField, keys_mark
from privacy.tokens import hash_token, new_token


class User(AbstractUser):
    """A staff member or an admin. Families and programs have no account."""

    email = models.EmailField(_("email"), unique=True)
    # How often all sessions of this person were ended at once.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    has_factor: bool  # a second one; of whoever a session belongs to (`config.rights`)

    def __str__(self) -> str:
        """How pages call a person, everywhere: by their name, or as they sign in where that is all we know."""
        return self.get_full_name() or self.get_username()

    def end_sessions(self) -> None:
        """Sign this person out in every browser. A new password does so, too."""
        type(self).objects.filter(pk=self.pk).update(sessions_ended=models.F("sessions_ended") + 1)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        of_password: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{of_password}:{self.sessions_ended}" if self.sessions_ended else of_password


class AccessEvent(models.Model):
    """Somebody looked at a person's record, or took something out of it. Rows are only ever added."""

    class Action(models.TextChoices):
        VIEWED = "viewed", _("viewed")
        SEARCHED = "searched", _("searched")
        EXPORTED = "exported", _("exported")
        DISCLOSED = "disclosed", _("disclosed")
        ERASED = "erased", _("erased")

    at = models.DateTimeField(_("at"), db_index=True)
    # An account that looked can be closed but not deleted: who looked must stay known.
    actor = models.ForeignKey(User, verbose_name=_("who"), null=True, blank=True, on_delete=models.PROTECT)
    actor_label = models.CharField(_("who, in words"), max_length=200)
    action = models.CharField(_("did"), max_length=20, choices=Action)
    subject = models.CharField(_("to"), max_length=100, db_index=True, help_text=_("A key such as referral:12."))
    purpose = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-at", "-id"]
        permissions = [("export_accesses", _("Can export who looked at what"))]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.get_action_display()} {self.subject}"


class KeyRotation(models.Model):
    """Is there only inside a transaction that encrypts values again: append-only tables let such an update through."""

    class Meta:
        verbose_name = _("change of keys")
        verbose_name_plural = _("changes of keys")

    def __str__(self) -> str:
        return str(self.pk)


class KeyCheckManager(models.Manager["KeyCheck"]):
    def keys_fit(self) -> bool:
        """Whether the keys that are set now are those that this database was written with."""
        try:
            return all(row.mark == keys_mark() for row in self.all())
        except CannotDecrypt:
            return False


class KeyCheck(models.Model):
    """One value that is kept as all others are, so that wrong keys are noticed before anything is done with them."""

    sealed = EncryptedTextField(default="Waymark")
    mark = models.CharField(max_length=64)

    objects = KeyCheckManager()

    class Meta:
        verbose_name = _("check of the keys")
        verbose_name_plural = _("checks of the keys")

    def __str__(self) -> str:
        return str(self.pk)


class SecretLinkQuerySet(models.QuerySet[Any]):
    """Links that may still be followed."""

    def live(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now, revoked_at=None)

    def for_token(self, token: str) -> Self:
        return self.filter(token_hash=hash_token(token))


class SecretLink(models.Model):
    """A link whose token only its receiver knows. Subclasses say what it opens."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = SecretLinkQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def mint(cls, *, now: datetime, expires_at: datetime, **opens: Any) -> tuple[Self, str]:
        """Save a new link and return it with its token, which cannot be had again."""
        token, token_hash = new_token()
        row = cls(token_hash=token_hash, created_at=now, expires_at=expires_at, **opens)
        row.save(force_insert=True)
        return row, token

    @classmethod
    def mint_all(cls, opens: Sequence[Mapping[str, Any]], *, now: datetime, expires_at: datetime) -> list[str]:
        """Save a new link for each of `opens`, and return their tokens in the same order."""
        made = [new_token() for _each in opens]
        cls._default_manager.bulk_create(
            cls(token_hash=token_hash, created_at=now, expires_at=expires_at, **each)
            for each, (_token, token_hash) in zip(opens, made, strict=True)
        )
        return [token for token, _hash in made]


class SharedValue(models.Model):
    """What the processes count together, where Redis cannot hold it. No key names a person or an address."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("shared value")
        verbose_name_plural = _("shared values")

    def __str__(self) -> str:
        return self.key
