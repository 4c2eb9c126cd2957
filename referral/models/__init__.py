"""Django looks for an app's models here; each module keeps what changes together."""

from referral.models.consents import Consent, ConsentWording, Disclosure
from referral.models.drafts import IntakeDraft
from referral.models.duty import Absence, DutyShift
from referral.models.followups import FollowUp, FollowUpPlan, FollowUpStep
from referral.models.history import TimelineEntry
from referral.models.links import CheckInLink, FamilyLink, ProgramLink
from referral.models.people import Contact, Patient
from referral.models.referrals import Placement, Referral
from referral.models.tasks import Task

__all__ = [
    "Absence",
    "CheckInLink",
    "Consent",
    "ConsentWording",
    "Contact",
    "Disclosure",
    "DutyShift",
    "FamilyLink",
    "FollowUp",
    "FollowUpPlan",
    "FollowUpStep",
    "IntakeDraft",
    "Patient",
    "Placement",
    "ProgramLink",
    "Referral",
    "Task",
    "TimelineEntry",
]
