"""What a step would share with whom, and what it would end: it is shown first, and the answer is bound to it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from directory.models import Program
from privacy.fields import blind_index
from referral.models import Consent, Disclosure, Placement, Referral
from referral.needs import NOTHING, Against
from referral.program_rows import copy_of

NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


class Changed(Exception):
    """What would happen now is not what was shown. Nothing was written."""

    def __init__(self, effect: Effect):
        super().__init__(effect.mark)
        self.effect = effect


@dataclass(frozen=True, kw_only=True)
class Effect:
    """`shares` are categories that the program sees at once, `later` those that it sees once it accepts.

    `by_email` says that the program gets an e-mail. `ends` are requests that are canceled, `shuts` those of care that
    goes on while the program's page closes.
    """

    referral: Referral
    program: Program | None = None
    shares: Collection[str] = ()
    later: Collection[str] = ()
    consents: Collection[Consent] = ()
    against: Against = NOTHING
    by_email: bool = False
    ends: Collection[Placement] = ()
    shuts: Collection[Placement] = ()

    @property
    def asked(self) -> Program:
        """The program that is asked, of an effect that asks one."""
        assert self.program is not None
        return self.program

    @property
    def mark(self) -> str:
        """What tells this effect from any other. The version stands for all that is known of the family."""
        program = self.program
        return blind_index(
            json.dumps(
                [
                    self.referral.pk,
                    self.referral.version,
                    program and [program.pk, program.name, program.referral_email, str(program.phone)],
                    sorted(self.shares),
                    sorted(self.later),
                    sorted(consent.pk for consent in self.consents),
                    self.against.keys,
                    self.by_email,
                    sorted(placement.pk for placement in self.ends),
                    sorted(placement.pk for placement in self.shuts),
                ]
            ),
            purpose="shown",
        )[:32]


def mark_of(effects: Sequence[Effect]) -> str:
    """What tells several effects that are shown together from any others."""
    if len(effects) == 1:
        return effects[0].mark
    return blind_index(json.dumps([each.mark for each in effects]), purpose="shown")[:32]


def require_shown(effect: Effect, shown: str | None) -> None:
    """Raise `Changed` where something else was shown; None is who was shown nothing, as a program or a story."""
    if shown is not None and shown != effect.mark:
        raise Changed(effect)


def disclose(placement: Placement, consent: Consent, categories: Collection[str], now: datetime) -> None:
    """Write down what a program sees from now on, as it stands, under the caller's line of history."""
    if categories:
        Disclosure.objects.create(
            placement=placement,
            consent=consent,
            at=now,
            categories=sorted(categories),
            recipient=placement.program.name,
            notice=NOTICE if settings.PART_2 else "",
            copy=copy_of(placement.referral, categories),
        )
