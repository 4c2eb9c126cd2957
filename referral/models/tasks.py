"""What a member of staff must do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.fields import EncryptedTextField
from privacy.models import User
from referral.reasons import ANSWERS, SAID_NOW, coded, in_words
from referral.thanks import is_only_thanks

# A call for help that somebody has had for so long can be taken over by a colleague.
TAKE_OVER_AFTER = timedelta(minutes=30)


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def crises(self) -> Self:
        """What a family asks for at once."""
        return self.open().filter(kind=Task.Kind.NEEDS_HELP)

    def undelivered(self) -> Self:
        """A message did not arrive, or nobody knows whether it did."""
        return self.open().filter(kind__in=[Task.Kind.NOT_REACHED, Task.Kind.REVIEW])

    def unanswered(self) -> Self:
        """Nobody has said "I have it"."""
        return self.filter(acknowledged_at=None)

    def ticked_by(self, user: User, since: datetime) -> Self:
        """What `user` has ticked off, and may take back; a call for help is over once somebody said how."""
        return self.filter(done_by=user, done_at__gte=since).exclude(kind=Task.Kind.NEEDS_HELP)

    def due(self, now: datetime) -> Self:
        return self.open().filter(due_at__lte=now)


class Task(models.Model):
    """One thing to do for a family, until somebody has done it."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call the family")
        WRITE = "write", _("Write to the family")
        NEEDS_HELP = "needs_help", _("The family asks for help now")
        STILL_WAITING = "still_waiting", _("The family is still waiting: see what holds it up")
        REPLY = "reply", _("The family wrote back: read it and answer")
        UNSURE_REPLY = "unsure_reply", _("A reply from a shared number or address: find out who wrote, and answer")
        NOT_REACHED = "not_reached", _("A message did not arrive: contact the family another way")
        FIND_NUMBER = "find_number", _("Find another number: this one is wrong")
        NO_WAY = "no_way", _("No way to reach them yet: find a number or an email")
        REVIEW = "review", _("We cannot tell if a message arrived: check and decide")
        NOT_CALLED = "not_called", _("The program has not called the family: call both")
        PROGRAM_ASKS = "program_asks", _("The program has a question: answer it")
        CALL_PROGRAM = "call_program", _("Call the program")
        TELL_PROGRAM = "tell_program", _("Tell the program not to use the phone or email that it has")
        ASK_CONSENT = "ask_consent", _("Ask the family for their consent")
        CHECK_IN = "check_in", _("Check in with the family by phone")
        HANDED_OVER = "handed_over", _("A colleague handed this over: read the note")
        ERASE = "erase", _("The family wants its data deleted: carry it out, and tell them")
        NEXT_STEP = "next_step", _("Choose the next step with the family")
        ASK_PROGRAM = "ask_program", _("Ask a program for this level")
        NEXT_PROGRAM = "next_program", _("Ask the next program, and tell the family")
        CARE_ENDS = "care_ends", _("Care ends soon: plan the next step with the family")
        OTHER = "other", _("Something else")

    CALLS = (Kind.CALL, Kind.CHECK_IN)
    # What the family wrote, for somebody to read.
    WORDS = (Kind.REPLY, Kind.UNSURE_REPLY)
    # A kind of which each task says something of its own.
    ALONE = (Kind.OTHER, Kind.REPLY, Kind.UNSURE_REPLY, Kind.PROGRAM_ASKS)

    HEARD = (*CALLS, *WORDS)  # what a call may have been about

    # What leads to the family. Who wants no message and no call is left alone; what they wrote is still read.
    TO_FAMILY = (Kind.CALL, Kind.WRITE, Kind.NOT_REACHED, Kind.FIND_NUMBER, Kind.CHECK_IN, Kind.ASK_CONSENT)

    # What somebody has to hear before the referral is closed.
    FIRST = (Kind.NEEDS_HELP, *WORDS)

    instead: str = ""  # whom to call in place of the family's contact, where a page has asked for it
    referral = models.ForeignKey(
        "referral.Referral", verbose_name=_("referral"), on_delete=models.CASCADE, related_name="tasks"
    )
    # The request that it comes from, if it comes from one: it ends with it.
    placement = models.ForeignKey(
        "referral.Placement",
        verbose_name=_("request to a program"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tasks",
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    text = EncryptedTextField(_("more about it"), blank=True)
    due_at = models.DateTimeField(_("due"))
    urgent = models.BooleanField(_("urgent"), default=False)
    by_hand = models.BooleanField(_("added by a person"), default=False, db_default=False)
    created_at = models.DateTimeField(_("made"))
    # Of a call for help: when and how often whoever is on duty was called, and who has it.
    called_at = models.DateTimeField(_("called for at"), null=True, blank=True)
    calls = models.PositiveIntegerField(_("calls"), default=0, db_default=0)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, verbose_name=_("acknowledged by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["-urgent", "due_at", "pk"]
        indexes = [
            models.Index(
                fields=["referral", "due_at"], name="task_open", condition=models.Q(done_at=None), include=["urgent"]
            ),
            models.Index(
                fields=["kind", "referral"],
                name="task_open_of_kind",
                condition=models.Q(done_at=None),
                include=["acknowledged_by"],
            ),
            models.Index(
                fields=["referral", "due_at"], name="task_urgent", condition=models.Q(done_at=None, urgent=True)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_crisis(self) -> bool:
        return self.kind == self.Kind.NEEDS_HELP

    @property
    def is_of_answers(self) -> bool:
        """Whether it is a call for help that nobody wrote: the answers to the questions state it."""
        return self.is_crisis and self.text in {coded(each) for each in ANSWERS.values()}

    @property
    def more(self) -> str:
        """Its text as it is read now: a line of ours is kept as a code, what a person wrote stays as it was written."""
        if self.is_crisis and not self.is_of_answers:
            lines = self.text.split("\n")
            return "\n".join(in_words(line) if line == coded(SAID_NOW) else line for line in lines)
        if self.kind in self.ALONE:
            return str(self.text)
        return "\n".join(in_words(line) for line in self.text.split("\n"))

    @property
    def is_word(self) -> bool:
        """Whether the family wrote something in it that is more than thanks."""
        return self.kind in self.WORDS and not is_only_thanks(self.text)

    @property
    def asks_what_happened(self) -> bool:
        """Whether it is done only with the words of what became of it."""
        return self.is_crisis or self.is_word

    @property
    def may_answer(self) -> bool:
        """Whether what was written is answered on the page where it was written."""
        asked = self.kind == self.Kind.PROGRAM_ASKS and self.placement_id is not None
        return self.done_at is None and (asked or self.kind == self.Kind.REPLY)

    @property
    def had_by(self) -> str:
        """Who has answered this call for help, by name; ``""`` where nobody has."""
        user = self.acknowledged_by
        return user.get_full_name() or user.get_username() if user else ""

    # What a page that lists it says of it: see `say_who_has`.
    is_with_absent = to_take_over = False

    def say_who_has(self, user: int, now: datetime, away: Collection[int]) -> None:
        """Whether whoever has this call for help is one of those `away` today, and whether `user` may take it over."""
        self.is_with_absent = self.acknowledged_by_id in away
        self.to_take_over = self.may_be_taken_over(user, now, away)

    def may_be_taken_over(self, user: int, now: datetime, away: Collection[int]) -> bool:
        """Of who is away at once, of a colleague who is here after a while; nobody takes what they have themselves."""
        if not self.is_crisis or self.done_at or self.acknowledged_by_id in (None, user) or not self.acknowledged_at:
            return False
        return self.acknowledged_by_id in away or self.acknowledged_at <= now - TAKE_OVER_AFTER

    @property
    def title(self) -> str:
        """What is to do, with the name of whom to call or write to."""
        if self.is_crisis and self.by_hand:
            return str(_("Reported by staff: someone needs help now"))
        name = self.referral.contact.name
        if self.instead and self.kind == self.Kind.CALL:
            name = self.instead
        words = {self.Kind.CALL: _("Call %(name)s"), self.Kind.WRITE: _("Write to %(name)s")}
        if not name or self.kind not in words:
            return self.get_kind_display()
        return str(words[self.Kind(self.kind)]) % {"name": name}
