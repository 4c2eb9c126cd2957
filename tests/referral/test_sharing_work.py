"""Several people work on families: each finds who has whom, hands over, gives back, and covers for a colleague."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from privacy.models import AccessEvent
from referral.actions.closing import close_referral
from referral.actions.common import Actor, NotYours
from referral.actions.referrals import add_note, hand_over, take
from referral.models import Absence, Referral, Task
from workspace.forms import AssignForm

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def cora(make_user: Callable[..., Any]) -> Any:
    return make_user("cora", "Navigators", first_name="Cora", last_name="Colleague")


@pytest.fixture
def colleague(cora: Any, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cora)


def press(client: Client, referral: Referral, command: str, **typed: Any) -> Any:
    version = Referral.objects.get(pk=referral.pk).version
    return client.post(f"/staff/referral/{referral.pk}/{command}/", {"version": version, **typed})


def away(user: Any, cover: Any, first: int = 0, last: int = 0) -> Absence:
    today = timezone.localdate()
    row: Absence = Absence.objects.create(
        user=user, cover=cover, first_day=today + timedelta(days=first), last_day=today + timedelta(days=last)
    )
    return row


# Found by everybody


def test_a_search_says_who_has_an_open_referral_and_no_more(
    taken: Referral, colleague: Client, nora: Actor, now: datetime
) -> None:
    add_note(taken.pk, "Lives with her sister.", actor=nora, now=now)
    page = colleague.post("/staff/search/", {"q": "+1 626 555 0142"}).content.decode()
    for shown in ("Rosa Sample", taken.public_code, "Active", "Nora Navigator"):
        assert shown in page
    for hidden in ("sister", "Call the family", f"/staff/referral/{taken.pk}/"):
        assert hidden not in page
    assert colleague.get(f"/staff/referral/{taken.pk}/").status_code == 404
    assert AccessEvent.objects.filter(subject=taken.key, action="searched", actor__username="cora").exists()


def test_a_search_does_not_name_what_a_colleague_has_closed(
    taken: Referral, colleague: Client, nora: Actor, now: datetime
) -> None:
    close_referral(taken.pk, closing="declined", reason="They found a bed.", actor=nora, now=now)
    assert "Rosa Sample" not in colleague.post("/staff/search/", {"q": "Rosa"}).content.decode()


def test_the_same_phone_is_listed_in_both_directions(
    taken: Referral, make_referral: Callable[..., Referral], staff: Client, colleague: Client, cora: Any, now: datetime
) -> None:
    other = take(make_referral(contact_name="Ro").pk, actor=Actor.of(cora), now=now)
    for client, own, theirs, name in (
        (staff, taken, other, "Cora Colleague"),
        (colleague, other, taken, "Nora Navigator"),
    ):
        page = client.get(f"/staff/referral/{own.pk}/").content.decode()
        assert f"{name} works with the same phone or email: {theirs.public_code}." in page
        assert f"/staff/referral/{theirs.pk}/" not in page
    assert AccessEvent.objects.filter(subject=other.key, purpose="same phone or email").count() == 1


# Handed over and given back


def test_a_hand_over_carries_its_note_to_the_colleagues_queue(
    taken: Referral, staff: Client, colleague: Client, cora: Any
) -> None:
    refused = press(staff, taken, "hand_over", to=cora.pk, note=" ")
    assert (refused.status_code, "Write what your colleague must know." in refused.content.decode()) == (422, True)
    assert press(staff, taken, "hand_over", to=cora.pk, note="She speaks only in the evening.").status_code == 302
    assert staff.get(f"/staff/referral/{taken.pk}/").status_code == 404
    assert "A colleague handed this over: read the note" in colleague.get("/staff/").content.decode()
    page = colleague.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert page.count("She speaks only in the evening.") == 2  # in the task and on the timeline


def test_nobody_hands_over_what_a_colleague_has(taken: Referral, cora: Any, now: datetime) -> None:
    with pytest.raises(NotYours):
        hand_over(taken.pk, cora, "To me.", actor=Actor.of(cora), now=now)


def test_what_is_given_back_waits_in_the_queue_until_somebody_takes_it(
    taken: Referral, staff: Client, colleague: Client, cora: Any
) -> None:
    assert press(staff, taken, "give_back", note="").status_code == 422
    assert press(staff, taken, "give_back", note="I am ill.").status_code == 302
    page = colleague.get("/staff/").content.decode()
    assert "Given back: unassigned" in page
    assert "I am ill." in colleague.get(f"/staff/referral/{taken.pk}/").content.decode()
    planned = taken.followups.count()
    assert press(colleague, taken, "take").status_code == 302
    taken.refresh_from_db()
    assert (taken.assigned_to, taken.status, taken.followups.count()) == (cora, "active", planned)
    assert press(staff, taken, "take").status_code == 409


def test_what_somebody_has_is_not_taken(taken: Referral, supervisor: Any, sign_in: Callable[[Any], Client]) -> None:
    client = sign_in(supervisor)
    assert press(client, taken, "take").status_code == 409
    assert "/take/" not in client.get(f"/staff/referral/{taken.pk}/").content.decode()


# Covered


def test_who_covers_has_the_families_of_who_is_away_marked_so(
    taken: Referral, colleague: Client, cora: Any, navigator: Any
) -> None:
    assert "Rosa Sample" not in colleague.get("/staff/?show=active").content.decode()
    away(navigator, cora)
    for query in ("show=active", "show=active&who=cover"):
        page = colleague.get(f"/staff/?{query}").content.decode()
        assert "Rosa Sample" in page
        assert "you cover" in page
    assert press(colleague, taken, "note", note="She called.").status_code == 302
    Absence.objects.all().delete()
    assert colleague.get(f"/staff/referral/{taken.pk}/").status_code == 404


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-5, -1)])
def test_a_cover_begins_and_ends_with_its_days(
    taken: Referral, colleague: Client, cora: Any, navigator: Any, first: int, last: int
) -> None:
    away(navigator, cora, first, last)
    assert colleague.get(f"/staff/referral/{taken.pk}/").status_code == 404


def test_whoever_is_away_is_named_so_where_work_is_given(cora: Any, navigator: Any) -> None:
    row = away(navigator, cora, 0, 3)
    labels = [label for _value, label in AssignForm().fields["to"].choices]  # type: ignore[attr-defined]
    assert f"Nora Navigator: 0 open, 0 urgent, away until {row.last_day:%b} {row.last_day.day}" in labels


@pytest.mark.parametrize(
    ("days", "cover", "fault"),
    [
        (("2026-03-05", "2026-03-04"), "cora", "last_day"),
        (("2026-03-05", "9999-12-31"), "cora", "last_day"),
        (("2026-03-05", "2026-03-06"), "navigator", "cover"),
        (("2026-03-05", "2026-03-06"), "cora", "cover"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_in_the_admin(
    supervisor: Any, cora: Any, navigator: Any, sign_in: Callable[[Any], Client], days: tuple[str, str], cover: str,
    fault: str,
) -> None:  # fmt: skip
    if fault == "cover":
        Absence.objects.create(user=cora, cover=supervisor, first_day=date(2026, 3, 6), last_day=date(2026, 3, 9))
    client, covers = sign_in(supervisor), {"cora": cora.pk, "navigator": navigator.pk}
    typed = {"user": navigator.pk, "cover": covers[cover], "first_day": days[0], "last_day": days[1]}
    answer = client.post("/admin/referral/absence/add/", typed)
    assert list(answer.context["adminform"].form.errors) == [fault]
    good = {**typed, "cover": cora.pk, "first_day": "2026-03-10", "last_day": "2026-03-11"}
    assert client.post("/admin/referral/absence/add/", good).status_code == 302


def test_who_has_a_family_is_said_to_a_colleague_who_opens_it(taken: Referral, colleague: Client) -> None:
    answer = colleague.get(f"/staff/referral/{taken.pk}/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert taken.public_code in page and "typing mistake" not in page
    assert "Nora Navigator has this family" in page and "Leave a message for Nora Navigator" in page
    assert taken.contact.name not in page and taken.patient.name not in page
    assert AccessEvent.objects.filter(subject=taken.key, action="searched").exists()
    assert "typing mistake" in colleague.get("/staff/referral/999999/").content.decode()


# A family calls whoever has the phone


def test_a_word_for_a_colleague_is_a_task_with_the_number(
    taken: Referral, colleague: Client, staff: Client, nora: Actor, now: datetime
) -> None:
    add_note(taken.pk, "Lives with her sister.", actor=nora, now=now)
    found = colleague.post("/staff/search/", {"q": "Rosa"}).content.decode()
    address = f"/staff/colleague/{taken.pk}/"
    assert address in found
    page = colleague.get(address)
    assert page.status_code == 200
    assert "sister" not in page.content.decode() and taken.contact.name not in page.content.decode()
    assert colleague.post(f"{address}word/", {"version": taken.version, "said": " "}).status_code == 422
    typed = {"version": taken.version, "said": "Leo will not eat.", "number": "6265550177"}
    for _press in range(2):
        answer = colleague.post(f"{address}word/", typed, follow=True)
        assert "Your colleague has a task to call back, with your words." in answer.content.decode()
    task = Task.objects.get(referral=taken, by_hand=True)
    assert (task.kind, task.text) == ("call", "Cora Colleague: Leo will not eat.\n(626) 555-0177")
    read = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Leo will not eat." in read and "(626) 555-0177" in read
    assert colleague.get(f"/staff/referral/{taken.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("number", "taken_down"),
    [
        ("911", False),
        ("555-0142", False),
        ("her sister", False),
        ("626-555-0142 x12", True),
        ("+52 55 1234 5678", True),
    ],
)
def test_a_number_to_call_back_is_a_whole_one(
    taken: Referral, colleague: Client, number: str, taken_down: bool
) -> None:
    typed = {"version": taken.version, "said": "Leo will not eat.", "number": number}
    answer = colleague.post(f"/staff/colleague/{taken.pk}/word/", typed)
    assert (answer.status_code == 302) == Task.objects.filter(by_hand=True).exists() == taken_down
    assert taken_down or "Enter the whole number" in answer.content.decode()


def test_a_word_of_a_family_that_asks_for_help_calls_duty(taken: Referral, colleague: Client, supervisor: Any) -> None:
    for version in (taken.version, taken.version + 7):
        typed = {"version": version, "said": "He took pills.", "asks_now": "on"}
        assert colleague.post(f"/staff/colleague/{taken.pk}/word/", typed).status_code == 302
    task = Task.objects.crises().get(referral=taken)
    assert task.urgent and task.called_at is not None


def test_a_family_is_taken_over_only_while_its_navigator_is_away(
    taken: Referral, colleague: Client, cora: Any, navigator: Any, supervisor: Any
) -> None:
    address = f"/staff/colleague/{taken.pk}/take-over/"
    typed = {"version": taken.version, "reason": "She calls, and Nora is ill."}
    assert "take-over" not in colleague.get(f"/staff/colleague/{taken.pk}/").content.decode()
    assert colleague.post(address, typed).status_code == 409
    taken.refresh_from_db()
    assert taken.assigned_to == navigator
    away(navigator, supervisor)
    assert "take-over" in colleague.get(f"/staff/colleague/{taken.pk}/").content.decode()
    assert colleague.post(address, {**typed, "reason": ""}).status_code == 422
    assert colleague.post(address, typed).headers["Location"] == f"/staff/referral/{taken.pk}/"
    assert "She calls, and Nora is ill." in colleague.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert AccessEvent.objects.filter(subject=taken.key, actor=cora, action="viewed").exists()


def test_a_new_call_from_a_colleagues_family_leads_to_a_word(taken: Referral, colleague: Client) -> None:
    key = str(uuid.uuid4())
    typed = {"key": key, "phone": "626-555-0142", "message": "Please call me back."}
    beside = colleague.post("/staff/new/save/", typed, HTTP_HX_REQUEST="true").content.decode()
    link = f"/staff/colleague/{taken.pk}/?draft={key}"
    assert link in beside
    page = colleague.get(link).content.decode()
    assert "Please call me back.</textarea>" in page and 'value="626-555-0142"' in page


def test_the_page_of_what_one_may_open_is_the_referrals_own(taken: Referral, staff: Client) -> None:
    assert staff.get(f"/staff/colleague/{taken.pk}/").headers["Location"] == f"/staff/referral/{taken.pk}/"
    assert staff.get("/staff/colleague/999999/").status_code == 404
