"""What happened, in order. Lines are only ever added; the database refuses anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedJSONField, EncryptedTextField
from privacy.models import User
from referral.lifecycle import STAFF, Role
from referral.models.people import CHANNEL_FIELDS
from referral.models.placements import Placement
from referral.models.referrals import Referral
from referral.reasons import in_words


class TimelineQuerySet(models.QuerySet["TimelineEntry"]):
    def of(self, referral: Referral) -> Self:
        """The lines of a referral, and those of the duplicates that were merged into it: looked up first, so that the
        lines are read from their index."""
        return self.filter(referral__in=[referral.pk, *referral.merged_from.values_list("pk", flat=True)])

    def of_request(self, placement: Placement) -> list[TimelineEntry]:
        """The lines about a request to a program, in order; also those from before its referral was merged."""
        return self.of(placement.referral).order_by("at", "pk").about(placement=placement.pk)

    def for_family(self) -> Self:
        """The lines that a family's own page shows."""
        return self.filter(kind__in=TimelineEntry.FAMILY_SEES)

    def read_by_family(self, referral: Referral) -> list[TimelineEntry]:
        """The lines that its own page shows. After a merge that was none, nothing of the other family: not that they
        were merged, not its requests, and nothing from the time in which the other's contact was used."""
        kind, own = TimelineEntry.Kind, set(referral.placements.values_list("pk", flat=True))
        lines = _own_words(list(self.filter(referral=referral).for_family()))
        parted = [(line.params.get("other"), line.at) for line in lines if line.kind == kind.UNMERGED]
        if not parted:
            return lines
        merged, theirs = set(), []
        for line in lines:
            code = line.params.get("into") or line.params.get("other")
            end = min((at for other, at in parted if other == code and at >= line.at), default=None)
            if line.kind == kind.MERGED and end is not None:
                merged.add(line.pk)
                if line.params.get("theirs", "other" in line.params):
                    theirs.append((line.at, end))
        return [
            line
            for line in lines
            if line.kind != kind.UNMERGED
            and line.pk not in merged
            and line.params.get("placement") in {None, *own}
            and not any(start <= line.at < end for start, end in theirs)
        ]

    def about(self, **params: Any) -> list[TimelineEntry]:
        """The lines with these parameters, in order: they are encrypted where they lie, so they are compared here."""
        return [line for line in self if all(line.params.get(name) == value for name, value in params.items())]

    def tell_of_a_stop(self, channel: str, at: str, *, today: bool) -> list[dict[str, Any]]:
        """What a family said, in one way or another, of not using this channel at the address with the blind index
        `at`. Older lines name no address: they count for the one that stands here `today`, if it stood here then."""
        allowed, where = CHANNEL_FIELDS[channel]
        kind = TimelineEntry.Kind
        kinds = [kind.STOPPED, kind.CHECK_IN_ANSWERED, kind.CONTACT_CHANGED, kind.LINK_ENDED]
        named: list[dict[str, Any]] = []
        unnamed: list[dict[str, Any]] = []
        for line in self.filter(kind__in=kinds).order_by("at", "pk").values_list("params", flat=True):
            unchecked = allowed in line.get("changed", ()) and not line.get("boxes", {}).get(allowed)
            said = line.get("channel") in ("", channel) or line.get("answer") == "stop" or unchecked
            if where in line.get("changed", ()):
                unnamed = []
            if "shut" in line:
                named += [line] if said and at in line["shut"] else []
            elif said and where not in line.get("changed", ()):
                unnamed.append(line)
        return named + (unnamed if today else [])

    def tells_of_a_choice(self, at: str) -> bool:
        """Whether the family reads here that it paused messages, or chose their hours, in one that went to the address
        with the blind index `at`."""
        return bool(self.filter(kind=TimelineEntry.Kind.MESSAGE).about(chosen_at=at))

    def entered_since_others(self) -> set[str]:
        """Which of ``"email"`` and ``"phone"`` were entered since the family last said that others read or hear."""
        kind, fresh = TimelineEntry.Kind, set[str]()
        for line in self.filter(kind__in=[kind.LINK_ENDED, kind.CONTACT_CHANGED]).order_by("-at", "-pk"):
            if line.kind == kind.LINK_ENDED:
                break
            if not line.params.get("elsewhere"):  # by a link, beside the browser that asked
                fresh |= {"email", "phone"} & set(line.params.get("changed", ()))
        return fresh

    def was_marked_by_link(self, way: str) -> bool:
        """Whether it was somebody who came by a link who last said that others read or hear this way."""
        said = self.filter(kind=TimelineEntry.Kind.LINK_ENDED).order_by("at", "pk").about(channel=way)
        return bool(said) and bool(said[-1].params.get("by_link"))

    def was_turned_off_by_link(self, box: str) -> bool:
        """Whether it was a link that last unchecked this box, of `by_email`, `by_text` and `by_phone`."""
        said = self.filter(kind=TimelineEntry.Kind.CONTACT_CHANGED).order_by("at", "pk")
        boxes = [line.params for line in said if box in line.params.get("boxes", {})]
        return bool(boxes) and not boxes[-1]["boxes"][box] and bool(boxes[-1].get("link"))

    def waits_for_an_answer(self) -> bool:
        """Whether the family wrote on its page after our last answer there."""
        kind = TimelineEntry.Kind
        last = self.filter(kind__in=(kind.WROTE, kind.TOLD_FAMILY)).order_by("-at", "-pk").first()
        return last is not None and last.kind == kind.WROTE


def _own_words(lines: list[TimelineEntry]) -> list[TimelineEntry]:
    """Without what was written by, and to, somebody else of the family who was reached before a merge that stands."""
    kind, since = TimelineEntry.Kind, dict[str, datetime]()
    for line in lines:
        if line.kind == kind.MERGED and line.params.get("another"):
            since[line.params["other"]] = line.at
        elif line.kind == kind.UNMERGED:
            since.pop(line.params.get("other", ""), None)
    begun = max(since.values(), default=None)
    return [
        line for line in lines if begun is None or line.at >= begun or line.kind not in (kind.WROTE, kind.TOLD_FAMILY)
    ]


class TimelineEntry(models.Model):
    """One line: its kind and its parameters as data, put into words in the reader's language."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        TAKEN = "taken", _("taken")
        ASSIGNED = "assigned", _("assigned")
        NOTE = "note", _("note")
        HELD = "held", _("put on hold")
        RESUMED = "resumed", _("resumed")
        RECONSIDERED = "reconsidered", _("open again for another program")
        CLOSED = "closed", _("closed")
        NEED_CHANGED = "need_changed", _("need changed")
        CONTACT_CHANGED = "contact_changed", _("contact changed")
        CONSENT_SIGNED = "consent_signed", _("consent signed")
        CONSENT_ASKED = "consent_asked", _("consent asked for")
        CONSENT_REVOKED = "consent_revoked", _("consent revoked")
        CONSENT_WEIGHED = "consent_weighed", _("who may consent looked at again")
        SENT = "sent", _("sent to a program")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("declined")
        WAITLISTED = "waitlisted", _("put on a waiting list")
        STARTED = "started", _("care started")
        PLACEMENT_HELD = "placement_held", _("placement on hold")
        PLACEMENT_RESUMED = "placement_resumed", _("placement resumed")
        PLACEMENT_COMPLETED = "placement_completed", _("placement completed")
        PLACEMENT_FAILED = "placement_failed", _("placement did not work out")
        PLACEMENT_CANCELLED = "placement_cancelled", _("placement canceled")
        CONNECTED = "connected", _("connected")
        PLAN_SET = "plan_set", _("follow-up planned")
        CHECK_IN_DUE = "check_in_due", _("check-in due")
        CHECK_IN_ANSWERED = "check_in_answered", _("check-in answered")
        MESSAGE = "message", _("message")
        STOPPED = "stopped", _("messages stopped")
        CALLED = "called", _("call logged")
        WROTE = "wrote", _("word from the family")
        NOT_CALLED = "not_called", _("no one has called the family")
        PROGRAM_ASKED = "program_asked", _("question of a program")
        TOLD_PROGRAM = "told_program", _("answer to a program")
        TOLD_FAMILY = "told_family", _("answer to the family")
        WRITTEN = "written", _("message to the family")
        TAKEN_BACK = "taken_back", _("message taken back")
        UNDONE = "undone", _("taken back by the program")
        TIMES_OFFERED = "times_offered", _("times proposed")
        TIME_CHOSEN = "time_chosen", _("time chosen")
        NO_TIME_FITS = "no_time_fits", _("no proposed time fits")
        VISIT = "visit", _("first visit")
        LINK_ENDED = "link_ended", _("links ended by the family")
        ERASURE_ASKED = "erasure_asked", _("deletion asked for")
        WAITS = "waits", _("waits until the family was asked")
        TASK_ADDED = "task_added", _("task added")
        DUTY_CALLED = "duty_called", _("duty called")
        ESCALATED = "escalated", _("told that it waits")
        ACKNOWLEDGED = "acknowledged", _("call for help answered")
        GIVEN_BACK = "given_back", _("given back to the queue")
        SNOOZED = "snoozed", _("snoozed")
        TASK_DONE = "task_done", _("task done")
        REOPENED = "reopened", _("reopened after the end")
        STEPPED = "stepped", _("next step opened")
        END_EXPECTED = "end_expected", _("end of care expected")
        OPENING_EXPECTED = "opening_expected", _("opening expected")
        PLACE_KEPT = "place_kept", _("place on a waitlist kept")
        OTHER_PERSON = "other_person", _("another person to call")
        MERGED = "merged", _("merged")
        UNMERGED = "unmerged", _("unmerged")

    class Call(models.TextChoices):
        REACHED = "reached", _("Talked with them")
        NO_ANSWER = "no_answer", _("No answer")
        LEFT_WORD = "left_word", _("Left word")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    # Their text is a reason; that of others is what somebody wrote.
    REASONED = (
        Kind.HELD, Kind.REJECTED, Kind.PLACEMENT_HELD, Kind.PLACEMENT_FAILED, Kind.PLACEMENT_CANCELLED, Kind.CLOSED,
    )  # fmt: skip
    # Nothing that staff wrote for each other; of messages only what the family chose, not how they travel.
    FAMILY_SEES = (
        Kind.OPENED, Kind.TAKEN, Kind.CONSENT_SIGNED, Kind.CONSENT_REVOKED, Kind.SENT, Kind.ACCEPTED, Kind.REJECTED,
        Kind.WAITLISTED, Kind.OPENING_EXPECTED, Kind.PLACE_KEPT, Kind.VISIT, Kind.STARTED, Kind.CHECK_IN_ANSWERED,
        Kind.STOPPED, Kind.CONTACT_CHANGED,
        Kind.PLACEMENT_CANCELLED, Kind.CLOSED, Kind.WROTE, Kind.NOT_CALLED, Kind.TOLD_FAMILY, Kind.UNDONE,
        Kind.TIMES_OFFERED, Kind.TIME_CHOSEN, Kind.NO_TIME_FITS, Kind.LINK_ENDED, Kind.ERASURE_ASKED, Kind.HELD,
        Kind.WAITS, Kind.RESUMED, Kind.MESSAGE, Kind.REOPENED, Kind.STEPPED, Kind.MERGED, Kind.UNMERGED,
        Kind.CONSENT_ASKED,
    )  # fmt: skip

    referral = models.ForeignKey(
        Referral, verbose_name=_("referral"), on_delete=models.CASCADE, related_name="timeline"
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    role = models.CharField(_("by"), max_length=10, choices=[(role.value, role.value) for role in Role])
    # The account may go; the line may not change, so nothing is set to null and no key is enforced.
    actor = models.ForeignKey(
        User,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_label = models.CharField(_("who, in words"), max_length=200, blank=True)
    params: models.Field[Any, Any] = EncryptedJSONField(_("details"), default=dict, blank=True)
    # Tells one press of a button from every other, and nothing else.
    press = models.CharField(max_length=32, blank=True, editable=False, default="", db_default="")
    text = EncryptedTextField(_("words"), blank=True)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name = _("timeline line")
        verbose_name_plural = _("timeline")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["referral", "at"], name="timeline_in_order"),
            # To whom we said nothing lately.
            models.Index(
                fields=["at"], name="timeline_of_staff", include=["referral"], condition=Q(role__in=sorted(STAFF))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def words(self) -> str:
        """What was written; a reason that is kept as a code in the reader's language."""
        return in_words(self.text) if self.kind in self.REASONED else self.text
