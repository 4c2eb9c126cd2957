"""Django looks for an app's models here; each module keeps what changes together."""

from assessments.models.approvals import Approval
from assessments.models.draft import (
    Choice,
    Dimension,
    Draft,
    FloorRule,
    KeptDraft,
    Note,
    Part,
    Question,
    SafetyRule,
)
from assessments.models.keeping import ReturnCode, ReturnLink, SharedResult
from assessments.models.tallies import Tally
from assessments.models.versions import Questionnaire, QuestionnaireVersion, Response

__all__ = [
    "Approval",
    "Choice",
    "Dimension",
    "Draft",
    "FloorRule",
    "KeptDraft",
    "Note",
    "Part",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ReturnCode",
    "ReturnLink",
    "SafetyRule",
    "SharedResult",
    "Tally",
]
