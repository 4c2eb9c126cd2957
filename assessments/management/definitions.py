"""What the commands of this app share: finding a definition, reading a file, and saying what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from assessments.editor import drafts
from assessments.engine.definition import Definition
from assessments.engine.document import DefinitionError, parse
from assessments.models import Questionnaire, QuestionnaireVersion

WRONG_INPUT = 2


def wrong(*sentences: str) -> CommandError:
    """The error that says these sentences, one a line, and ends the command with exit code 2."""
    return CommandError("\n".join(sentences), returncode=WRONG_INPUT)


def questionnaire(key: str) -> Questionnaire:
    """The questionnaire with this key."""
    found = Questionnaire.objects.filter(key=key).first()
    if found:
        return found
    known = ", ".join(Questionnaire.objects.values_list("key", flat=True))
    raise wrong(f"There is no questionnaire “{key}”. There are: {known or 'none'}.")


def definition(key: str, *, draft: bool) -> tuple[Definition, QuestionnaireVersion | None]:
    """The newest published version's definition, or the draft's, which has no version."""
    found = questionnaire(key)
    if not draft:
        version = found.newest()
        if version is None:
            raise wrong(f"“{key}” has no published version yet. Add --draft to use its draft.")
        return version.definition, version
    document = drafts.current(found)
    if document is None:
        raise wrong(f"“{key}” has no draft yet.")
    try:
        return parse(document), None
    except DefinitionError as error:
        raise wrong(f"The draft of “{key}” has faults:", *map(str, error.problems)) from error


def read_json(path: str) -> Any:
    """The value in a JSON file, in which no object says the same name twice."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"), object_pairs_hook=_once)
    except OSError as error:
        raise wrong(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise wrong(f"{path} is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise wrong(f"{path} is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).") from error
    except RecursionError as error:
        raise wrong(f"{path} is nested too deeply.") from error
    except _Twice as error:
        raise wrong(f"{path} says “{error}” twice in one object.") from error


class _Twice(Exception):
    """A name that an object has two times."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise _Twice(name)
        read[name] = value
    return read
