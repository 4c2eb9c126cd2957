"""A family moves on: to another level, back to what was closed in error, or away from our area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import ServiceArea
from guides.models import LevelOfCare
from messaging import actions as messaging
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.closing import close_referral
from referral.actions.common import SYSTEM, Actor, locked, locked_placement, new_task, require, write
from referral.actions.consents import PURPOSE, carry, end_uncovered, lock_all_of
from referral.actions.contacts import Reach, change_contact
from referral.actions.followups import cancel_follow_ups, plan_again, start_default_plan
from referral.actions.notices import ENDED, ask_program, reference
from referral.actions.stops import speak_again
from referral.coverage import Gap, lasts
from referral.hours import due_from
from referral.lifecycle import REFERRAL, UNDO_TIME, PlacementStatus, Refused, Role, Why, step
from referral.models import Appointment, Consent, FamilyLink, Placement, ProgramLink, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.signing import Bar, ages, bar, by_substances

Kind = TimelineEntry.Kind
# So long before care is expected to end, the next step is planned: day 25 of 30.
BEFORE_THE_END = timedelta(days=5)
# Where nobody knows when care ends: when to ask whether the request that came before can be closed.
ASK_AGAIN = timedelta(days=14)
# What asks for a next step, until there is one.
TO_COME = (Task.Kind.CARE_ENDS, Task.Kind.NEXT_STEP, Task.Kind.NEXT_PROGRAM, Task.Kind.ASK_PROGRAM)


class InOurArea(Exception):
    """A family that moves within our area is not handed off. Nothing was written."""


@dataclass(frozen=True)
class Held:
    """A consent, and why it cannot hold for the next step; None where it holds."""

    consent: Consent
    why: Gap | Bar | None


def held_consents(referral: Referral, now: datetime) -> list[Held]:
    """Every consent of the referral, and whether its words and its signer still stand for the next step."""
    age = ages(referral.patient.age, referral.patient.born, timezone.localdate(now).year)
    substance = by_substances(referral.concern)
    found = []
    for each in referral.consents.shown(now).select_related("wording").prefetch_related("recipients"):
        why: Gap | Bar | None = lasts(each.grant(), now=now)
        if why is None and each.purpose != PURPOSE:
            why = Gap.OTHER_CATEGORIES
        # A child that was signed for may have grown up since.
        if why is None and each.signed_as == Consent.Signer.PARENT:
            why = bar("parent", age=age, substance=substance, proof=each.authority or "")
        found.append(Held(each, why))
    return found


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The level that comes next, as staff settle it with the family, and why."""

    low: LevelOfCare | None
    high: LevelOfCare | None
    urgency: str
    reason: str


@one_transaction
def step_referral(pk: int, to: NextStep, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Open the next step, up or down, as a referral `based_on` this one; return it.

    The people, their permissions and how they are reached are the same rows. Consents that still hold, hold for it, too
    (`held_consents`). Answers to the questionnaire were about another day and stay where they are. Check-ins planned
    here end; those of the next step begin with it, or with its admission where care goes on here. Raises `Refused`
    where an open step follows already.
    """
    last = locked(pk, actor=actor, seen=seen)
    step(REFERRAL, last.status, "step", role=actor.role, reason=to.reason)
    if last.erased_at or last.merged_into_id or last.followed_by.open().exists():
        raise Refused(Why.NOT_FROM_HERE, "step", last.status)
    after = _open_after(last, to, actor, now)
    carried = [carry(each.consent, after) for each in held_consents(last, now) if each.why is None]
    cancel_follow_ups(last, reason="next step", now=now)
    goes_on = last.placements.filter(status__in=(PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD)).exists()
    # What was to come next is what comes now.
    last.tasks.open().filter(kind__in=TO_COME).update(done_at=now, done_by=actor.user)
    if last.is_open:
        _ask_to_close(last, after, now, goes_on=goes_on)
    write(last, Kind.STEPPED, actor=actor, now=now, text=to.reason, to=after.public_code)
    if not (last.is_open and goes_on):  # else the family is in care: its check-ins begin with the admission
        start_default_plan(after, now=now)
    known = Task.Kind.ASK_PROGRAM if to.low or to.high else Task.Kind.NEXT_STEP
    kind = known if carried else Task.Kind.ASK_CONSENT
    new_task(after, kind, due_at=now, now=now)
    write(
        after, Kind.OPENED, actor=replace(actor, press=""), now=now,
        follows=last.public_code, consents=len(carried), permissions=_ways(after),
    )  # fmt: skip
    return after


def _open_after(last: Referral, to: NextStep, actor: Actor, now: datetime) -> Referral:
    opened = step(REFERRAL, None, "open", role=actor.role)
    after: Referral = Referral.objects.create(
        patient=last.patient,
        contact=last.contact,
        relation=last.relation,
        concern=last.concern,
        payment=last.payment,
        referrer=last.referrer,
        level_low=to.low,
        level_high=to.high,
        level_reason=to.reason,
        urgency=to.urgency,
        status=step(REFERRAL, opened, "take", role=actor.role),
        assigned_to=worker_of(last, actor),
        service_area=ServiceArea.objects.covering(last.contact.zip_code).first(),
        opened_at=now,
        based_on=last,
    )
    return after


def worker_of(referral: Referral, actor: Actor) -> User | None:
    """Whoever has it goes on with the family, unless their account is closed."""
    user = referral.assigned_to
    return user if user is not None and user.is_active else actor.user


def _ways(referral: Referral) -> Sequence[str]:
    return sorted(way for way in ("email", "text", "phone") if getattr(referral.contact, f"by_{way}"))


def _ask_to_close(last: Referral, after: Referral, now: datetime, *, goes_on: bool) -> None:
    """Where care goes on until the next begins, somebody looks when it is over; else at once."""
    if not goes_on:
        words = _("%(code)s is the next step. Close this one.") % {"code": after.public_code}
        new_task(last, Task.Kind.OTHER, due_at=now, now=now, text=words)
        return
    care = last.placements.filter(status__in=(PlacementStatus.IN_PROGRESS, PlacementStatus.ON_HOLD))
    ends = care.exclude(ends_on=None).order_by("ends_on").first()
    day = ends.ends_on if ends and ends.ends_on else timezone.localdate(now + ASK_AGAIN)
    due = due_from(day, now, working_time())
    words = _("%(code)s is the next step. Close this one when care here is over.") % {"code": after.public_code}
    new_task(last, Task.Kind.OTHER, due_at=due, now=now, text=words)


@one_transaction
def reopen_referral(pk: int, reason: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """Go on with what was closed in error. Care that only its end had ended goes on. Within `UNDO_TIME`, while no
    program has heard of it, so do requests, tasks and check-ins, and it needs no reason; later they stay ended.

    Raises `Refused` for what the family closed itself: it is asked for anew; and for a duplicate, which is unmerged.
    """
    referral = locked(pk, actor=actor, seen=seen)
    closed_at = referral.closed_at
    fresh = closed_just_now(referral, now)
    status = step(REFERRAL, referral.status, "reopen", role=actor.role, reason=reason or ("undone" if fresh else ""))
    if not may_reopen(referral):
        raise Refused(Why.NOT_FROM_HERE, "reopen", referral.status)
    referral.status, referral.closing, referral.closed_at = status, "", None
    referral.assigned_to = worker_of(referral, actor)
    programs = _care_goes_on(referral, closed_at, now)
    if programs:
        referral.status = step(REFERRAL, referral.status, "connect", role=SYSTEM.role)
    again = _back_again(referral, closed_at, now) if closed_at and fresh else None
    if again is None:
        ended = _("Check-ins and requests to programs have ended. Start a plan, and ask programs again.")
        names = _ended_with(referral, closed_at)
        new_task(referral, Task.Kind.NEXT_STEP, due_at=now, now=now, text=" ".join([ended, ", ".join(names)]).strip())
    write(referral, Kind.REOPENED, actor=actor, now=now, text=reason, programs=programs, again=again or [])
    return referral


@one_transaction
def take_back_end(pk: int, *, actor: Actor, now: datetime, link: FamilyLink | None) -> Referral:
    """The family goes on with what it ended, for `UNDO_TIME`: what it had signed holds again, and all else goes on as
    `reopen_referral` says. Signatures that ended with it in another request stay ended there.

    Raises `Refused` after that, and where the browser that sent the request had ended it and `link`, by which the
    family is here, is of another one.
    """
    require(actor, Role.FAMILY)
    lock_all_of(pk)
    referral = locked(pk, actor=actor)
    closed_at, line = referral.closed_at, own_end(referral, now)
    if closed_at is None or line is None or not may_take_back(line, link):
        raise Refused(Why.NOT_FROM_HERE, "take_back_end", referral.status)
    was = line.params
    referral.status = step(REFERRAL, referral.status, f"undo_to_{was['was']}", role=actor.role)
    referral.closing, referral.closed_at = "", None
    referral.hold_until = datetime.fromisoformat(was["hold_until"]) if was["hold_until"] else None
    programs = _care_goes_on(referral, closed_at, now)
    again = _back_again(referral, closed_at, now)
    write(referral, Kind.REOPENED, actor=actor, now=now, programs=programs, again=again, own=True)
    return referral


def own_end(referral: Referral, now: datetime) -> TimelineEntry | None:
    """The line of the family's own end, while that can be taken back; else None."""
    ended_by_family = referral.closing == Referral.Closing.WITHDRAWN
    if referral.closed_at is None or not ended_by_family or referral.merged_into_id or referral.erased_at:
        return None
    lines = referral.timeline.filter(kind=Kind.CLOSED, at=referral.closed_at)
    line: TimelineEntry | None = lines.order_by("-pk").first() if closed_just_now(referral, now) else None
    return line if line is not None and "was" in line.params else None


def may_take_back(line: TimelineEntry, link: FamilyLink | None) -> bool:
    """Whether who came by `link` may: not what was done in the browser that asked, where this is another one."""
    return link is not None and (bool(link.asked) or line.params.get("pressed") in ("link", "only"))


def _ended_with(referral: Referral, closed_at: datetime | None) -> list[str]:
    ended = referral.placements.filter(moved_at=closed_at, moved_by=Role.SYSTEM, status=PlacementStatus.CANCELLED)
    return [str(each.program) for each in ended.select_related("program")]


def _back_again(referral: Referral, closed_at: datetime, now: datetime) -> list[str]:
    """All that the end had ended stands as before; return the programs whose requests go on."""
    lines = referral.timeline.filter(kind=Kind.CLOSED, at=closed_at)
    was = lines.latest("pk").params if lines else {}
    referral.consents.filter(pk__in=was.get("consents", []), revoked_at=closed_at).update(revoked_at=None)
    speak_again(referral, was.get("ways", []), closed_at, now)
    names = _requests_back(referral, closed_at, was.get("visits", {}), now)
    plan_again(referral, was.get("followups", []), now=now)
    end_uncovered(referral, now)
    return names


def _requests_back(referral: Referral, ended_at: datetime, visits: dict[str, str], now: datetime) -> list[str]:
    """Requests that the system canceled at this very moment stand as before, with their times and tasks; return their
    programs."""
    ended = referral.placements.filter(moved_at=ended_at, moved_by=Role.SYSTEM, status=PlacementStatus.CANCELLED)
    names = []
    for placement in ended.select_related("program", "referral"):
        placement.make(f"undo_to_{placement.was}", role=SYSTEM.role, now=now)
        placement.reason, placement.ended_at = "", None
        placement.save()
        messaging.cancel(reference(ENDED, placement), reason="reopened", now=now)
        ProgramLink.objects.filter(placement=placement, revoked_at=ended_at).update(revoked_at=None)
        if placement.status == PlacementStatus.REQUESTED and not messaging.standing(placement.key):
            ask_program(placement, now=now)
        names.append(str(placement.program))
    for pk, status in visits.items():
        Appointment.objects.filter(pk=pk, placement__referral=referral).update(status=status)
    referral.tasks.filter(done_at=ended_at).update(done_at=None, done_by=None)
    return names


@one_transaction
def take_back_withdrawal(pk: int, *, actor: Actor, now: datetime, link: FamilyLink | None) -> Referral:
    """The browser that sent the request takes back, for `UNDO_TIME`, that somebody who came by a link withdrew the
    consent, or signed for less: what was signed before holds again here, and so do the requests that ended. Raises
    `Refused` for all others."""
    require(actor, Role.FAMILY)
    lock_all_of(pk)
    referral = locked(pk, actor=actor)
    lines = ended_by_link(referral, now)
    if not lines or link is None or not link.asked:
        raise Refused(Why.NOT_FROM_HERE, "take_back_withdrawal", referral.status)
    programs: list[str] = []
    for line in lines:  # of several presses the last one first
        referral.consents.filter(pk=line.params.get("signed", 0)).update(revoked_at=now)
        referral.consents.filter(pk__in=line.params["consents"], revoked_at=line.at).update(revoked_at=None)
        programs += _requests_back(referral, line.at, line.params["visits"], now)
    end_uncovered(referral, now)
    only = all("signed" in line.params for line in lines)
    write(referral, Kind.CONSENT_REVOKED, actor=actor, now=now, taken_back=True, programs=programs, narrowed=only)
    return referral


def ended_by_link(referral: Referral, now: datetime) -> list[TimelineEntry]:
    """The lines of what a link ended of the consent, while the browser that sent the request may take it back. The last
    one first, and none from before something else was signed or withdrawn."""
    if not referral.is_open or referral.erased_at:
        return []
    kinds = (Kind.CONSENT_REVOKED, Kind.CONSENT_SIGNED)
    lines = referral.timeline.filter(kind__in=kinds, at__gte=now - UNDO_TIME).order_by("-at", "-pk")
    return list(takewhile(lambda line: "consents" in line.params, lines))


def closed_just_now(referral: Referral, now: datetime) -> bool:
    """Whether it was closed so shortly ago that nobody has been told, and all of it can stand as before."""
    return referral.closed_at is not None and now - referral.closed_at <= UNDO_TIME


def may_reopen(referral: Referral) -> bool:
    """Whether staff closed it, and it is still there."""
    ended_by_family = referral.closing == Referral.Closing.WITHDRAWN
    return not (ended_by_family or referral.merged_into_id or referral.erased_at)


def _care_goes_on(referral: Referral, closed_at: datetime | None, now: datetime) -> list[str]:
    """Placements in care that ended at the very moment of the close are in care again; return their programs."""
    ended = referral.placements.filter(moved_at=closed_at, moved_by=Role.SYSTEM, was=PlacementStatus.IN_PROGRESS)
    names = []
    for placement in ended.select_related("program"):
        placement.make("undo_to_in_progress", role=SYSTEM.role, now=now)
        placement.reason, placement.ended_at = "", None
        placement.save()
        names.append(str(placement.program))
    return names


@one_transaction
def expect_end(
    placement_pk: int, ends_on: date | None, *, actor: Actor, now: datetime, seen: int | None = None
) -> Placement:
    """Note the day on which care is expected to end; a task comes before it. None takes the day away."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    placement, referral = locked_placement(placement_pk, actor, seen)
    if placement.status != PlacementStatus.IN_PROGRESS:
        raise Refused(Why.NOT_FROM_HERE, "expect_end", placement.status)
    placement.ends_on = ends_on
    placement.save(update_fields=["ends_on"])
    placement.tasks.open().filter(kind=Task.Kind.CARE_ENDS, by_hand=False).update(done_at=now, done_by=actor.user)
    if ends_on is not None:
        due = due_from(max(ends_on - BEFORE_THE_END, timezone.localdate(now)), now, working_time())
        text = f"{placement.program}"
        new_task(referral, Task.Kind.CARE_ENDS, due_at=due, now=now, text=text, placement=placement)
    until = ends_on.isoformat() if ends_on else ""
    write(
        referral, Kind.END_EXPECTED, actor=actor, now=now,
        placement=placement.pk, program=str(placement.program), until=until,
    )  # fmt: skip
    return placement


@one_transaction
def hand_off(pk: int, reach: Reach, reason: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Referral:
    """The family has moved out of our area: note where to, and close. Its page tells it who helps there.

    Raises `InOurArea` where the new ZIP code is one of ours, or no area is set up.
    """
    referral = locked(pk, actor=actor, seen=seen)
    step(REFERRAL, referral.status, "close", role=actor.role, reason=reason)
    if not ServiceArea.objects.exists() or ServiceArea.objects.covering(reach.zip_code).exists():
        raise InOurArea
    change_contact(pk, reach, actor=replace(actor, press=""), now=now, source="staff")
    return close_referral(pk, closing=Referral.Closing.MOVED, reason=reason, actor=actor, now=now)
