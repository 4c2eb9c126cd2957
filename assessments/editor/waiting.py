"""What of the editor waits for somebody."""

from __future__ import annotations

import hashlib

from assessments import approvals
from assessments.editor import drafts
from assessments.models import Questionnaire
from privacy.models import User


def waits_for(questionnaire: Questionnaire, user: User) -> bool:
    """Whether this person is asked to approve what the draft says now."""
    content = drafts.current(questionnaire)
    if content is None or not user.has_perm(approvals.PUBLISH_IT):
        return False
    # The text of a draft without faults is its canonical JSON, so this is the hash of what would be published.
    digest = hashlib.sha256(drafts.written(content).encode()).hexdigest()
    approval = approvals.standing(questionnaire, digest, questionnaire.newest())
    return approval is not None and approval.approved_by_id is None and approvals.may_approve(approval, user)
