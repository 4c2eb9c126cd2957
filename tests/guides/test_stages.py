"""A draft goes through review in the admin: roles, notes, comments, to-do lists, emails, and the clock."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guides.models import Comment, Guide, LevelOfCare, Person, Publication
from guides.workflow import actions, stages, telling
from tests.guides.test_admin import opened, said, url

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def reviewer(make_user: Any, sign_in: Any) -> Client:
    client: Client = sign_in(make_user("reviewer", "Clinical reviewers"))
    return client


def press(client: Client, edition: Any, move: str, **values: Any) -> str:
    data = {**opened(client, edition), **values, "_move": move}
    return client.post(url("change", edition.pk), data, follow=True).content.decode()


def to_do(client: Client) -> list[str]:
    return [str(each.sentence) for each in client.get(reverse("admin:index")).context["to_do"]]


def test_a_draft_goes_from_its_author_to_the_public(
    site: None, edition: Any, editor: Client, reviewer: Client, publisher: Client
) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs, explained")
    assert edition("paying", "en").stage == "review"
    assert "1 guide waits for your approval" in to_do(reviewer) and "approve" not in said(publisher, paying)
    press(reviewer, paying, "approve")
    assert "1 approved guide can be published" in to_do(publisher) and to_do(reviewer) == to_do(editor)
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), "_publish": "1"})
    assert Publication.objects.get(edition=paying).title == "Costs, explained"
    assert edition("paying", "en").stage == "published"


def test_an_author_with_every_permission_cannot_approve(site: None, edition: Any, make_user: Any, sign_in: Any) -> None:
    paying, chief = edition("paying", "en"), sign_in(make_user("chief", is_superuser=True))
    press(chief, paying, "submit", title="Mine")
    assert "1 guide waits for your approval" not in to_do(chief)
    assert "Someone else approves it." in press(chief, paying, "approve")
    assert edition("paying", "en").stage == "review"


def test_a_reviewer_who_changes_words_cannot_approve_them(
    site: None, edition: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Theirs")
    page = press(reviewer, paying, "approve", title="Mine")
    assert "Your text is saved." in page and edition("paying", "en").stage == "draft"


def test_what_is_sent_back_says_why_to_its_author(site: None, edition: Any, editor: Client, reviewer: Client) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    assert "Write what should change" in press(reviewer, paying, "send_back")
    press(reviewer, paying, "send_back", move_note="Name the year.")
    assert "Name the year." in said(editor, paying)
    assert "“Costs” came back with a note" in to_do(editor)


def test_a_note_stays_in_its_box_until_its_own_button(
    site: None, edition: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    draft = {**opened(reviewer, paying), "move_note": "Name the year.", "_draft": "1"}
    reviewer.post(url("change", paying.pk), draft)
    assert ">Name the year.</textarea>" in said(reviewer, paying)
    page = press(reviewer, paying, "approve", move_note="Name the year.")
    assert "Not approved yet. “What should change” is not empty" in page and edition("paying", "en").stage == "review"
    assert ">Name the year.</textarea>" in said(reviewer, paying)
    assert not edition("paying", "en").stage_changes.filter(note="Name the year.").exists()
    press(reviewer, paying, "send_back", move_note="Name the year.")
    assert edition("paying", "en").stage_changes.filter(note="Name the year.").count() == 1
    assert ">Name the year.</textarea>" not in said(reviewer, paying)


def test_each_role_gets_an_email_that_names_only_the_guide(
    site: None, edition: Any, editor: Client, reviewer: Client, make_user: Any
) -> None:
    make_user("publisher", "Publishers")
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    press(reviewer, paying, "approve")
    assert telling.tell_next() == 2 and telling.tell_next() == 0
    sent = [(message.subject, message.to) for message in mail.outbox]
    assert sent == [
        ("A guide waits for your review", ["reviewer@example.org"]),
        ("A guide is approved and can be published", ["publisher@example.org"]),
    ]
    assert url("change", paying.pk) in mail.outbox[0].body


def test_it_is_published_and_ended_at_its_minute(
    site: None, edition: Any, rewrite: Any, approved: Any, publisher: Client
) -> None:
    paying = approved(rewrite(edition("paying", "en"), title="Tomorrow"))
    assert "still to come" in press(publisher, paying, "schedule", move_at="2001-01-01T09:00")
    at = timezone.localtime() + timedelta(days=1)
    press(publisher, paying, "schedule", move_at=at.strftime("%Y-%m-%dT%H:%M"))
    due = edition("paying", "en").publish_at
    assert stages.run_due(due - timedelta(seconds=1)) == (0, 0)
    assert stages.run_due(due) == (1, 0) and stages.run_due(due) == (0, 0)
    assert Publication.objects.get(edition=paying).title == "Tomorrow"
    end = {"expire_at": (at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"), "_expire": "1"}
    publisher.post(url("change", paying.pk), {**opened(publisher, paying), **end})
    assert stages.run_due(due) == (0, 0) and stages.run_due(due + timedelta(days=1)) == (0, 1)
    assert not Publication.objects.filter(edition=paying).exists()


def test_an_end_before_the_start_is_refused(
    site: None, edition: Any, rewrite: Any, approved: Any, publisher: Client
) -> None:
    paying = approved(rewrite(edition("paying", "en"), title="Tomorrow"))
    day = timezone.localtime() + timedelta(days=1)

    def end(at: Any) -> str:
        form = {**opened(publisher, paying), "expire_at": at.strftime("%Y-%m-%dT%H:%M"), "_expire": "1"}
        return str(publisher.post(url("change", paying.pk), form, follow=True).content.decode())

    assert "still to come" in end(day - timedelta(days=2))
    press(publisher, paying, "schedule", move_at=day.strftime("%Y-%m-%dT%H:%M"))
    assert "The end must be after the start." in end(day - timedelta(minutes=1))
    assert edition("paying", "en").expire_at is None
    page = end(day + timedelta(hours=1))
    assert edition("paying", "en").expire_at is not None
    assert page.count(f"in the site’s time ({timezone.localtime().tzname()})") >= 1
    press(publisher, paying, "unschedule")
    assert "The end must be" in press(
        publisher, paying, "schedule", move_at=(day + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    )


def test_a_scheduled_draft_that_cannot_be_published_comes_back(
    site: None, edition: Any, rewrite: Any, approved: Any, publisher: Client
) -> None:
    blocks = [{"type": "prose", "html": '<p><a href="level:iop">x</a></p>'}]
    paying = approved(rewrite(edition("paying", "en"), blocks=blocks))
    LevelOfCare.objects.filter(slug="iop").update(slug="renamed")
    at = timezone.localtime() + timedelta(days=1)
    press(publisher, paying, "schedule", move_at=at.strftime("%Y-%m-%dT%H:%M"))
    assert stages.run_due(at + timedelta(minutes=1)) == (0, 0)
    paying = edition("paying", "en")
    assert paying.stage == "draft" and "level:iop" in paying.stage_changes.first().note


def test_a_comment_stays_with_its_block_until_it_is_resolved(
    site: None, edition: Any, rewrite: Any, editor: Client, reviewer: Client
) -> None:
    staying = edition("staying", "en")
    reviewer.post(url("comment", staying.pk), {"comment_block": staying.blocks[1]["id"], "comment_text": "Say who."})
    assert "Block 2: It may fit someone who" in said(editor, staying)
    blocks = edition("staying", "en").document()["blocks"]
    rewrite(staying, blocks=[*blocks[2:], blocks[1]])
    comment = Comment.objects.get()
    assert f"Block {len(blocks) - 1}: It may fit someone who" in said(editor, staying)
    editor.post(url("resolve", staying.pk, comment.pk))
    comment.refresh_from_db()
    assert comment.resolved_by is not None and comment.resolved_by.username == "editor"


def test_suggestions_are_accepted_by_name_and_errors_are_not(
    site: None, edition: Any, rewrite: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    rewrite(
        paying, blocks=[{"type": "prose", "html": "<p>An addict.</p>"}, {"type": "prose", "html": "<p>Addicts.</p>"}]
    )
    press(editor, paying, "submit")
    assert "Read the suggestions first" in press(reviewer, paying, "approve")
    asked = press(reviewer, paying, "approve", read="on")
    assert re.search("Write “addict”, “[Aa]ddicts” in other words, or check that they stay.", asked)
    boxes = re.findall(r"<li>(?:(?!</li>).)*?may hurt.*?</li>", asked, re.DOTALL)
    stay = [unescape(str(re.findall(r'name="labels_stay" value="([^"]*)"', box)[0])) for box in boxes]
    assert len(set(stay)) == 2
    assert "check that they stay" in press(reviewer, paying, "approve", read="on", labels_stay=stay[:1])
    press(reviewer, paying, "approve", read="on", labels_stay=stay)
    approval = paying.stage_changes.get(move="approve")
    assert approval.by.username == "reviewer" and "“addict” may hurt" in approval.accepted[0]
    rewrite(edition("paying", "en"), blocks=[])
    press(editor, paying, "submit")
    assert "Fix the errors first" in press(reviewer, paying, "approve", read="on")


def test_suggestions_stand_open_before_the_button_that_accepts_them(
    site: None, edition: Any, rewrite: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    rewrite(paying, blocks=[{"type": "prose", "html": "<p>An addict.</p>"}])
    press(editor, paying, "submit")
    page = said(reviewer, paying)
    [listed] = re.findall(r'<div class="edition-problems"[^>]*><details open>.*?</details>', page, re.DOTALL)
    boxes = ('name="read"', 'name="labels_stay"')
    assert page.index(listed) < page.index('value="approve"')
    assert all(listed.count(box) == page.count(box) == 1 for box in boxes)
    assert not any(box in said(editor, paying) for box in boxes)


def test_an_approval_asks_while_a_comment_is_open(site: None, edition: Any, editor: Client, reviewer: Client) -> None:
    paying, asks = edition("paying", "en"), 'name="comments_stay"'
    press(editor, paying, "submit", title="Costs")
    assert asks not in said(reviewer, paying)
    reviewer.post(url("comment", paying.pk), {"comment_text": "Name the year."})
    page = press(reviewer, paying, "approve", read="on")
    assert "Not approved yet. A comment is open." in page and asks in page
    assert edition("paying", "en").stage == "review"
    press(reviewer, paying, "approve", read="on", comments_stay="on")
    assert edition("paying", "en").stage == "approved"
    assert paying.stage_changes.get(move="approve").accepted[-1] == "Open comment: Name the year."


def test_nothing_to_fix_never_stands_above_an_open_comment(
    site: None, edition: Any, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying, nothing = edition("paying", "en"), "Nothing to fix in the saved draft."
    monkeypatch.setattr("guides.admin.editions.edition_problems", lambda *_args: [])
    assert nothing in said(editor, paying)
    editor.post(url("comment", paying.pk), {"comment_text": "The year is missing."})
    assert nothing not in said(editor, paying) and "1 comment is open." in said(editor, paying)


def test_a_refusal_says_that_text_is_saved_only_where_some_was(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    assert "Your text is saved." not in press(editor, paying, "submit")
    assert "Your text is saved." in press(editor, paying, "approve", title="Costs again")


def test_open_comments_stand_where_the_draft_says_what_to_fix(site: None, edition: Any, editor: Client) -> None:
    paying = edition("paying", "en")
    assert "1 comment is open." not in said(editor, paying)
    editor.post(url("comment", paying.pk), {"comment_text": "The year is missing."})
    assert "1 comment is open." in said(editor, paying)
    editor.post(reverse("admin:guides_guideedition_resolve", args=[paying.pk, Comment.objects.get().pk]))
    assert "1 comment is open." not in said(editor, paying)


def test_an_ended_guide_says_so_to_its_editors_and_leads_to_the_other(
    site: None, edition: Any, editor: Client, client: Client
) -> None:
    spanish = edition("paying", "es")
    path = spanish.publication.path
    actions.unpublish(spanish, by=None, now=timezone.now())
    assert "It was public until its end date, " in said(editor, edition("paying", "es"))
    answer = client.get(path)
    assert answer.status_code == 410 and edition("paying", "en").publication.path in answer.content.decode()


def test_a_comment_that_waits_is_kept_and_said_at_every_press(
    site: None, edition: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    page = press(editor, paying, "submit", title="Costs", comment_text="Is the fee still right?", comment_block="")
    assert "Your comment is not sent yet" in page and edition("paying", "en").stage == "review"
    assert not Comment.objects.exists() and ">Is the fee still right?</textarea>" in said(editor, paying)
    page = press(reviewer, paying, "approve", read="on", comment_text="Fine.", move_note="")
    assert "Your comment is not sent yet" in page
    editor.post(url("change", paying.pk), {**opened(editor, paying), "_comment": "1"})  # as where no script runs
    assert Comment.objects.get().text == "Is the fee still right?"
    page = said(editor, paying)
    assert "not sent yet" not in page and ">Is the fee still right?</textarea>" not in page


def test_a_refused_approval_keeps_its_tick(site: None, edition: Any, editor: Client, reviewer: Client) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    reviewer.post(url("comment", paying.pk), {"comment_text": "Name the year."})
    page = press(reviewer, paying, "approve", comments_stay="on", move_note="Name the year.")
    assert "Not approved yet." in page and 'name="comments_stay" checked' in page
    reviewer.post(url("change", paying.pk), {**opened(reviewer, paying), "_draft": "1"})
    assert 'name="comments_stay" checked' not in said(reviewer, paying)


def test_a_note_that_waits_is_said_at_a_save(site: None, edition: Any, editor: Client, reviewer: Client) -> None:
    paying = edition("paying", "en")
    press(editor, paying, "submit", title="Costs")
    draft = {**opened(reviewer, paying), "move_note": "Name the year.", "_draft": "1"}
    page = reviewer.post(url("change", paying.pk), draft, follow=True).content.decode()
    assert "“What should change” is not sent yet" in page


def test_who_approves_reads_who_checked_the_text_and_when(
    site: None, edition: Any, editor: Client, reviewer: Client
) -> None:
    paying = edition("paying", "en")
    person = Person.objects.create(key="alex", name="Alex Sample")
    Guide.objects.filter(pk=paying.guide_id).update(reviewer=person, last_reviewed="2026-05-30")
    press(editor, paying, "submit", title="Costs")
    shown = " ".join(re.sub(r"<[^>]+>", "", said(reviewer, paying)).split())
    assert "With this text, visitors will read:" in shown
    assert "Checked by Alex Sample · Last reviewed May 30, 2026" in shown
