"""What a referral needs from staff, as short signs for the queue, the most pressing first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from referral.actions.common import rests
from referral.lifecycle import PlacementStatus, ReferralStatus
from referral.models import FollowUp, FollowUpStep, Placement, Referral, Task
from referral.models.conditions import GRACE
from referral.models.referrals import PROGRAM_ANSWER_TIME
from ui.dates import short_day, short_time

FIRST_WORDS = 12
KINDS = dict(Task.Kind.choices)


@dataclass(frozen=True)
class Sign:
    """One thing that is needed. `chip` is a class of the stylesheet; `late` says that its time has passed."""

    text: str
    chip: str
    late: bool = False
    words: str = ""  # the first that the family wrote


@dataclass(frozen=True)
class Due:
    """When something is due, in words, and whether it is late."""

    words: str
    late: bool = False


def due_at(referral: Referral, now: datetime) -> datetime | None:
    """When the row is due: a new one by the promised time, or at once where its family has written again."""
    at = referral.due_at
    if at is None or referral.status != ReferralStatus.NEW:
        return at
    tasks: list[Task] = referral.open_tasks  # type: ignore[attr-defined]
    return min([at, *(task.due_at for task in tasks if task.due_at <= now)])


def due(at: datetime | None, now: datetime, late: datetime | None = None) -> Due | None:
    """ "2 days late", "due now", "today 6 p.m."; a date where it is further off.

    What is due after `late` is not late yet (`referral.hours.late_before`); without it, the clock alone says.
    """
    if at is None:
        return None
    over = now - at
    if over >= timedelta(0) and late is not None and at > late:
        return Due(_("due now"))
    if over >= timedelta(days=1):
        return Due(ngettext("%(count)d day late", "%(count)d days late", over.days) % {"count": over.days}, late=True)
    if over >= GRACE:
        hours = int(over / timedelta(hours=1))
        return Due(ngettext("%(count)d hour late", "%(count)d hours late", hours) % {"count": hours}, late=True)
    if over >= timedelta(0):
        return Due(_("due now"))
    local = timezone.localtime(at)
    days = (local.date() - timezone.localtime(now).date()).days
    whole = (local.hour, local.minute) == (0, 0)  # a day, and no time of it
    if days > 1:
        return Due(short_day(at) if whole else short_time(at))
    if whole:
        return Due(_("tomorrow"))
    words = _("tomorrow %(time)s") if days else _("today %(time)s")
    return Due(words % {"time": formats.date_format(local, "TIME_FORMAT")})


def next_check_in(followups: Collection[FollowUp]) -> FollowUp | None:
    """The check-in that staff must see to first; of those that went, the newest counts."""
    status = FollowUp.Status
    went = max(
        (each.due_at for each in followups if each.status not in (status.PLANNED, status.CANCELLED)), default=None
    )
    waits = [
        each for each in followups
        if each.status == status.PLANNED or (each.status == status.SENT and each.due_at == went)
    ]  # fmt: skip
    return min(waits, key=lambda each: each.staff_at, default=None)


def _check_in_words(followup: FollowUp, name: str, now: datetime) -> str:
    """What is to be done about it, with the day on which the clock stands."""
    said = {"name": name, "day": short_day(followup.local_date), "then": short_day(followup.staff_at)}
    if followup.kind == FollowUpStep.Kind.CALL:
        if followup.staff_at <= now:
            return _("The check-in by phone of %(day)s: call %(name)s, and record the answer.") % said
        return _("Nothing is open. The next check-in is a call on %(day)s.") % said
    if followup.staff_at <= now:
        return _("No answer to the check-in of %(day)s: call or write to %(name)s.") % said
    if followup.status == FollowUp.Status.SENT:
        return _("Nothing is open. A check-in went on %(day)s. Look on %(then)s if they answered.") % said
    return _("Nothing is open. A check-in goes on %(day)s. Look on %(then)s if they answered.") % said


def next_step(
    referral: Referral, placements: Iterable[Placement], followups: Collection[FollowUp], now: datetime
) -> str:
    """What comes next where no task is open, in a sentence; from all its requests and check-ins."""
    name = {"name": str(referral.contact)}
    if not referral.is_open:
        return _("This referral has ended.")
    if referral.status == ReferralStatus.NEW:
        return _("No one has this yet. Take it, then contact %(name)s.") % name
    if not referral.contact.ways_asked and referral.contact.is_called_back:
        return _("Not asked yet how we may reach %(name)s. Call back, ask, and save it under “Correct this”.") % name
    asked = [each.program.name for each in placements if each.status == PlacementStatus.REQUESTED]
    if referral.status == ReferralStatus.ON_HOLD:
        line = _("On hold. Check-ins go on when you resume it.")
        meanwhile = _("These programs still have the request, and may answer: %(programs)s.")
        return f"{line} {meanwhile % {'programs': ', '.join(asked)}}" if asked else line
    waits = next_check_in(followups)
    if asked and not (waits and waits.staff_at <= now):
        return _("A program has the request. Call it if it does not answer within a day.")
    if referral.is_pressing and not asked:
        return _("This is urgent. Contact %(name)s, or add a task that says what comes next.") % name
    if waits:
        return _check_in_words(waits, name["name"], now)
    return _("Nothing is planned. Add a task, start a plan, or close it.")


def signs(referral: Referral, now: datetime) -> list[Sign]:
    """Read from what `ReferralQuerySet.for_queue` has fetched; asks the database nothing."""
    if not referral.is_open:
        return [*_tasks(referral, now), Sign(referral.get_closing_display(), "chip-done")]
    found = _tasks(referral, now)
    if referral.status == ReferralStatus.NEW:
        found.append(Sign(_("New: unassigned"), "chip-open"))
        if referral.unusual:
            found.append(Sign(_("May not be from a person: check"), "chip-wait"))
    elif referral.assigned_to_id is None:
        found.append(Sign(_("Given back: unassigned"), "chip-open"))
    found += _calls(referral, now)
    found += _waiting(referral, now)
    if referral.status == ReferralStatus.ON_HOLD and referral.hold_until:
        if referral.hold_until <= now:
            found.append(Sign(_("Hold ended"), "chip-open", late=True))
        else:
            found.append(Sign(_("On hold until %(day)s") % {"day": short_day(referral.hold_until)}, "chip-done"))
    elif not found and referral.next_action_at and referral.next_action_at <= now:
        found.append(Sign(_("Nothing is planned"), "chip-open", late=True))
    return found


def _tasks(referral: Referral, now: datetime) -> list[Sign]:
    """One sign for each kind of task that is urgent or due, and how many there are of it."""
    kinds: dict[str, list[Task]] = {}
    for task in referral.open_tasks:  # type: ignore[attr-defined]
        if (task.urgent or task.due_at <= now) and not rests(task, referral, now):
            kinds.setdefault(task.title if task.is_crisis else str(KINDS.get(task.kind, task.kind)), []).append(task)
    return [
        Sign(
            f"{kind} ({len(tasks)})" if len(tasks) > 1 else kind,
            "chip-stop" if any(task.urgent for task in tasks) else "chip-open",
            any(task.due_at <= now for task in tasks),
            Truncator(tasks[0].text).words(FIRST_WORDS) if tasks[0].kind == Task.Kind.REPLY else "",
        )
        for kind, tasks in kinds.items()
    ]


def _calls(referral: Referral, now: datetime) -> list[Sign]:
    if referral.status == ReferralStatus.ON_HOLD:
        return []  # they rest
    call, silent = referral.call_at, referral.silent_at  # type: ignore[attr-defined]
    found = [Sign(_("Check-in by phone"), "chip-open", late=True)] if call and call <= now else []
    if silent and silent + FollowUp.PATIENCE <= now:
        found.append(Sign(_("No answer to the check-in"), "chip-open", late=True))
    return found


def _waiting(referral: Referral, now: datetime) -> list[Sign]:
    count, since = referral.asked_count, referral.asked_since  # type: ignore[attr-defined]
    if not count:
        return []
    text = ngettext("Waits for %(count)d program", "Waits for %(count)d programs", count) % {"count": count}
    return [Sign(text, "chip-wait", since + PROGRAM_ANSWER_TIME <= now)]
