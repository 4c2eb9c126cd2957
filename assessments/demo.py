"""The questionnaire that ships with Waymark."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from assessments import actions
from assessments.engine.document import parse
from assessments.models import Questionnaire

SHIPPED = Path(__file__).parent / "questionnaires"


def load(now: datetime) -> None:
    """Publish each shipped questionnaire that has no version yet. What an admin has published since stays."""
    for file in sorted(SHIPPED.glob("*.json")):
        definition = parse(json.loads(file.read_text()))
        questionnaire, _ = Questionnaire.objects.get_or_create(key=definition.key)
        if questionnaire.newest() is None:
            actions.publish(questionnaire, definition, by=None, now=now)
