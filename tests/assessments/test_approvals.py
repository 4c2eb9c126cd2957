"""Less care than before is published by two people only, for exactly the text that the second one approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments import actions, approvals
from assessments.editor import drafts, editing
from assessments.engine.definition import Definition
from assessments.engine.document import parse
from assessments.models import Approval, Choice, Draft, FloorRule, Questionnaire

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WHY = {"clinician": "Ana Ruiz, LCSW 12345", "reason": "Residential was too much for them."}


@pytest.fixture
def lower(draft: Draft, now: datetime) -> Definition:
    """The draft, with a rule under which some get less than before."""
    Draft.objects.filter(pk=draft.pk).update(edited_at=now + timedelta(minutes=1))
    FloorRule.objects.filter(draft=draft, key="much").update(when={"rating": ["d", 4]})
    return parse(drafts.document(draft))


@pytest.fixture
def two(make_editor: Callable[..., Any]) -> tuple[Any, Any]:
    """An editor, and a publisher."""
    return make_editor("view", "change", username="ann"), make_editor("view", "publish", username="bea")


def ask(questionnaire: Questionnaire, definition: Definition, by: Any, now: datetime) -> Approval:
    return approvals.ask(questionnaire, definition, **WHY, by=by, now=now)


def test_nobody_publishes_less_care_alone(
    questionnaire: Questionnaire, lower: Definition, now: datetime, make_editor: Callable[..., Any]
) -> None:
    alone = make_editor("view", "change", "publish")
    with pytest.raises(actions.NotApproved):
        actions.publish(questionnaire, lower, by=alone, now=now)
    ask(questionnaire, lower, alone, now)
    with pytest.raises(approvals.SamePerson):
        approvals.approve(questionnaire, lower, by=alone, now=now)
    with pytest.raises(actions.NotApproved):
        actions.publish(questionnaire, lower, by=alone, now=now)
    assert questionnaire.versions.count() == 1


def test_two_people_publish_it_and_the_version_says_who_and_why(
    questionnaire: Questionnaire, lower: Definition, now: datetime, two: tuple[Any, Any]
) -> None:
    ann, bea = two
    ask(questionnaire, lower, ann, now)
    with pytest.raises(PermissionDenied):
        approvals.approve(questionnaire, lower, by=ann, now=now)
    approvals.approve(questionnaire, lower, by=bea, now=now)
    with pytest.raises(PermissionDenied):
        actions.publish(questionnaire, lower, by=ann, now=now)
    version = actions.publish(questionnaire, lower, by=bea, now=now)
    kept = Approval.objects.get(published=version)
    assert (kept.asked_by, kept.approved_by, kept.asked_at, kept.approved_at) == (ann, bea, now, now)
    assert (kept.clinician, kept.reason) == (WHY["clinician"], WHY["reason"])
    assert (kept.sha256, kept.replaces.number, version.number) == (version.sha256, 1, 2)
    said = list(LogEntry.objects.order_by("pk").values_list("user__username", "change_message"))
    assert said == [
        ("ann", "Asked for approval to publish the draft."),
        ("bea", "Approved the draft."),
        ("bea", "Published the draft."),
    ]


def test_who_wrote_last_is_not_the_second_person(
    questionnaire: Questionnaire, draft: Draft, now: datetime, make_editor: Callable[..., Any]
) -> None:
    ann, bea = (make_editor("view", "change", "publish", username=name) for name in ("ann", "bea"))
    editing.remove(FloorRule.objects.get(draft=draft, key="much"), by=bea, now=now)
    editing.move(FloorRule.objects.get(draft=draft, key="some"), to=0, by=bea, now=now)
    content = drafts.document(Draft.objects.get(pk=draft.pk))
    content["levels"] = ["low", "mid"]
    definition = parse(content)
    ask(questionnaire, definition, ann, now)
    with pytest.raises(approvals.SamePerson):
        approvals.approve(questionnaire, definition, by=bea, now=now)


def test_a_changed_draft_loses_its_approval(
    questionnaire: Questionnaire, draft: Draft, lower: Definition, now: datetime, two: tuple[Any, Any]
) -> None:
    ann, bea = two
    ask(questionnaire, lower, ann, now)
    approvals.approve(questionnaire, lower, by=bea, now=now)
    FloorRule.objects.filter(draft=draft, key="much").update(en_me="Said otherwise")
    changed = parse(drafts.document(draft))
    with pytest.raises(actions.NotApproved):
        actions.publish(questionnaire, changed, by=bea, now=now)
    with pytest.raises(approvals.NotAsked):
        approvals.approve(questionnaire, changed, by=bea, now=now)


def test_an_approval_is_used_once_and_only_against_its_version(
    questionnaire: Questionnaire, draft: Draft, lower: Definition, now: datetime, two: tuple[Any, Any]
) -> None:
    ann, bea = two
    first: Any = questionnaire.newest()
    ask(questionnaire, lower, ann, now)
    approvals.approve(questionnaire, lower, by=bea, now=now)
    actions.publish(questionnaire, lower, by=bea, now=now)
    back = actions.publish(questionnaire, first.definition, by=bea, now=now)
    assert back.number == 3
    with pytest.raises(actions.NotApproved):
        actions.publish(questionnaire, lower, by=bea, now=now)


def test_what_lowers_nobody_needs_one_person(
    questionnaire: Questionnaire, draft: Draft, now: datetime, two: tuple[Any, Any]
) -> None:
    FloorRule.objects.filter(draft=draft, key="some").update(when={"rating": ["d", 1]})
    assert actions.publish(questionnaire, parse(drafts.document(draft)), by=two[1], now=now).number == 2


@pytest.fixture
def reworded(draft: Draft, now: datetime) -> Definition:
    """The draft, in which an answer that safety rests on says something else, in one language and voice."""
    Draft.objects.filter(pk=draft.pk).update(edited_at=now + timedelta(minutes=1))
    Choice.objects.filter(question__draft=draft, question__key="safe", key="yes").update(en_me="Someone feels fine")
    return parse(drafts.document(draft))


def test_nobody_changes_alone_what_a_safety_answer_says(
    questionnaire: Questionnaire, reworded: Definition, now: datetime, two: tuple[Any, Any], sign_in: Any
) -> None:
    ann, bea = two
    with pytest.raises(actions.NotApproved):
        actions.publish(questionnaire, reworded, by=bea, now=now)
    page = reverse("admin:assessments_questionnaire_publish", args=[questionnaire.pk])
    shown = sign_in(bea).get(page).content.decode()
    assert "Publish this draft" not in shown and "lower level, or a milder warning, than today" not in shown
    approval = shown[shown.index("What safety rests on says something else") :]
    assert "“Someone feels fine”" in approval
    assert "1 text changed in one language or voice, and not in the others" in shown
    ask(questionnaire, reworded, ann, now)
    approvals.approve(questionnaire, reworded, by=bea, now=now)
    assert actions.publish(questionnaire, reworded, by=bea, now=now).number == 2


@pytest.mark.parametrize(
    "poor",
    [
        {"clinician": "  "},
        {"clinician": "me"},
        {"clinician": "Ana Ruiz"},
        {"clinician": "LCSW 12345"},
        {"reason": "because"},
    ],
)
def test_a_request_names_a_clinician_with_license_and_a_reason(
    questionnaire: Questionnaire, lower: Definition, now: datetime, two: tuple[Any, Any], poor: dict[str, str]
) -> None:
    with pytest.raises(approvals.NotNamed):
        approvals.ask(questionnaire, lower, **{**WHY, **poor}, by=two[0], now=now)


def test_the_clinical_reviewer_reads_the_draft_and_changes_nothing(
    questionnaire: Questionnaire, lower: Definition, make_user: Any, sign_in: Callable[[Any], Client]
) -> None:
    reviewer = sign_in(make_user("reviewer", "Clinical reviewers"))
    for name in ("change", "compare", "publish", "versions", "try"):
        assert (
            reviewer.get(reverse(f"admin:assessments_questionnaire_{name}", args=[questionnaire.pk])).status_code == 200
        )
    page = reverse("admin:assessments_questionnaire_publish", args=[questionnaire.pk])
    shown = reviewer.get(page)
    assert "A second person has to approve this" in shown.content.decode()
    assert "Ask for approval</button>" not in shown.content.decode()
    assert reviewer.post(page, {"sha256": shown.context["sha256"], "command": "ask", **WHY}).status_code == 403


def test_the_database_refuses_one_person_as_both(
    questionnaire: Questionnaire, lower: Definition, now: datetime, two: tuple[Any, Any]
) -> None:
    asked = ask(questionnaire, lower, two[0], now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(approved_by=two[0])


def test_the_page_leads_from_asking_to_the_published_version(
    questionnaire: Questionnaire, lower: Definition, two: tuple[Any, Any], sign_in: Callable[[Any], Client]
) -> None:
    page = reverse("admin:assessments_questionnaire_publish", args=[questionnaire.pk])
    ann, bea = map(sign_in, two)
    shown = ann.get(page)
    assert "A second person has to approve this" in shown.content.decode()
    assert "Publish this draft" not in shown.content.decode()
    seen = {"sha256": shown.context["sha256"]}
    kept = ann.post(page, {**seen, "command": "ask", "clinician": "", "reason": "Kept words"})
    assert kept.status_code == 400
    assert "Name the clinician who agrees." in kept.content.decode() and "Kept words" in kept.content.decode()
    refused = bea.post(page, seen)
    assert refused.status_code == 409 and "a second person has to approve" in refused.content.decode()
    asked = ann.post(page, {**seen, "command": "ask", **WHY}, follow=True).content.decode()
    assert WHY["clinician"] in asked and "Approve this draft" not in asked
    assert bea.get("/admin/").content.decode().count("waits for your approval") == 1
    assert "waits for your approval" not in ann.get("/admin/").content.decode()
    assert "Approve this draft" in bea.get(page).content.decode()
    approved = bea.post(page, {**seen, "command": "approve"}, follow=True).content.decode()
    assert "Publish this draft" in approved and "Ask for approval" not in approved
    published = bea.post(page, seen, follow=True).content.decode()
    assert "Published as version 2." in published and WHY["reason"] in published
    history = bea.get(reverse("admin:assessments_questionnaire_versions", args=[questionnaire.pk])).content.decode()
    assert WHY["clinician"] in history


def test_a_number_that_nobody_called_is_asked_about(
    questionnaire: Questionnaire, draft: Draft, now: datetime, two: tuple[Any, Any], sign_in: Callable[[Any], Client]
) -> None:
    Draft.objects.filter(pk=draft.pk).update(edited_at=now + timedelta(minutes=1))
    FloorRule.objects.filter(draft=draft, key="some").update(en_me="Call 818.555.0199.", en_loved="Call 818.555.0199.")
    page = reverse("admin:assessments_questionnaire_publish", args=[questionnaire.pk])
    bea = sign_in(two[1])
    shown = bea.get(page)
    assert "I called 818.555.0199, and it is right" in shown.content.decode()
    refused = bea.post(page, {"sha256": shown.context["sha256"]})
    assert refused.status_code == 409 and "Call the new number first" in refused.content.decode()
    bea.post(page, {"sha256": shown.context["sha256"], "uncalled": "8185550199"})
    assert questionnaire.versions.count() == 2
