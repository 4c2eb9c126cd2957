"""Whose families a member of staff may see now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import BooleanField, Exists, F, Func, IntegerField, Value
from django.utils import timezone

from privacy.models import User
from referral.models.duty import Absence, DutyShift
from referral.models.tasks import Task

NOBODY = 0  # stands for "assigned to no one", so that one list of numbers says whose rows are meant


def holder() -> Func:
    """The key of who has a referral, or `NOBODY`. The zero stands in the SQL itself, as in the indexes."""
    return Func(F("assigned_to"), template="COALESCE(%(expressions)s, 0)", output_field=IntegerField())


@dataclass(frozen=True)
class Sight:
    """What `user` may see, asked once for a page; the database then compares plain values.

    Supervisors see all; navigators their own, what nobody has taken, those of whom they cover for today, and whoever
    asks for help now while they are on duty, or that they answered.
    """

    user: int
    everything: bool
    covered: frozenset[int]  # those who are away, and whose families are theirs today
    calling: frozenset[int]  # the keys of all referrals whose family asks for help now
    answers: frozenset[int]  # those of them that are theirs, whoever has the referral

    @classmethod
    def of(cls, user: User, absences: Iterable[Absence] | None = None) -> Self:
        """One query; `absences` are those of today, where they are known."""
        on_duty: Any = Exists(DutyShift.objects.on_duty(timezone.now()).filter(user=user))
        rows: Any = Task.objects.crises().order_by().values_list("referral", "acknowledged_by", on_duty)
        if absences is None:  # they come with the calls, as rows that say nothing of duty
            nothing: Any = (Value(None, output_field=field) for field in (IntegerField(), BooleanField()))
            today = Absence.objects.on(timezone.localdate()).filter(cover=user).order_by()
            rows = list(rows.union(today.values_list("user", *nothing), all=True))
            covered = frozenset(away for away, _who, duty in rows if duty is None)
        else:
            covered = frozenset(each.user_id for each in absences if each.cover_id == user.pk)
        calls = [row for row in rows if row[2] is not None]
        calling = frozenset(referral for referral, *_whose in calls)
        everything = user.has_perm("referral.supervise_referrals")
        answers = frozenset(referral for referral, who, duty in calls if everything or duty or who == user.pk)
        return cls(user.pk, everything, covered, calling, answers)

    @property
    def holders(self) -> list[int]:
        """Whose referrals are seen, as `holder` has them."""
        return sorted({NOBODY, self.user, *self.covered})

    def sees(self, pk: int, assigned_to: int | None) -> bool:
        """Whether a referral that `assigned_to` has is seen."""
        return self.everything or pk in self.answers or (assigned_to or NOBODY) in self.holders
