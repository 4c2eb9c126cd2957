"""Django looks for an app's admin here; each module keeps what changes together."""

from assessments.editor.admin.kept import ReturnCodeAdmin, ReturnLinkAdmin, SharedResultAdmin, TallyAdmin
from assessments.editor.admin.questionnaires import QuestionnaireAdmin

__all__ = ["QuestionnaireAdmin", "ReturnCodeAdmin", "ReturnLinkAdmin", "SharedResultAdmin", "TallyAdmin"]
