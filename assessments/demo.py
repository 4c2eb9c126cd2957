"""The questionnaire that ships with Waymark."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from assessments import actions
from assessments.engine.definition import ENGINE_VERSION
from assessments.engine.document import parse, sha256
from assessments.models import Questionnaire

SHIPPED = Path(__file__).parent / "questionnaires"


def load(now: datetime) -> None:
    """Publish each shipped questionnaire that is new here, or new since Waymark last published it.

    What an admin has published since stays, and so does an admin's draft.
    """
    for file in sorted(SHIPPED.glob("*.json")):
        definition = parse(json.loads(file.read_text()))
        questionnaire, _ = Questionnaire.objects.get_or_create(key=definition.key)
        newest = questionnaire.newest()
        same = newest and (newest.sha256, newest.engine) == (sha256(definition), ENGINE_VERSION)
        if not same and (newest is None or newest.published_by_id is None):
            actions.publish(questionnaire, definition, by=None, now=now)
