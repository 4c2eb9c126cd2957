"""Django looks for an app's models here; each module keeps what changes together."""

from assessments.models.versions import Questionnaire, QuestionnaireVersion, Response

__all__ = ["Questionnaire", "QuestionnaireVersion", "Response"]
