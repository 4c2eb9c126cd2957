"""The secret links that open a page of this room. Only the hash of a token is stored."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from privacy.models import SecretLink
from referral.models.followups import FollowUp
from referral.models.referrals import Placement, Referral


class FamilyLink(SecretLink):
    """Opens a family's own page."""

    LIFE = timedelta(days=90)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="family_links")


class ProgramLink(SecretLink):
    """Opens one placement for the program that was asked."""

    LIFE = timedelta(days=14)
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="links")


class CheckInLink(SecretLink):
    """Opens the answers to one check-in."""

    LIFE = timedelta(days=21)
    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="links")
