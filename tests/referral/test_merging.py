"""Two referrals of one family become one by a decision, and are taken apart with both histories whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Program
from messaging.models import Message
from portal.views.own import elsewhere
from privacy.models import AccessEvent
from referral.actions.closing import close_referral
from referral.actions.common import FAMILY, Actor, CannotMerge, NotYours, Stale, new_task
from referral.actions.merging import differences, merge_referrals, preview_merge, unmerge_referral
from referral.actions.moving import reopen_referral
from referral.actions.placements import accept_placement, start_placement, waitlist_placement
from referral.actions.referrals import add_note, take
from referral.actions.replies import hear_family
from referral.actions.sending import send_to_program
from referral.lifecycle import Refused
from referral.models import Consent, FamilyLink, FollowUp, Referral, Task, TimelineEntry
from referral.timeline import for_family, for_staff
from tests.referral.desks import at_the_desk, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def fresh(referral: Referral) -> Referral:
    found: Referral = Referral.objects.select_related("contact").get(pk=referral.pk)
    return found


@pytest.fixture
def twin(taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime) -> Referral:
    """The same family once more, from another address and under its own consent."""
    asked = make_referral(email="rosa.s@example.org")
    Referral.objects.filter(pk__in=[taken.pk, asked.pk]).update(contacted_at=now)  # we have talked with both
    return take(asked.pk, actor=nora, now=now)


@pytest.fixture
def merge(taken: Referral, twin: Referral, nora: Actor, now: datetime) -> Callable[..., Referral]:
    def together(*, other_contact: bool = False, at: datetime = now) -> Referral:
        return merge_referrals(taken.pk, twin.pk, other_contact=other_contact, actor=nora, now=at)

    return together


def waiting(referral: Referral) -> int:
    keys = [f"referral:{referral.pk}", f"news:{referral.pk}", *(each.key for each in referral.followups.all())]
    return Message.objects.filter(reference__in=keys).pending().count()


def test_one_goes_on_and_the_other_ends_as_its_duplicate(
    merge: Callable[..., Referral], taken: Referral, twin: Referral
) -> None:
    keep = merge()
    gone = fresh(twin)
    assert (keep.status, gone.status, gone.closing, gone.merged_into_id) == ("active", "closed", "duplicate", keep.pk)
    assert for_staff(keep.timeline.latest("pk")) == f"Merged with {twin.public_code}. This one goes on."
    assert "A navigator goes on with both as one" in for_family(gone.timeline.latest("pk"))
    gone.service_area = None
    assert elsewhere(gone) == {}  # nobody looked in vain


def test_messages_planned_twice_are_one_after(merge: Callable[..., Referral], taken: Referral, twin: Referral) -> None:
    before = waiting(taken)
    assert before and waiting(twin)
    merge()
    assert (waiting(taken), waiting(twin)) == (before, 1)  # that its request is closed, where it alone is reached
    assert not twin.followups.pending().exists()


def test_tasks_go_over_and_of_two_of_a_kind_one_is_left(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, now: datetime
) -> None:
    hear_family(twin.pk, "Is anybody there?", actor=FAMILY, now=now)
    merge()
    kinds = sorted(taken.tasks.open().values_list("kind", flat=True))
    assert kinds == ["call", "reply"] and not twin.tasks.open().exists()
    assert taken.tasks.get(kind=Task.Kind.REPLY).text == "Is anybody there?"


def test_the_contact_that_was_chosen_is_written_to(
    merge: Callable[..., Referral], taken: Referral, twin: Referral
) -> None:
    keep = fresh(merge(other_contact=True))
    assert keep.contact == twin.contact
    assert not FamilyLink.objects.filter(referral=keep, revoked_at=None).exists()
    going = Message.objects.filter(reference__in=[each.key for each in keep.followups.all()]).pending()
    assert going and {each.person_key for each in going} == {twin.contact.key}


def test_consents_stay_with_who_gave_them_and_hold_for_one_person(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, now: datetime
) -> None:
    own = twin.consents.get()
    keep = merge()
    held = keep.consents.live(now)
    assert held.count() == 2 and held.get(carried_from=own).signed_name == own.signed_name
    assert twin.consents.get() == own and own.is_live(now)


def of_another(referral: Referral) -> Referral:
    """Its consent is about Leo."""
    referral.patient.name = "Leo Sample"
    referral.patient.save()
    return referral


def test_a_consent_about_another_person_is_not_carried(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    other = of_another(make_referral())
    preview = preview_merge(taken, other, now)
    assert not preview.carried and len(preview.left) == 1
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert taken.consents.count() == 1


def test_taken_apart_both_are_as_they_were(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, nora: Actor, now: datetime
) -> None:
    hear_family(twin.pk, "Is anybody there?", actor=FAMILY, now=now)
    lines = {each.pk: each.timeline.count() for each in (taken, twin)}
    planned, old = twin.followups.pending().count(), taken.contact_id
    merge(other_contact=True)
    later = now + timedelta(minutes=5)
    apart = unmerge_referral(twin.pk, "Two sisters.", actor=nora, now=later)
    assert (apart.status, apart.merged_into, apart.closing) == ("active", None, "")
    assert fresh(taken).contact_id == old
    assert taken.consents.live(later).count() == 1 and twin.consents.live(later).count() == 1
    assert "reply" not in taken.tasks.open().values_list("kind", flat=True)
    assert {"reply", "call"} <= set(twin.tasks.open().values_list("kind", flat=True))
    assert twin.followups.pending().count() == planned and waiting(twin)
    for each in (taken, twin):  # nothing is lost from either history, and both tell of it
        kinds = list(each.timeline.values_list("kind", flat=True))
        assert len(kinds) >= lines[each.pk] + 2 and kinds[-1] == "unmerged"


def test_a_request_under_the_others_consent_ends_when_they_part(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    Consent.objects.filter(referral=taken).update(revoked_at=now)
    merge()
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    unmerge_referral(twin.pk, "Two sisters.", actor=nora, now=now)
    asked.refresh_from_db()
    assert asked.status == "cancelled"


@pytest.mark.usefixtures("at_now")
def test_a_request_goes_over_with_its_disclosures_and_comes_back(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    second = Program.objects.public().exclude(pk=program.pk).earliest("pk")
    send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    asked = send_to_program(twin.pk, second, ["contact"], actor=nora, now=now)
    merge()
    asked.refresh_from_db()
    assert asked.referral_id == taken.pk and asked.disclosures.count() == 1
    page = page_of(at_the_desk(asked, now), asked).content.decode()
    assert f"{taken.public_code} · until now {twin.public_code}" in page
    accept_placement(asked.pk, actor=nora, now=now)  # it is worked on where it is
    unmerge_referral(twin.pk, "Two sisters.", actor=nora, now=now + timedelta(minutes=5))
    asked.refresh_from_db()
    assert (asked.referral_id, asked.status, asked.disclosures.count()) == (twin.pk, "accepted", 2)
    assert not taken.tasks.open().filter(placement=asked).exists()


def test_of_two_requests_to_one_program_the_farther_one_is_kept(
    merge: Callable[..., Referral],
    taken: Referral,
    twin: Referral,
    program: Program,
    nora: Actor,
    now: datetime,
    post: Callable[..., Any],
) -> None:
    mine = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    hers = send_to_program(twin.pk, program, ["contact"], actor=nora, now=now)
    waitlist_placement(hers.pk, actor=nora, now=now)
    post(now)
    preview = preview_merge(fresh(taken), fresh(twin), now)
    assert (preview.goes, preview.ends) == ([hers], [mine])
    merge()
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.status, hers.status, hers.referral_id) == ("cancelled", "waitlisted", taken.pk)
    assert Message.objects.filter(reference=f"ended:{mine.pk}").exists()
    line = for_staff(taken.timeline.latest("pk"))
    assert f"came over: {program}" in line and f"canceled: {program}" in line
    later = now + timedelta(minutes=5)
    unmerge_referral(twin.pk, "Two sisters.", actor=nora, now=later)
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.status, hers.status, hers.referral_id) == ("requested", "waitlisted", twin.pk)
    assert not Message.objects.filter(reference=f"ended:{mine.pk}").pending().exists()
    assert Message.objects.filter(reference=f"placement:{mine.pk}").pending().exists()  # asked anew


def test_a_request_about_another_person_ends_and_the_page_says_so(
    staff: Client, taken: Referral, make_referral: Callable[..., Referral], program: Program, nora: Actor, now: datetime
) -> None:
    Consent.objects.update(expires_at=None)
    other = take(of_another(make_referral()).pk, actor=nora, now=now)
    send_to_program(other.pk, program, ["contact"], actor=nora, now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/same/{other.pk}/?so=1").content.decode()
    assert "is canceled" in page and "Merge, and cancel 1 request" in page
    assert "No consent of the one that goes on covers it." in page
    merge_referrals(taken.pk, other.pk, other_contact=False, actor=nora, now=now)
    assert not taken.placements.exists() and other.placements.get().status == "cancelled"


def test_two_in_care_become_one_and_part_in_care(
    merge: Callable[..., Referral], taken: Referral, twin: Referral, program: Program, nora: Actor, now: datetime
) -> None:
    for each in (taken, twin):
        asked = send_to_program(each.pk, program, ["contact"], actor=nora, now=now)
        accept_placement(asked.pk, actor=nora, now=now)
        start_placement(asked.pk, actor=nora, now=now)
    merge()
    assert [each.placements.get().status for each in (taken, twin)] == ["in_progress", "cancelled"]
    unmerge_referral(twin.pk, "Two sisters.", actor=nora, now=now + timedelta(minutes=5))
    assert [each.placements.get().status for each in (taken, twin)] == ["in_progress", "in_progress"]
    assert [fresh(each).status for each in (taken, twin)] == ["connected", "connected"]


def test_what_cannot_be_merged_is_refused(
    taken: Referral,
    twin: Referral,
    program: Program,
    make_referral: Callable[..., Referral],
    nora: Actor,
    now: datetime,
) -> None:
    def refusal(keep: Referral, other: Referral) -> str:
        with pytest.raises(CannotMerge) as refused:
            merge_referrals(keep.pk, other.pk, other_contact=False, actor=nora, now=now)
        return refused.value.why

    assert refusal(taken, taken) == "same"
    asked = send_to_program(twin.pk, program, ["contact"], actor=nora, now=now)
    untaken = make_referral()
    Referral.objects.filter(pk=untaken.pk).update(contacted_at=now)
    assert refusal(untaken, twin) == "untaken"
    accept_placement(asked.pk, actor=nora, now=now)
    start_placement(asked.pk, actor=nora, now=now)
    assert refusal(taken, twin) == "care"
    close_referral(taken.pk, closing="other", reason="so", actor=nora, now=now)
    assert refusal(taken, twin) == "ended"


def test_a_duplicate_is_separated_and_not_reopened(
    merge: Callable[..., Referral], twin: Referral, taken: Referral, nora: Actor, now: datetime
) -> None:
    merge()
    with pytest.raises(Refused):
        reopen_referral(twin.pk, "A slip.", actor=nora, now=now)
    with pytest.raises(Refused):
        unmerge_referral(taken.pk, "It never was.", actor=nora, now=now)


def test_two_who_merge_at_once_do_it_once(taken: Referral, twin: Referral, nora: Actor, now: datetime) -> None:
    seen: dict[str, Any] = {"seen": fresh(taken).version, "seen_other": fresh(twin).version}
    merge_referrals(taken.pk, twin.pk, other_contact=False, actor=nora, now=now, **seen)
    for keep, other in ((taken, twin), (twin, taken)):
        with pytest.raises(Stale):
            merge_referrals(keep.pk, other.pk, other_contact=False, actor=nora, now=now, **seen)


def test_nobody_merges_the_families_of_a_colleague(
    taken: Referral, make_referral: Callable[..., Referral], make_user: Callable[..., Any], nora: Actor, now: datetime
) -> None:
    olga = Actor.of(make_user("olga", "Navigators"))
    hers = take(make_referral().pk, actor=olga, now=now)
    with pytest.raises(NotYours):
        merge_referrals(taken.pk, hers.pk, other_contact=False, actor=nora, now=now)


def test_found_compared_merged_and_separated_on_the_pages(
    staff: Client, navigator: Any, taken: Referral, twin: Referral, nora: Actor, now: datetime
) -> None:
    Consent.objects.update(expires_at=None)
    add_note(twin.pk, "Said on the second call.", actor=nora, now=now)
    listed = staff.get(f"/staff/referral/{taken.pk}/same/").content.decode()
    assert "same name" in listed and f"/same/{twin.pk}/" in listed
    path = f"/staff/referral/{taken.pk}/same/{twin.pk}/"
    page = staff.get(path).content.decode()
    assert "rosa.s@example.org" in page and "also holds for the one that goes on" in page
    looks = AccessEvent.objects.filter(actor=navigator, purpose="merge").values_list("subject", flat=True)
    assert set(looks) == {taken.key, twin.key}
    typed = {"version": fresh(taken).version, "other_version": fresh(twin).version, "contact": "keep"}
    old = staff.post(f"{path}merge/", {**typed, "other_version": 1})
    assert old.status_code == 409 and not fresh(twin).merged_into_id
    assert staff.post(f"{path}merge/", typed).status_code == 302
    both = staff.get(f"/staff/referral/{taken.pk}/").content.decode()
    assert "Said on the second call." in both and f"({twin.public_code})" in both
    apart = f'<a href="/staff/referral/{twin.pk}/same/">Separate…'
    assert f"{twin.public_code} was merged into this one." in both and apart in both
    gone = staff.get(f"/staff/referral/{twin.pk}/").content.decode()
    assert f'<a href="/staff/referral/{taken.pk}/">{taken.public_code}</a>' in gone and apart in gone
    assert "May be the same family" not in staff.get(f"/staff/referral/{twin.pk}/same/").content.decode()
    sent = {"version": fresh(twin).version, "reason": ""}
    assert staff.post(f"/staff/referral/{twin.pk}/unmerge/", sent).status_code == 422
    assert staff.post(f"/staff/referral/{twin.pk}/unmerge/", {**sent, "reason": "Two sisters."}).status_code == 302
    assert "Said on the second call." not in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


def test_a_colleagues_family_is_named_and_not_opened(
    staff: Client, taken: Referral, make_referral: Callable[..., Referral], make_user: Callable[..., Any], now: datetime
) -> None:
    hers = take(make_referral().pk, actor=Actor.of(make_user("olga", "Navigators")), now=now)
    page = staff.get(f"/staff/referral/{taken.pk}/same/").content.decode()
    assert hers.public_code in page and "A colleague has it." in page
    assert staff.get(f"/staff/referral/{taken.pk}/same/{hers.pk}/").status_code == 404


def test_a_line_of_a_merge_keeps_what_it_needs_and_no_name(merge: Callable[..., Referral], twin: Referral) -> None:
    merge(other_contact=True)
    params = twin.timeline.get(kind=TimelineEntry.Kind.MERGED).params
    assert {"contact", "followups", "tasks", "twins", "consents", "into"} <= set(params)
    assert FollowUp.objects.filter(pk__in=params["followups"]).count() == len(params["followups"]) > 0


def test_the_one_that_has_more_is_proposed_to_go_on(
    staff: Client, taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    empty = take(make_referral(consent=False, message="His father calls again.").pk, actor=nora, now=now)
    Consent.objects.update(expires_at=None)
    path = f"/staff/referral/{empty.pk}/same/{taken.pk}/"
    assert [each.pk for each in staff.get(path).context["pair"]] == [taken.pk, empty.pk]
    assert [each.pk for each in staff.get(f"{path}?so=1").context["pair"]] == [empty.pk, taken.pk]
    merge_referrals(taken.pk, empty.pk, other_contact=False, actor=nora, now=now)
    assert "His father calls again." in staff.get(f"/staff/referral/{taken.pk}/").content.decode()


def test_an_accent_makes_no_other_person(make_referral: Callable[..., Referral], now: datetime) -> None:
    names = ("Tomás Sol", "tomas sol")
    one, two = (make_referral(consent=False, contact_name=name, patient_name=name) for name in names)
    assert differences(one, two, now.date()) == []


@pytest.fixture
def differing(taken: Referral, twin: Referral) -> Referral:
    """The twin, born in 2012 and in Spanish, where the other has an adult in English."""
    twin.patient.age, twin.patient.birth_year, twin.contact.language = "under_18", "2012", "es"
    twin.patient.save()
    twin.contact.save()
    Consent.objects.update(expires_at=None)
    return twin


def test_what_differs_is_asked_and_parts_again(
    taken: Referral, differing: Referral, staff: Client, nora: Actor, now: datetime
) -> None:
    path = f"/staff/referral/{taken.pk}/same/{differing.pk}/"
    page = staff.get(f"{path}?so=1").content.decode()
    assert "Which age is right?" in page and "In which language do we write and call?" in page
    assert page.count("<strong>valid</strong>: Rosa Sample, for themselves") == 2
    typed = {
        "version": fresh(taken).version,
        "other_version": fresh(differing).version,
        "contact": "keep",
        "sure": "on",
    }
    assert staff.post(f"{path}merge/", typed).status_code == 422 and not fresh(differing).merged_into_id
    assert staff.post(f"{path}merge/", {**typed, "age": "other", "language": "other"}).status_code == 302
    kept = fresh(taken)
    assert (kept.patient.age, kept.patient.birth_year, kept.contact.language) == ("under_18", "2012", "es")
    unmerge_referral(differing.pk, "A sister.", actor=nora, now=timezone.now())
    kept = fresh(taken)
    assert (kept.patient.age, kept.patient.birth_year or "", kept.contact.language) == ("adult", "", "en")


def test_what_is_the_same_is_not_asked(taken: Referral, twin: Referral, staff: Client) -> None:
    page = staff.get(f"/staff/referral/{taken.pk}/same/{twin.pk}/").content.decode()
    assert "Which age is right?" not in page and "In which language" not in page


def test_the_merged_one_is_no_duplicate_of_itself(merge: Callable[..., Referral], staff: Client) -> None:
    keep = merge()
    assert "Same phone or email" not in staff.get(f"/staff/referral/{keep.pk}/").content.decode()


def test_with_a_valid_consent_a_merge_asks_for_none(
    taken: Referral, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    twin = take(make_referral(consent=False).pk, actor=nora, now=now)
    asked = new_task(twin, Task.Kind.ASK_CONSENT, due_at=now, now=now)
    merge_referrals(taken.pk, twin.pk, other_contact=False, actor=nora, now=now)
    assert not taken.tasks.open().filter(kind="ask_consent").exists()
    unmerge_referral(twin.pk, "A sister.", actor=nora, now=now + timedelta(minutes=5))
    assert twin.tasks.open().filter(pk=asked.pk).exists()


def test_a_first_name_that_sounds_alike_is_perhaps_the_same(
    staff: Client, make_referral: Callable[..., Referral], nora: Actor, now: datetime
) -> None:
    known: dict[str, Any] = {"relation": "loved_one", "consent": False, "birth_year": "2004", "age": "adult"}
    mother = take(
        make_referral(contact_name="Olivia Prueba", patient_name="Marcus Prueba", **known).pk, actor=nora, now=now
    )
    other = {**known, "phone": "+16265550188", "email": ""}
    sister = make_referral(contact_name="Teresa Sol", patient_name="Markus Prueba", **other)
    older = make_referral(contact_name="Ana Prueba", patient_name="Markus Prueba", **{**other, "birth_year": "1990"})
    page = staff.get(f"/staff/referral/{mother.pk}/same/").content.decode()
    assert sister.public_code in page and "perhaps the same, the name sounds alike, same year of birth" in page
    assert older.public_code not in page


def test_a_code_that_is_typed_leads_to_the_two_side_by_side(
    staff: Client, taken: Referral, make_referral: Callable[..., Referral]
) -> None:
    other = make_referral(contact_name="Ben Muestra", patient_name="Ben Muestra", phone="", email="ben@example.org")
    path = f"/staff/referral/{taken.pk}/same/"
    typed = other.public_code.lower().replace("-", " ")
    answer = staff.post(path, {"code": typed})
    assert answer.status_code == 302 and answer["Location"] == f"{path}{other.pk}/"
    for unknown in ("", "ZZZZ-ZZZZ", taken.public_code):
        refused = staff.post(path, {"code": unknown})
        assert refused.status_code == 422 and "K7P2-XM94" in refused.content.decode()
