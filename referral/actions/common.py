"""What every action of this app does the same way: who acts, the lock, the line of history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Exists, OuterRef

from messaging.models.people import BY_LINK
from privacy.models import User
from referral.coverage import Gap
from referral.hours import answer_due
from referral.lifecycle import REFERRAL_ENDS, PlacementStatus, ReferralStatus, Refused, Role, Why
from referral.milestones import steps_of
from referral.models import Placement, Referral, Task, TimelineEntry
from referral.models.hours import working_time
from referral.models.referrals import PROGRAM_ANSWER_TIME
from referral.needs import Against
from referral.thanks import is_only_thanks

SAME_WORDS = timedelta(minutes=10)


class Stale(Exception):
    """Somebody else changed the referral after the page was opened. Nothing was written."""


class NoRole(Exception):
    """This account may not work on referrals. Nothing was written."""


class NotYours(Exception):
    """Another navigator has the referral now. Nothing was written."""


class Ended(Exception):
    """The referral is closed, and this cannot be done after its end. Nothing was written."""


class Unread(Exception):
    """A call for help is open, or a message of the family is unread. Nothing was written."""


class Again(Exception):
    """This very press of a button has done its work already. Nothing more was written."""


class NotCovered(Exception):
    """No live consent covers this request; `gap` says what is missing. There is no override."""

    def __init__(self, gap: Gap):
        super().__init__(gap)
        self.gap = gap


class Mismatch(Exception):
    """The program does not meet a need, as `against` says, and no reason was given for sending it there."""

    def __init__(self, against: Against):
        super().__init__(against.keys)
        self.against = against


class WantsNothing(Exception):
    """The family wants no messages and no calls. Nothing was written."""


class Unsafe(Exception):
    """The family said that others read or hear what comes there, and not since that it is safe. Nothing was written."""


class OutsideHours(Exception):
    """The family may not be called at this time. Nothing was written."""


class Since(Exception):
    """The other button was pressed meanwhile: the consent was withdrawn, or the wish to be deleted taken back. Nothing
    was written."""


class CannotSend(Exception):
    """The request cannot be made: `why` is ``not_yours_yet``, ``too_many``, ``already`` or ``not_listed``."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class CannotMerge(Exception):
    """The two cannot become one, or not be taken apart: `why` is ``same`` (one referral), ``ended`` (the one to keep
    is closed), ``care``, ``untaken`` or ``farther`` (see `joining`), ``withdrawn`` (the consent of the one to close),
    or what `proved.why_not` says of a contact: ``keep_`` or ``other_`` with ``others`` or ``unproved``. Nothing was
    written."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role. Families and programs have no account; their role is what their link opens.

    `press` tells one press of a button from every other, so that a button pressed twice does its work once. `by_link`
    says that a family's press came by a link that we sent, beside the browser that sent the request.
    """

    role: Role
    user: User | None = None
    label: str = ""
    press: str = ""
    by_link: bool = False

    @classmethod
    def of(cls, user: User, *, press: str = "") -> Self:
        """The role of a signed-in user. Raises `NoRole` where there is none."""
        if user.has_perm("referral.supervise_referrals"):
            role = Role.SUPERVISOR
        elif user.has_perm("referral.work_referrals"):
            role = Role.NAVIGATOR
        else:
            raise NoRole
        return cls(role, user, user.get_full_name() or user.get_username(), press)

    @classmethod
    def program(cls, name: str) -> Self:
        return cls(Role.PROGRAM, None, name)

    def source(self, where: str) -> str:
        """Where it is kept that a stop, a pause or hours were said: what came by a link holds no word of that."""
        return BY_LINK if self.by_link else where


FAMILY = Actor(Role.FAMILY)
SYSTEM = Actor(Role.SYSTEM)
HUMAN = (Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR)


def require(actor: Actor, *roles: Role) -> None:
    """Raise `Refused` unless the actor has one of `roles`."""
    if actor.role not in roles:
        raise Refused(Why.NOT_YOU, "act", None)


def require_open(referral: Referral) -> None:
    """Raise `Ended` where the referral is closed."""
    if not referral.is_open:
        raise Ended


def require_nothing_since(referral: Referral, kind: str, seen: int | None) -> None:
    """Raise `Since` unless the page that was pressed showed all `seen` lines of this kind; under the lock."""
    if seen is not None and referral.timeline.filter(kind=kind).count() != seen:
        raise Since


def has_done(referral: Referral, actor: Actor) -> bool:
    """Whether this very press of a button has left its line already."""
    return bool(actor.press) and referral.timeline.filter(actor=actor.user, press=actor.press).exists()


def require_new_words(
    referral: Referral, kind: str, text: str, *, actor: Actor, now: datetime, outcome: str | None = None
) -> None:
    """Raise `Again` where the same person has written the same words just now: a browser had offered as not sent what
    had arrived."""
    lines = referral.timeline.filter(kind=kind, actor=actor.user, at__gt=now - SAME_WORDS)
    if text.strip() and any(each.text == text and each.params.get("outcome") == outcome for each in lines):
        raise Again


def locked(pk: int, *, actor: Actor, seen: int | None = None, whoever_has_it: bool = False) -> Referral:
    """The referral, locked until the transaction ends.

    `seen` is the version that the actor's page showed; another one raises `Stale`, a press that has left its line
    already raises `Again`. A navigator whose colleague has the referral gets `NotYours`, unless `whoever_has_it`.
    """
    referral: Referral = Referral.objects.select_for_update(no_key=True).get(pk=pk)
    if has_done(referral, actor):
        raise Again
    if seen is not None and referral.version != seen:
        raise Stale
    others = actor.user and actor.role is Role.NAVIGATOR and referral.assigned_to_id not in (None, actor.user.pk)
    if (
        actor.user
        and others
        and not whoever_has_it
        and not Referral.objects.visible_to(actor.user).filter(pk=pk).exists()
    ):
        raise NotYours
    return referral


def locked_placement(placement_pk: int, actor: Actor, seen: int | None) -> tuple[Placement, Referral]:
    owner = Placement.objects.values_list("referral_id", flat=True).get(pk=placement_pk)
    referral = locked(owner, actor=actor, seen=seen)
    # Read again under the lock: a second answer must meet the first one.
    placement: Placement = referral.placements.select_related("program").get(pk=placement_pk)
    return placement, referral


def write(
    referral: Referral,
    kind: TimelineEntry.Kind,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    **params: Any,
) -> TimelineEntry:
    """Add the line, count the change, and say when the referral needs somebody next."""
    entry = TimelineEntry.objects.create(
        referral=referral,
        at=now,
        kind=kind,
        role=actor.role,
        actor=actor.user,
        actor_label=actor.label,
        params={**params, "link": True} if actor.by_link else params,
        press=actor.press,
        text=text,
    )
    for step in steps_of(entry.kind, entry.role, params):
        if getattr(referral, step) is None:
            setattr(referral, step, now)
    referral.version += 1
    referral.next_action_at = next_action(referral, now)
    referral.save()
    return entry


def next_action(referral: Referral, now: datetime) -> datetime | None:
    """When a member of staff must look at this referral again; None once it has ended and its family is silent.

    An open referral always has such a time: where nothing else is planned, it is now, so that no family is forgotten.
    """
    if referral.status == ReferralStatus.NEW:
        return referral.opened_at
    times: list[datetime] = list(referral.tasks.open().values_list("due_at", flat=True))
    if referral.status in REFERRAL_ENDS:
        return min(times, default=None)
    if referral.assigned_to_id is None:
        return min(now, *times, referral.next_action_at or now)  # given back: somebody must take it
    if referral.status == ReferralStatus.ON_HOLD and referral.hold_until:
        return min([referral.hold_until, *(task.due_at for task in referral.tasks.open() if wakes(task, referral))])
    # Once somebody is to call a program, that task says by when.
    called = referral.tasks.open().filter(kind=Task.Kind.CALL_PROGRAM, placement=OuterRef("pk"))
    asked = Placement.objects.filter(~Exists(called), referral=referral, status=PlacementStatus.REQUESTED)
    sent = list(asked.values_list("sent_at", flat=True))
    times += [answer_due(sent_at, PROGRAM_ANSWER_TIME, working_time()) for sent_at in sent]
    if times or not referral.is_pressing:  # an urgent need waits for a step that somebody plans, not for a check-in
        times += [followup.staff_at for followup in referral.followups.open()]
    first = min(times, default=now)
    if referral.snoozed_until is None or referral.snoozed_until <= now:
        return first
    awake = [task.due_at for task in referral.tasks.open() if wakes(task, referral)]
    return min([max(first, referral.snoozed_until), *awake])


def wakes(task: Task, referral: Referral) -> bool:
    """Whether a task shows through a snooze or a hold: what is urgent, and what came since and is more than thanks."""
    if task.urgent or task.is_crisis:
        return True
    later = referral.snoozed_at is not None and task.created_at > referral.snoozed_at
    return later and not (task.kind == Task.Kind.REPLY and is_only_thanks(task.text))


def rests(task: Task, referral: Referral, now: datetime) -> bool:
    """Whether a task waits with its referral for the end of a hold."""
    held = referral.status == ReferralStatus.ON_HOLD and referral.hold_until is not None and referral.hold_until > now
    return held and not wakes(task, referral)


def new_task(
    referral: Referral,
    kind: str,
    *,
    due_at: datetime,
    now: datetime,
    text: str = "",
    urgent: bool = False,
    placement: Placement | None = None,
) -> Task:
    """Add a task under the caller's line of history; one of this kind, about the same request to a program, that is
    still open is made more pressing.

    What somebody wrote, and what a person added, stays by itself: each is read and ticked off alone.
    """
    # A call for help that somebody has answered is no longer read: another one is called out anew.
    same = referral.tasks.open().unanswered().filter(kind=kind, placement=placement, by_hand=False)
    task: Task | None = None if kind in Task.ALONE else same.first()
    if task is None:
        task = Task(referral=referral, kind=kind, placement=placement, due_at=due_at, created_at=now)
    task.due_at, task.urgent = min(task.due_at, due_at), task.urgent or urgent
    task.text = "\n".join(part for part in (task.text, text) if part)
    task.save()
    return task
