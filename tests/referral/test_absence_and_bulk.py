"""A colleague is ill: their families are seen and worked on. Several are assigned, snoozed or closed at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from messaging.models import Message
from privacy.models import AccessEvent
from referral.actions.common import FAMILY, Actor
from referral.actions.referrals import add_note, snooze_referral, take
from referral.actions.replies import hear_family
from referral.actions.tasks import add_task
from referral.lifecycle import UNDO_TIME
from referral.message_contexts import contexts
from referral.models import Absence, Referral, Task, TimelineEntry
from referral.timeline import for_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BULK = "/staff/bulk/"


@pytest.fixture
def olga(make_user: Callable[..., Any]) -> Any:
    return make_user("olga", "Navigators", first_name="Olga", last_name="Navigator")


@pytest.fixture
def hers(make_referral: Callable[..., Referral], olga: Any) -> list[Referral]:
    """Two families of Olga, written down today."""
    now = timezone.now()
    made = [make_referral(contact_name=f"Family {n}", phone=f"+1626555020{n}", at=now) for n in (1, 2)]
    return [take(each.pk, actor=Actor.of(olga), now=now) for each in made]


def ill(client: Client, user: Any, cover: Any) -> Any:
    today = str(timezone.localdate())
    typed = {"user": user.pk, "cover": cover.pk, "first_day": today, "last_day": today}
    return client.post("/staff/away/", typed)


def rows(*referrals: Referral) -> list[str]:
    return [f"{each.pk}:{Referral.objects.get(pk=each.pk).version}" for each in referrals]


def test_assigning_shows_what_is_pressing_and_how_many_each_has(
    make_referral: Callable[..., Referral],
    taken: Referral,
    supervisor: Any,
    sign_in: Callable[[Any], Client],
    now: datetime,
) -> None:
    calm, late, urgent = (
        make_referral(at=now - timedelta(hours=hours), contact_name=name, phone="", email=f"{name}@example.org")
        for name, hours in (("Calm", 1), ("Late", 200), ("Urgent", 2))
    )
    Referral.objects.filter(pk__in=[urgent.pk, taken.pk]).update(urgency="urgent")
    rows = [f"{each.pk}:{each.version}" for each in (calm, late, urgent)]
    with travel(now, tick=False):
        page = sign_in(supervisor).post("/staff/bulk/", {"do": "assign", "row": rows}).content.decode()
    assert "Nora Navigator: 1 open, 1 urgent" in page and "Sam Supervisor: 0 open, 0 urgent" in page
    listed = page[page.index('id="listed"') :]
    assert listed.index("Urgent</strong>") < listed.index("Late</strong>") < listed.index("Calm</strong>")
    assert "days late" in listed


def test_a_navigator_covers_for_a_colleague_who_is_ill(
    staff: Client, navigator: Any, olga: Any, hers: list[Referral]
) -> None:
    assert "Family 1" not in staff.get("/staff/?show=active").content.decode()
    assert ill(staff, olga, navigator).status_code == 302
    for query in ("show=active", "show=active&who=cover"):
        page = staff.get(f"/staff/?{query}").content.decode()
        assert "Family 1" in page and "you cover" in page
    assert "Family 1" not in staff.get("/staff/?show=active&who=mine").content.decode()
    absence = Absence.objects.get()
    assert absence.recorded_by == navigator
    staff.post(f"/staff/away/{absence.pk}/back/")
    assert not Absence.objects.on(timezone.localdate()).exists()
    assert "Family 1" not in staff.get("/staff/?show=active").content.decode()
    assert "No one is away." in staff.get("/staff/away/").content.decode()


def test_who_is_said_to_be_away_and_supervisors_are_told_at_once(
    staff: Client, navigator: Any, olga: Any, supervisor: Any, hers: list[Referral]
) -> None:
    ill(staff, olga, navigator)
    told = Message.objects.filter(template="staff-absence")
    assert {each.address for each in told} == {olga.email, supervisor.email}
    (context,) = contexts([told[0].reference], timezone.now()).values()
    assert (context["away"], context["by"]) == ("Olga Navigator", navigator.get_full_name())  # type: ignore[index]
    staff.post(f"/staff/away/{Absence.objects.get().pk}/back/")
    assert contexts([told[0].reference], timezone.now())[told[0].reference] == context  # ended, it is told all the same


def test_nobody_is_told_of_ones_own_absence(staff: Client, navigator: Any, olga: Any, supervisor: Any) -> None:
    assert ill(staff, navigator, olga).status_code == 302
    assert not Message.objects.filter(template="staff-absence").exists()


def test_a_navigator_says_only_what_concerns_them(
    staff: Client, navigator: Any, supervisor: Any, olga: Any, sign_in: Callable[[Any], Client]
) -> None:
    assert ill(staff, olga, supervisor).status_code == 422 and not Absence.objects.exists()
    assert ill(staff, olga, olga).status_code == 422
    assert ill(sign_in(supervisor), olga, navigator).status_code == 302
    third = sign_in(supervisor)
    assert ill(third, navigator, olga).status_code == 422  # who covers is away
    assert Absence.objects.count() == 1


def test_everyones_queue_names_who_has_a_family_and_no_more(staff: Client, hers: list[Referral]) -> None:
    page = staff.get("/staff/?show=active&who=all").content.decode()
    assert "Family 1" in page and "Olga Navigator" in page
    assert "+16265550201" not in page and f"/staff/referral/{hers[0].pk}/" not in page


def test_counts_follow_the_filters(staff: Client, hers: list[Referral], taken: Referral) -> None:
    page = staff.get("/staff/?show=active&who=all").content.decode()
    assert 'Active <span class="count">3</span>' in page
    assert 'Active <span class="count">1</span>' in staff.get("/staff/?show=new&who=mine").content.decode()


def test_whoever_covers_takes_the_families_over_at_once(
    staff: Client, navigator: Any, olga: Any, hers: list[Referral]
) -> None:
    ill(staff, olga, navigator)
    asked = staff.post(BULK, {"do": "assign", "row": rows(*hers)}).content.decode()
    assert "Family 1" in asked and "Family 2" in asked
    typed = {"do": "assign", "row": rows(*hers), "confirmed": "1", "to": navigator.pk, "note": "Olga is ill."}
    assert staff.post(BULK, typed).status_code == 302
    assert set(Referral.objects.values_list("assigned_to__username", flat=True)) == {"navigator"}


def test_a_supervisor_assigns_several_and_hears_of_what_was_not_done(
    supervisor: Any, navigator: Any, hers: list[Referral], sign_in: Callable[[Any], Client]
) -> None:
    client, stale = sign_in(supervisor), [*rows(hers[0]), f"{hers[1].pk}:1"]
    typed = {"do": "assign", "row": stale, "confirmed": "1", "to": navigator.pk, "note": ""}
    refused = client.post(BULK, typed)
    assert (refused.status_code, "Write what your colleague must know." in refused.content.decode()) == (422, True)
    page = client.post(BULK, {**typed, "note": "Olga is ill."}, follow=True).content.decode()
    assert "Assigned to Nora Navigator:" in page and f"{hers[1].public_code}: Someone changed this referral" in page
    assert "Still with Olga Navigator, under all tabs: 1. Of them ask for help now: 0." in page
    rest = f"{BULK}all/{hers[1].assigned_to_id}/"
    assert f'<a href="{rest}">Assign this one, too</a>' in page
    asked = client.get(rest).content.decode()
    assert "Assign 1 referral" in asked and f'value="{rows(hers[1])[0]}"' in asked
    owners = Referral.objects.order_by("pk").values_list("assigned_to__username", flat=True)
    assert list(owners) == ["navigator", "olga"]


def test_back_from_several_keeps_the_rows_checked(staff: Client, taken: Referral) -> None:
    (chosen,) = rows(taken)
    asked = staff.post(BULK, {"do": "close", "row": [chosen], "back": "show=active"})
    assert 'name="again"' in asked.content.decode()
    sent = {"do": "close", "row": [chosen], "back": "show=active", "confirmed": "1", "again": "1"}
    answer = staff.post(BULK, sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/staff/?show=active"
    assert re.search(f'value="{chosen}"[^>]* checked', answer.content.decode())
    assert Referral.objects.get(pk=taken.pk).is_open
    assert not re.search(f'value="{chosen}"[^>]* checked', staff.get("/staff/?show=active").content.decode())


def test_several_are_closed_only_with_a_reason(
    supervisor: Any, hers: list[Referral], sign_in: Callable[[Any], Client]
) -> None:
    client = sign_in(supervisor)
    typed = {"do": "close", "row": rows(*hers), "confirmed": "1", "closing": "unreachable"}
    assert client.post(BULK, typed).status_code == 422
    assert client.post(BULK, {**typed, "reason": "Tried for weeks."}).status_code == 302
    assert set(Referral.objects.values_list("status", flat=True)) == {"closed"}


def test_nobody_reaches_the_families_of_others_by_their_numbers(staff: Client, hers: list[Referral]) -> None:
    for do in ("assign", "snooze", "close"):
        asked = staff.post(BULK, {"do": do, "row": rows(*hers)}).content.decode()
        assert "Family 1" not in asked and hers[0].public_code not in asked
    typed = {"do": "close", "row": rows(*hers), "confirmed": "1", "closing": "other", "reason": "x"}
    staff.post(BULK, typed)
    assert set(Referral.objects.values_list("status", flat=True)) == {"active"}


@pytest.mark.parametrize("row", ["", "1", "a:b", "1:2:3", f"{'9' * 30}:1", "-1:1", "٣:1"])
def test_odd_rows_change_nothing(staff: Client, hers: list[Referral], row: str) -> None:
    assert staff.post(BULK, {"do": "close", "row": row, "confirmed": "1"}).status_code in (302, 422)


def test_a_snooze_survives_a_thank_you_and_wakes_for_more(make_referral: Callable[..., Referral], nora: Actor) -> None:
    now = timezone.now()
    referral = take(make_referral(at=now).pk, actor=nora, now=now)
    until = now + timedelta(days=3)
    referral = snooze_referral(referral.pk, until=until, actor=nora, now=now)
    assert referral.next_action_at == until
    later = now + timedelta(hours=1)
    hear_family(referral.pk, "Thank you so much!", actor=FAMILY, now=later)
    assert Referral.objects.get(pk=referral.pk).next_action_at == until
    hear_family(referral.pk, "They did not let him in.", actor=FAMILY, now=later)
    assert Referral.objects.get(pk=referral.pk).next_action_at == later
    line = TimelineEntry.objects.get(kind=TimelineEntry.Kind.SNOOZED)
    assert for_staff(line).startswith("Snoozed until ") and "stays due" not in for_staff(line)


def test_a_snooze_says_that_what_is_urgent_stays_due(taken: Referral, nora: Actor, now: datetime) -> None:
    add_task(taken.pk, kind="call", text="", urgent=True, due_at=now, actor=nora, now=now)
    snooze_referral(taken.pk, until=now + timedelta(days=3), actor=nora, now=now)
    assert for_staff(taken.timeline.get(kind="snoozed")).endswith(" What is urgent stays due.")


def test_a_queue_that_fetches_itself_anew_is_one_look(staff: Client, navigator: Any, taken: Referral) -> None:
    for headers in ({}, {"Waymark-Refresh": "1"}, {"Waymark-Refresh": "1"}):
        assert "Rosa Sample" in staff.get("/staff/?show=active", headers=headers).content.decode()
    looks = AccessEvent.objects.filter(actor=navigator, purpose="queue, active")
    assert [each.subject for each in looks] == [taken.key]


def test_a_snooze_of_several_says_what_is_still_due(
    make_referral: Callable[..., Referral], staff: Client, nora: Actor
) -> None:
    now = timezone.now()
    calm, urgent = (take(make_referral().pk, actor=nora, now=now) for _each in range(2))
    add_task(urgent.pk, kind="other", due_at=now, urgent=True, actor=nora, now=now)
    rows = [f"{each.pk}:{Referral.objects.get(pk=each.pk).version}" for each in (calm, urgent)]
    until = str(timezone.localdate() + timedelta(days=3))
    page = staff.post("/staff/bulk/", {"do": "snooze", "row": rows, "confirmed": "1", "until": until}, follow=True)
    said = [str(each) for each in page.context["messages"]]
    assert f"Not put off, as something in it is urgent: Rosa Sample ({urgent.public_code})." in said


@pytest.mark.parametrize("do", ["snooze", "assign", "close"])
def test_what_was_done_with_several_is_named_and_taken_back(
    do: str, supervisor: Any, navigator: Any, hers: list[Referral], sign_in: Callable[[Any], Client]
) -> None:
    client, until = sign_in(supervisor), str(timezone.localdate() + timedelta(days=3))
    asked = {
        "snooze": {"until": until},
        "assign": {"to": navigator.pk, "note": "Olga is ill."},
        "close": {"closing": "unreachable", "reason": "Tried for weeks."},
    }[do]
    facts = ("status", "assigned_to", "snoozed_until", "closing", "next_action_at")
    before = list(Referral.objects.order_by("pk").values_list(*facts))
    tasks = set(Task.objects.open().values_list("pk", flat=True))
    said = client.post(BULK, {"do": do, "row": rows(*hers), "confirmed": "1", **asked}, follow=True).content.decode()
    for each in hers:
        assert f'<a href="/staff/referral/{each.pk}/">{each.contact}</a>' in said
    assert f'action="{BULK}undo/"' in said and list(Referral.objects.order_by("pk").values_list(*facts)) != before
    back = client.post(f"{BULK}undo/", follow=True).content.decode()
    codes = ", ".join(each.public_code for each in sorted(hers, key=lambda each: each.pk))
    assert f"Taken back: {codes}." in back and f'action="{BULK}undo/"' not in back
    assert list(Referral.objects.order_by("pk").values_list(*facts)) == before
    assert set(Task.objects.open().values_list("pk", flat=True)) == tasks


def test_what_somebody_went_on_with_is_not_taken_back(
    supervisor: Any, navigator: Any, hers: list[Referral], sign_in: Callable[[Any], Client]
) -> None:
    client = sign_in(supervisor)
    typed = {"do": "assign", "row": rows(*hers), "confirmed": "1", "to": navigator.pk, "note": "Olga is ill."}
    client.post(BULK, typed)
    now = timezone.now()
    add_note(hers[0].pk, "Called, and agreed on Monday.", actor=Actor.of(navigator), now=now)
    back = client.post(f"{BULK}undo/", follow=True).content.decode()
    assert f"{hers[0].public_code}: something was done with it since. It stays." in back
    owners = Referral.objects.order_by("pk").values_list("assigned_to__username", flat=True)
    assert list(owners) == ["navigator", "olga"]
    client.post(BULK, {**typed, "row": rows(hers[1])})
    with travel(now + UNDO_TIME + timedelta(minutes=1), tick=False):
        assert f'action="{BULK}undo/"' not in client.get("/staff/").content.decode()
        assert "It is too late" in client.post(f"{BULK}undo/", follow=True).content.decode()
