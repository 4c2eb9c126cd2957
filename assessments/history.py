"""The line of history that each write of an admin leaves."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry

from assessments.models import Questionnaire
from privacy.models import User


def write_line(questionnaire: Questionnaire, by: User | None, words: str, flag: int = CHANGE) -> None:
    """Say who did what to a questionnaire. The command line has no name to say."""
    if by is not None:
        rows = Questionnaire.objects.filter(pk=questionnaire.pk)
        LogEntry.objects.log_actions(by.pk, rows, flag, change_message=words, single_object=True)
