"""Two referrals of one family become one, by a person's decision; and are taken apart again where that was wrong.

Nothing is moved that tells of the past: each keeps its own timeline, consents and requests that have ended. The line of
the merge keeps what it changed, so that it can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from messaging import actions as messaging
from privacy.transactions import one_transaction
from referral.actions.common import Actor, CannotMerge, locked, new_task, require, write
from referral.actions.consents import carry, end_uncovered, weigh_consents
from referral.actions.followups import plan_again, say_again, start_default_plan, take_back
from referral.actions.joining import follow_care, join_requests, part_requests, sort_requests
from referral.actions.moving import worker_of
from referral.actions.notices import LINK, NEWS, news_of, tell_family
from referral.actions.old_links import end_old_links
from referral.actions.other_people import keep_people, part_people
from referral.actions.proved import (
    address_key,
    is_backed,
    is_proved,
    outlives,
    was_asked_twice_by_mail,
    why_not,
    withdrawn_at,
)
from referral.lifecycle import REFERRAL, ReferralStatus, Refused, Role, Why, step
from referral.models import Consent, Contact, FollowUp, Patient, Placement, Referral, Task, TimelineEntry
from referral.models.people import name_key
from referral.names import words_of
from referral.signing import ages

Kind = TimelineEntry.Kind


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What would come together: `carried` consents hold for the kept one, too, `left` ones stay where they are.

    `goes` are requests of the other to programs that stand, and go over; `ends` are those of both that are canceled.
    """

    keep: Referral
    other: Referral
    carried: list[Consent]
    left: list[Consent]
    tasks: list[Task]
    check_ins: int
    goes: list[Placement]
    ends: list[Placement]


def preview_merge(keep: Referral, other: Referral, now: datetime) -> Merge:
    """What a merge would do. Raises what keeps it from being done."""
    if keep.pk == other.pk:
        raise CannotMerge("same")
    if not keep.is_open:
        raise CannotMerge("ended")
    step(REFERRAL, other.status, "merge", role=Role.SUPERVISOR)
    if (why := why_not(keep, other, now)) and (why == "others" or is_proved(other)):
        raise CannotMerge(f"keep_{why}")
    ended = withdrawn_at(other, now) if other.is_open else None
    if not all(outlives(each, ended) for each in keep.consents.standing(now)):
        raise CannotMerge("withdrawn")
    live = list(other.consents.standing(now).prefetch_related("recipients"))
    here = {each.carried_from_id or each.pk for each in keep.consents.standing(now)}
    same = same_person(keep.patient, other.patient, timezone.localdate(now))
    ended, backed = withdrawn_at(keep, now), is_backed(other)
    carried = [
        each
        for each in live
        if same
        and _signs_here(each, keep)
        and (each.carried_from_id or each.pk) not in here
        and (backed or each.recorded_by_id)
        and outlives(each, ended)
        and not _widens(each, keep, now)
    ]
    grants = [*keep.consents.all().grants(), *other.consents.filter(pk__in=[each.pk for each in carried]).grants()]
    goes, ends = sort_requests(keep, other, grants, one_person=same, now=now)
    return Merge(
        keep=keep,
        other=other,
        carried=carried,
        left=[each for each in live if each not in carried],
        tasks=list(other.tasks.open()),
        check_ins=other.followups.pending().count(),
        goes=goes,
        ends=ends,
    )


def has_better_number(one: Contact, beside: Contact) -> bool:
    """Whether one has a number that may be right where that of the other is known to be wrong."""
    return bool(one.phone_to_call) and beside.phone_wrong_at is not None and one.phone != beside.phone


def weighs_more(one: Referral, two: Referral, now: datetime) -> bool:
    """Whether `one` has what the other has not, so that it is the one to keep: a contact that may be used, a link that
    was opened, a number that is not wrong, requests that stand, a consent, urgency, somebody who works on it; in this
    order, as an open one goes before one that is closed. A consent counts where its request is the family's (see
    `is_backed`); where one may be a stranger's, the older one goes before the newer."""
    urgent, backed = Referral.Urgency.URGENT, {each.pk: is_backed(each) for each in (one, two)}
    first, second = (
        (
            each.is_open,
            why_not(each, beside, now) != "others",
            is_proved(each),
            backed[each.pk],
            not has_better_number(beside.contact, each.contact),
            each.placements.live().count(),
            backed[each.pk] and each.consents.live(now).exists(),
            each.urgency == urgent,
            each.status != ReferralStatus.NEW,
            all(backed.values()) or each.opened_at < beside.opened_at,
        )
        for each, beside in ((one, two), (two, one))
    )
    return first > second


def same_person(one: Patient, two: Patient, today: date) -> bool:
    """Whether what is known of them says so: one name, and ages that can be one. A consent is about one person."""
    if one.pk == two.pk:
        return True
    name = words_of(one.name)
    years = {year for year in (one.birth_year, two.birth_year) if year}
    return bool(name) and name == words_of(two.name) and len(years) < 2 and not other_age(one, two, today)


def other_age(one: Patient, two: Patient, today: date) -> bool:
    """Whether no age is both of what is known of the one and of the other."""
    (low, high), (low_two, high_two) = (ages(each.age, each.born, today.year) for each in (one, two))
    return max(low, low_two) > min(high, high_two)


def differences(keep: Referral, other: Referral, today: date) -> list[str]:
    """What speaks against their being one: "person", "age", "contact"; and "browser" where the one to keep may be
    somebody else's, and the other is the family's; "emails" where either may be."""
    names = {tuple(words_of(each.patient.name)) for each in (keep, other)} - {()}
    found = {
        "person": len(names) > 1,
        "age": other_age(keep.patient, other.patient, today),
        "contact": words_of(keep.contact.name) != words_of(other.contact.name),
        "browser": not is_backed(keep) and is_backed(other),
        "emails": was_asked_twice_by_mail(keep, other),
    }
    return [what for what, differs in found.items() if differs]


def _widens(consent: Consent, keep: Referral, now: datetime) -> bool:
    """Whether it shares more than the family signed for here last: that more was perhaps withdrawn, and a signature on
    a page may be that of whoever asked in their name. What one of us wrote down later counts."""
    own = keep.consents.standing(now).order_by("signed_at", "pk").last()
    if own is None or (consent.recorded_by_id is not None and consent.signed_at > own.signed_at):
        return False
    return not set(consent.categories) <= set(own.categories)


def _signs_here(consent: Consent, keep: Referral) -> bool:
    """Whether whoever signed it is the one who reads the page of `keep`: it is shown there, and held against them."""
    return name_key(consent.signed_name) == name_key(keep.contact.name) != ""


@one_transaction
def merge_referrals(
    keep_pk: int,
    other_pk: int,
    *,
    other_contact: bool,
    other_age: bool = False,
    language: str = "",
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    seen_other: int | None = None,
) -> Referral:
    """Let one go on and close the other as its duplicate; `other_contact` says that the other's contact is used,
    `other_age` that the age with the year of birth is the other's, and `language` is the one to write in from now on.

    Open tasks go over, one of each kind; the other's check-ins and news end. Requests that stand go over: of two at
    one program one is canceled, and it is told. Consents hold for the kept one where both are about one person.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    keep, other = _both(keep_pk, other_pk, actor, seen, seen_other)
    merge = preview_merge(keep, other, now)
    status = step(REFERRAL, other.status, "merge", role=actor.role)
    if other_contact and (why := why_not(other, keep, now)):
        raise CannotMerge(f"other_{why}")
    quiet = [bool(why_not(each, beside, now)) or not is_proved(each) for each, beside in ((keep, other), (other, keep))]
    contact_before = str(keep.contact_id) if other_contact and keep.contact_id != other.contact_id else ""
    ended, unsaid = _take_back(keep, other, everything=bool(contact_before), now=now)
    was: dict[str, Any] = {"contact": contact_before, "followups": ended, "urgency": ""}
    was["consents"] = [carry(each, keep).pk for each in merge.carried]
    if other_age:
        was["person"] = _take_age(keep.patient, [other.patient.age, other.patient.birth_year or ""])
    was["language"] = _speak(other.contact if contact_before else keep.contact, language)
    was |= {"keep": keep.status, **join_requests(keep, merge.goes, merge.ends, now)}
    was["tasks"], was["twins"] = _move_tasks(merge, now, theirs=bool(contact_before))
    if other.urgency == Referral.Urgency.URGENT != keep.urgency:
        was["urgency"], keep.urgency = keep.urgency, Referral.Urgency.URGENT
    left = Contact.objects.get(pk=contact_before) if contact_before else other.contact
    another = bool(contact_before) and words_of(left.name) != words_of(other.contact.name)
    if contact_before:
        was["filled"] = _fill(other.contact, left)
        _use_contact(keep, other.contact, unsaid, now)
    if another:
        _name_who_said(keep, left, other.contact, now)
    was |= keep_people(keep, other, left, now)
    _go_on(merge, left, unsaid, now)
    was["status"], other.status, other.hold_until = other.status, status, None
    other.closing, other.closed_at, other.merged_into = Referral.Closing.DUPLICATE, now, keep
    write(other, Kind.MERGED, actor=replace(actor, press=""), now=now, into=keep.public_code, quiet=quiet[1], **was)
    came, gone = ([str(each.program) for each in some] for some in (merge.goes, merge.ends))
    facts: dict[str, Any] = {"other": other.public_code, "theirs": bool(contact_before), "quiet": quiet[0]}
    facts["another"] = another
    write(keep, Kind.MERGED, actor=actor, now=now, came=came, cancelled=gone, **facts)
    if other_age:
        weigh_consents(keep, actor=actor, now=now)
    return keep


def _go_on(merge: Merge, left: Contact, unsaid: set[str], now: datetime) -> None:
    """What is to do for the kept one, whose family is not reached by the contact that is `left`."""
    keep, other = merge.keep, merge.other
    if has_better_number(left, keep.contact):  # whose it is somebody checks before it is used
        phones = {"wrong": keep.contact.phone_shown, "phone": left.phone_shown, "code": other.public_code}
        text = gettext("%(wrong)s is wrong. Merged with %(code)s, which has %(phone)s.") % phones
        new_task(keep, Task.Kind.FIND_NUMBER, due_at=now, now=now, text=text)
    if merge.left and keep.is_open and not keep.consents.live(now).exists():
        new_task(keep, Task.Kind.ASK_CONSENT, due_at=now, now=now)
    if keep.status != ReferralStatus.NEW:
        start_default_plan(keep, now=now)
    if merge.goes and f"{NEWS}:{other.pk}" in unsaid:  # a program has answered, and they have not heard of it
        tell_family(keep, NEWS, now=now, occasion=f"merged {keep.version}")
    _tell_both(keep, other, moved=left.pk != other.contact_id, now=now)


def _tell_both(keep: Referral, other: Referral, *, moved: bool, now: datetime) -> None:
    """Word to the family whose request is closed, where it is not reached for the one that goes on; and a link to the
    one that goes on where its browser may be somebody else's."""
    if moved:  # told with its link already
        return
    known = {address_key(*each) for each in keep.contact.program_ways().items()}
    if other.is_open and any(
        address_key(way, other.contact.address(way)) not in known for way in other.contact.channels()
    ):
        tell_family(other, NEWS, now=now, occasion=f"merged {other.version}")
    if keep.is_open and not is_backed(keep):
        tell_family(keep, LINK, now=now, occasion=f"merged {keep.version}")


def _fill(contact: Contact, left: Contact) -> list[str]:
    """Keep where the family lives, which the contact that is left had said; return what was filled in."""
    if contact.zip_code or not left.zip_code:
        return []
    contact.zip_code = left.zip_code
    contact.save(update_fields=["zip_code"])
    return ["zip_code"]


def _name_who_said(keep: Referral, left: Contact, used: Contact, now: datetime) -> None:
    """Words that somebody else wrote say whose they are, and whom to call about them; and a program that knew the one
    is not told of the other before the family agreed."""
    who = ", ".join(filter(None, (left.name, left.phone_shown or left.email)))
    said = gettext("(Said by %(who)s, who was reached before the merge. Call them about it.)") % {"who": who}
    for task in keep.tasks.open().filter(kind__in=Task.FIRST):
        task.text = "\n".join(part for part in (task.text, said) if part)
        task.save(update_fields=["text"])
    live = keep.consents.live(now).select_related("contact")
    if keep.is_open and any(each.shares(used) != frozenset(each.categories) for each in live):
        new_task(keep, Task.Kind.ASK_CONSENT, due_at=now, now=now, text=used.name)


def _take_age(patient: Patient, fact: Sequence[str]) -> list[str]:
    """Set the age and the year of birth; return what they were."""
    was = [patient.age, patient.birth_year or ""]
    patient.age, patient.birth_year = fact
    patient.save()
    return was


def _speak(contact: Contact, language: str) -> list[str]:
    """Write in this language from now on; return whose it is and what it was, or nothing where it is the same."""
    if language in ("", contact.language):
        return []
    was, contact.language = contact.language, language
    contact.save(update_fields=["language"])
    return [str(contact.pk), was]


def _both(keep_pk: int, other_pk: int, actor: Actor, seen: int | None, other: int | None) -> tuple[Referral, Referral]:
    """Both, locked in the order of their keys, so that two who merge them at once do not wait for each other."""
    rows = Referral.objects.filter(pk__in=(keep_pk, other_pk)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    keep = locked(keep_pk, actor=actor, seen=seen)
    return keep, locked(other_pk, actor=replace(actor, press=""), seen=other)


def _take_back(keep: Referral, other: Referral, *, everything: bool, now: datetime) -> tuple[list[int], set[str]]:
    """Take back, by one call, what is planned for the other; and for the kept one where it is to be said elsewhere.

    Returns the check-ins of the other that ended, and the keys of what was not said.
    """
    ends = list(other.followups.pending())
    keys = [*news_of(other), *(followup.key for followup in ends)]
    if everything:
        keys += [*news_of(keep), *(followup.key for followup in keep.followups.pending())]
    unsaid = messaging.cancel(*keys, reason="merged", now=now, doubtful=False)
    ended = [each.pk for each in ends]
    FollowUp.objects.filter(pk__in=ended, status=FollowUp.Status.PLANNED).update(status=FollowUp.Status.CANCELLED)
    return ended, unsaid


def _move_tasks(merge: Merge, now: datetime, *, theirs: bool) -> tuple[list[int], list[int]]:
    """Give the other's open tasks to the kept one. Returns those that went over, and those it has already. A call is
    made at the hour of whoever is called: `theirs` where the other's contact is used."""
    came = {each.pk for each in merge.goes}
    have = {each.kind: each for each in merge.keep.tasks.open().unanswered().filter(by_hand=False, placement=None)}
    moved, twins = [], []
    for task in merge.tasks:
        twin = have.get(task.kind)
        if task.placement_id in came:
            moved.append(task.pk)
        elif task.placement_id or (twin and task.kind not in Task.ALONE and not task.by_hand):
            twins.append(task.pk)
            if twin and not task.placement_id:
                sooner = min(twin.due_at, task.due_at)
                if twin.kind == Task.Kind.CALL and not task.urgent:
                    sooner = task.due_at if theirs else twin.due_at
                twin.due_at, twin.urgent = sooner, twin.urgent or task.urgent
                twin.text = "\n".join(dict.fromkeys(part for part in (twin.text, task.text) if part))
                twin.save()
        else:
            moved.append(task.pk)
    if merge.keep.consents.live(now).exists():  # there is nothing to ask for: neither by theirs, nor by its own
        asks = Task.objects.open().filter(Q(pk__in=moved) | Q(referral=merge.keep), kind=Task.Kind.ASK_CONSENT)
        settled = list(asks.filter(by_hand=False).values_list("pk", flat=True))
        moved, twins = [pk for pk in moved if pk not in settled], [*twins, *settled]
    Task.objects.filter(pk__in=twins).update(done_at=now)
    Task.objects.filter(pk__in=moved).update(referral=merge.keep)
    return moved, twins


def _use_contact(referral: Referral, contact: Contact, unsaid: set[str], now: datetime) -> None:
    """From now on this contact is reached for it; what went elsewhere opens nothing any more."""
    referral.contact = contact
    referral.save(update_fields=["contact"])
    say_again(referral, unsaid, now=now)
    end_old_links(contact, now)
    if referral.is_open:
        tell_family(referral, LINK, now=now, occasion=f"merged {referral.version}")


@one_transaction
def unmerge_referral(pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Take a duplicate that was none out again: it is active, with its check-ins, and what came over goes back.

    What was done on the kept one since stays there. Raises `Refused` where it was not merged.
    """
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    into = Referral.objects.values_list("merged_into", flat=True).get(pk=pk)
    if into is None:
        raise Refused(Why.NOT_FROM_HERE, "unmerge", None)
    other, keep = _both(pk, into, actor, seen, None)
    status = step(REFERRAL, other.status, "unmerge", role=actor.role, reason=reason)
    line = other.timeline.filter(kind=Kind.MERGED).order_by("at", "pk").about(into=keep.public_code)
    if other.merged_into_id != keep.pk or not line:
        raise Refused(Why.NOT_FROM_HERE, "unmerge", other.status)
    was = line[-1].params
    other.status, other.closing, other.closed_at, other.merged_into = status, "", None, None
    other.assigned_to = worker_of(other, actor)
    part_requests(keep, other, was, line[-1].at, now)
    _give_back(keep, was, now)
    part_people(keep, other, was)
    _part_consents(keep, other, was["consents"], line[-1].at, now)
    follow_care(keep, other, was)
    if was.get("person"):
        weigh_consents(keep, actor=replace(actor, press=""), now=now)
    Task.objects.open().filter(pk__in=was["tasks"]).update(referral=other)
    _part_twins(keep, other, was["twins"], line[-1].at)
    plan_again(other, was["followups"], now=now)
    if not other.tasks.open().exists():  # what came back says what comes next
        new_task(other, Task.Kind.NEXT_STEP, due_at=now, now=now)
    kept = keep.timeline.filter(kind=Kind.MERGED).order_by("at", "pk").about(other=other.public_code)
    quiet = bool(kept) and bool(kept[-1].params.get("quiet"))
    told = {"quiet": bool(was.get("quiet")), "was_closed": True}
    write(other, Kind.UNMERGED, actor=actor, now=now, text=reason, other=keep.public_code, **told)
    who = replace(actor, press="")
    write(keep, Kind.UNMERGED, actor=who, now=now, text=reason, other=other.public_code, quiet=quiet)
    return other


def _give_back(keep: Referral, was: dict[str, Any], now: datetime) -> None:
    """Take from the kept one what the merge brought: the contact of the other, its urgency, its age and language."""
    contact = Contact.objects.filter(pk=was["contact"]).first() if was["contact"] else None
    if was.get("person"):
        _take_age(keep.patient, was["person"])
    if was.get("language"):
        pk, language = was["language"]
        _speak(keep.contact if str(keep.contact_id) == pk else Contact.objects.get(pk=pk), language)
    if was.get("filled"):
        Contact.objects.filter(pk=keep.contact_id).update(zip_code="")
    unsaid = take_back(keep, reason="unmerged", now=now) if contact else set()
    if was["urgency"] and keep.urgency == Referral.Urgency.URGENT:
        keep.urgency = was["urgency"]
    if contact:
        _use_contact(keep, contact, unsaid, now)


def _part_twins(keep: Referral, other: Referral, twins: list[int], merged_at: datetime) -> None:
    """Open again the tasks of the other that the kept one had, too, and take their words out of those."""
    back = list(other.tasks.filter(pk__in=twins, done_at=merged_at))
    for twin in back:
        theirs = set(twin.text.split("\n"))
        for task in keep.tasks.open().filter(kind=twin.kind, by_hand=False, placement=None):
            task.text = "\n".join(each for each in task.text.split("\n") if each not in theirs)
            task.save(update_fields=["text"])
    Task.objects.filter(pk__in=[twin.pk for twin in back]).update(done_at=None)


def _part_consents(keep: Referral, other: Referral, carried: list[int], merged_at: datetime, now: datetime) -> None:
    """End on each what was signed for the other one: the copies of the merge, and those of what was signed since."""
    for each, kin in ((keep, other), (other, keep)):
        since = Q(carried_from__referral=kin, signed_at__gte=merged_at)
        if each.consents.filter(Q(pk__in=carried) | since).standing(now).update(revoked_at=now):
            end_uncovered(each, now)
