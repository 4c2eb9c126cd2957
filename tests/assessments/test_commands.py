"""The commands, with exactly their keys and exit codes."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.db import connections

from assessments.editor import drafts, editing
from assessments.engine.document import canonical_json, parse
from assessments.models import Draft, Question, Questionnaire
from tests.assessments.conftest import hiding_document, small_document

pytestmark = pytest.mark.django_db

ANSWERS = {"safe": "no", "mood": "low", "why": "not_sure"}


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Write a value as a JSON file (or a text as it is) and give its path."""

    def write(value: Any) -> str:
        path = tmp_path / "file.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return str(path)

    return write


def output(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def error(*arguments: str) -> str:
    """The sentences of a command that must end with exit code 2."""
    with pytest.raises(CommandError) as raised:
        output(*arguments)
    assert raised.value.returncode == 2
    return str(raised.value)


def test_prove_says_all_its_keys(questionnaire: Questionnaire) -> None:
    told = json.loads(output("prove", "small", "--json"))
    assert set(told) == {"proved", "properties", "counterexamples", "cases", "ms"}
    assert told["proved"] is True
    assert all(told["properties"].values())
    assert told["counterexamples"] == []
    assert told["cases"] == 10


def test_prove_ends_with_1_and_a_story_when_the_draft_is_not_proved(
    questionnaire: Questionnaire, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    editing.import_document(hiding_document(), by=None, now=now)
    assert json.loads(output("prove", "small", "--json"))["proved"] is True
    with pytest.raises(SystemExit) as ended:
        call_command("prove", "small", "--draft", "--json")
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert told["proved"] is False
    assert told["properties"]["worse_never_lower"] is False
    assert told["counterexamples"][0]["story"].startswith("If someone answers")


def test_prove_speaks_to_people_too(questionnaire: Questionnaire) -> None:
    said = output("prove", "small")
    assert "holds  worse never lower" in said
    assert "small, version 1: proved for 10 different walks" in said


def test_assess_says_all_its_keys(questionnaire: Questionnaire, file: Any) -> None:
    told = json.loads(output("assess", "small", "--answers", file(ANSWERS), "--json"))
    newest: Any = questionnaire.newest()
    assert told == {
        "level": "mid",
        "range": ["mid", "high"],
        "then": ["mid", "high"],
        "first": [],
        "certainty": "at-least",
        "unknowns": [
            {
                "question": "why",
                "helper": None,
                "raises": True,
                "alone": ["mid", "high"],
                "leads": [
                    {"choices": ["unknown"], "range": ["mid", "mid"], "then": ["mid", "mid"], "first": None},
                    {"choices": ["known"], "range": ["high", "high"], "then": ["high", "high"], "first": None},
                ],
            }
        ],
        "safety": [],
        "ratings": {"d": [2, 3]},
        "fired": [
            {"rule": "some", "because": told["fired"][0]["because"]},
            {"rule": "much", "because": told["fired"][1]["because"]},
        ],
        "nearest_change": told["nearest_change"],
        "version": 1,
        "sha256": newest.sha256,
    }
    assert {"question": "mood", "answer": "low"} in told["fired"][0]["because"]
    assert told["nearest_change"]["changes"][0]["question"] in ("mood", "why")


def test_assess_tells_which_safety_rules_fired(questionnaire: Questionnaire, file: Any) -> None:
    told = json.loads(output("assess", "small", "--answers", file({**ANSWERS, "safe": "yes"}), "--json"))
    assert told["safety"] == ["danger"]


def test_assess_speaks_to_people_too(questionnaire: Questionnaire, file: Any) -> None:
    assert "at least this level may fit: mid" in output("assess", "small", "--answers", file(ANSWERS))


def test_assess_can_try_the_draft(questionnaire: Questionnaire, draft: Draft, file: Any) -> None:
    Question.objects.get(key="why").delete()
    answers = file({"safe": "no", "mood": "low"})
    told = json.loads(output("assess", "small", "--answers", answers, "--draft", "--json"))
    assert (told["version"], told["range"]) == (None, ["mid", "mid"])


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({**ANSWERS, "other": "x"}, "other: There is no question with this key."),
        ({"safe": "no", "mood": "well", "why": "known"}, "why: This question is not asked after the answers before"),
        ({**ANSWERS, "mood": 3}, "mood: The answer must be the key of one choice."),
        ({**ANSWERS, "mood": ["low"]}, "mood: The answer must be the key of one choice."),
        ({**ANSWERS, "mood": "fine"}, "mood: There is no choice “fine” here."),
        (["safe"], "Answers must be an object"),
        ({"safe": "no", "why": "known"}, "mood: This question comes next and has no answer: “mood?”"),
        ({}, "safe: This question comes next"),
        ("{", "is not JSON: Expecting property name"),
        ('{"safe": "no", "safe": "yes"}', "says “safe” twice"),
    ],
)
def test_assess_refuses_answers_that_cannot_be_used(
    questionnaire: Questionnaire, file: Any, answers: Any, sentence: str
) -> None:
    assert sentence in error("assess", "small", "--answers", file(answers), "--json")


def test_every_fault_of_the_answers_has_its_own_sentence(questionnaire: Questionnaire, file: Any) -> None:
    said = error("assess", "small", "--answers", file({"safe": 1, "mood": "fine", "x": "y"}))
    assert [line.partition(":")[0] for line in said.splitlines()] == ["safe", "mood", "x"]


def test_a_file_that_cannot_be_read_is_named(questionnaire: Questionnaire, tmp_path: Path) -> None:
    away, binary = tmp_path / "away.json", tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe{")
    assert f"{away} cannot be read: No such file" in error("assess", "small", "--answers", str(away))
    assert f"{tmp_path} cannot be read: Is a directory" in error("import_questionnaire", str(tmp_path))
    assert f"{binary} is not UTF-8 text." in error("assess", "small", "--answers", str(binary))


def test_an_unknown_questionnaire_is_named_with_those_there_are(questionnaire: Questionnaire, file: Any) -> None:
    for command in (["prove"], ["export_questionnaire"], ["assess", "--answers", file(ANSWERS)]):
        assert "no questionnaire “big”. There are: small." in error(command[0], "big", *command[1:])


def test_without_a_version_the_draft_is_offered(db: None, now: datetime) -> None:
    editing.import_document(small_document(), by=None, now=now)
    assert "no published version yet. Add --draft" in error("prove", "small")
    assert json.loads(output("prove", "small", "--draft", "--json"))["proved"] is True


def test_a_draft_with_faults_is_told_fault_by_fault(questionnaire: Questionnaire, draft: Draft) -> None:
    Question.objects.get(key="mood").delete()
    said = error("prove", "small", "--draft")
    assert "The draft of “small” has faults:\nquestions[1].shows_when: There is no question “mood”." in said


def test_what_is_exported_is_imported_again_exactly(questionnaire: Questionnaire, file: Any) -> None:
    exported = output("export_questionnaire", "small")
    assert exported.rstrip("\n") == canonical_json(parse(small_document()))
    assert "draft of “small”" in output("import_questionnaire", file(exported))
    assert output("export_questionnaire", "small", "--draft") == exported
    assert not drafts.has_news(questionnaire)


def test_an_import_makes_a_questionnaire_that_families_do_not_see(db: None, file: Any) -> None:
    output("import_questionnaire", file(small_document()))
    made = Questionnaire.objects.get()
    assert (made.key, made.newest()) == ("small", None)


def test_an_import_with_faults_names_them_all_and_changes_nothing(questionnaire: Questionnaire, file: Any) -> None:
    broken = small_document()
    broken["floors"][0]["level"], broken["questions"][0]["kind"] = "nowhere", "several"
    said = error("import_questionnaire", file(broken))
    assert "questions[0].kind: This must be one of: one, many." in said
    assert not Draft.objects.exists()


def test_from_a_shell_the_sentence_goes_to_stderr_and_the_code_is_2(
    questionnaire: Questionnaire, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A command closes the connections when it ends; the test goes on with its own.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "assess", "small", "--answers", "away.json"])
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err == "CommandError: away.json cannot be read: No such file or directory.\n"
