"""Django looks for an app's models here; each module keeps what changes together."""

from referral.models.consents import Consent, ConsentWording, Disclosure
from referral.models.drafts import IntakeDraft, MessageDraft
from referral.models.duty import Absence, DutyShift
from referral.models.escalations import EscalationNotice, EscalationRule
from referral.models.followups import FollowUp, FollowUpPlan, FollowUpStep
from referral.models.handed_out import HandedOut
from referral.models.history import TimelineEntry
from referral.models.hours import Holiday, OfficeHours
from referral.models.links import CalendarLink, CheckInLink, FamilyLink, ProgramCode, ProgramLink
from referral.models.other_people import OtherPerson
from referral.models.people import Contact, ContactKey, Patient, PatientKey
from referral.models.placements import Placement
from referral.models.referrals import Referral
from referral.models.saved import SavedFilter
from referral.models.tasks import Task
from referral.models.visits import Appointment

__all__ = [
    "Absence",
    "Appointment",
    "CalendarLink",
    "CheckInLink",
    "Consent",
    "ConsentWording",
    "Contact",
    "ContactKey",
    "Disclosure",
    "DutyShift",
    "EscalationNotice",
    "EscalationRule",
    "FamilyLink",
    "FollowUp",
    "FollowUpPlan",
    "FollowUpStep",
    "HandedOut",
    "Holiday",
    "IntakeDraft",
    "MessageDraft",
    "OfficeHours",
    "OtherPerson",
    "Patient",
    "PatientKey",
    "Placement",
    "ProgramCode",
    "ProgramLink",
    "Referral",
    "SavedFilter",
    "Task",
    "TimelineEntry",
]
