"""Sixty plainly invented referrals over ninety days, lived through by the real actions with `now` moved.

Each is a story: a generator that does one thing, then says how long it waits for the next. All stories run on one
clock, so the history is in order and the follow-ups fall due between the steps. Messages of the past pass the real
gate and are then noted as sent; none leaves the system.
"""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Min

from directory.models import Program
from guides.models import LevelOfCare
from messaging import clock
from messaging.delivery.claim import claim
from messaging.delivery.gate import pass_gate
from messaging.delivery.result import finish
from messaging.models import Message
from messaging.retry import Accepted
from privacy.models import User
from referral import roles, shipped
from referral.actions.common import FAMILY, Actor
from referral.actions.consents import Signature
from referral.actions.intake import Ask, open_referral
from referral.demo_stories import PLAN, Steps, Teller
from referral.models import ConsentWording, Contact, Referral

SAMPLES = Path(__file__).with_name("samples.json")
ZONE = ZoneInfo(settings.TIME_ZONE)
SEED = 20_260


@transaction.atomic
def load(now: datetime) -> int:
    """Add the sample referrals unless there are any referrals; return how many were added.

    Needs the levels and the sample programs. All or nothing.
    """
    if Referral.objects.exists():
        return 0
    roles.set_up()
    shipped.load()
    world = _World(now)
    order = count()
    queue: list[tuple[datetime, int, Steps, datetime | None]] = []
    for days, story in PLAN:
        start = world.opening(days)
        heapq.heappush(queue, (start, next(order), story(Teller(world), start), None))
    _live(queue, order, now)
    _post_until(now)
    return Referral.objects.count()


def _live(queue: list[tuple[datetime, int, Steps, datetime | None]], order: Iterator[int], now: datetime) -> None:
    """Let every story go on until it ends or meets the present."""
    while queue and queue[0][0] <= now:
        at, _number, story, at_step = heapq.heappop(queue)
        _post_until(at)
        try:
            wait = story.send(at_step)  # type: ignore[arg-type]  # a generator begins with None
        except StopIteration:
            continue
        heapq.heappush(queue, (at + wait, next(order), story, at + wait))


def _post_until(at: datetime) -> None:
    """Note every message that is due until `at` as sent at its time."""
    while True:
        due = Message.objects.filter(state="scheduled", due_at__lte=at).aggregate(first=Min("due_at"))["first"]
        if due is None:
            return
        with clock.set_to(due):
            for channel in ("email", "sms"):
                for one in claim(channel, 50):
                    letter = pass_gate(one)
                    if letter is not None:
                        finish(letter, Accepted("sample"))


def _may_sign(age: str, consent: bool) -> str:
    """The age group of a family in which somebody signed: one for whom that counts."""
    return age if not consent or age in ("adult", "65_up") else "adult"


class _World:
    """Who there is, and the dice."""

    def __init__(self, now: datetime):
        self.now, self.dice = now, random.Random(SEED)  # noqa: S311 - invented data, no secret
        self.samples: dict[str, Any] = json.loads(SAMPLES.read_text(encoding="utf-8"))
        self.staff = [Actor.of(user) for user in _staff("Navigators")]
        self.supervisor = Actor.of(_staff("Supervisors")[0])
        self.programs = list(Program.objects.public().order_by("slug").prefetch_related("levels"))
        self.levels = {level.slug: level for level in LevelOfCare.objects.in_order()}
        self.number = count()

    def opening(self, days: float) -> datetime:
        """So many days ago, in the daytime; hours ago as they are."""
        if days < 1:
            return self.now - timedelta(days=days)
        local = (self.now - timedelta(days=days)).astimezone(ZONE)
        return local.replace(hour=self.dice.randint(9, 14), minute=self.dice.randint(0, 59))

    def open(self, at: datetime, *, consent: bool, ways: tuple[str, ...]) -> Referral:
        """Let an invented family ask for help."""
        number, pick = next(self.number), self.dice.choice
        name, language = self.samples["people"][number % len(self.samples["people"])]
        own = self.dice.random() < 0.45
        low, high = pick([("outpatient", "iop"), ("iop", "iop"), ("php", "residential"), ("residential", "residential"),
                          ("medically-managed", "medically-managed"), ("iop", "php")])  # fmt: skip
        wording = ConsentWording.objects.current("share", language)
        signature = Signature(
            name=name, signed_as="self" if own else "loved_one", wording=wording,
            categories=["need", "situation", "contact"],
        )  # fmt: skip
        ask = Ask(
            relation="self" if own else "loved_one",
            concern=pick(["substance_use", "substance_use", "both", "mental_health", "not_sure"]),
            contact_name=name,
            patient_name=name if own else pick(self.samples["loved"]),
            age=_may_sign(pick(["adult", "adult", "adult", "under_18", "65_up", ""]), consent),
            phone=f"+1626555{100 + number:04d}",
            email=f"family{number + 1}@example.org",
            zip_code=pick(self.samples["zips"]),
            zone=settings.TIME_ZONE,
            language=language,
            message=pick(self.samples["messages"][language]),
            times=sorted(self.dice.sample(list(Contact.Time.values), 2)),
            voicemail=pick(list(Contact.Message.values)),
            permissions={way: ConsentWording.objects.current(way, language) for way in ways},
            signature=signature if consent else None,
            level_low=self.levels.get(low) if number % 5 else None,
            level_high=self.levels.get(high) if number % 5 else None,
            source="sample data",
        )
        return open_referral(ask, actor=FAMILY, now=at)


def _staff(group: str) -> list[User]:
    """Who is in a group; an invented account that nobody can sign in with, where there is none."""
    found = list(User.objects.filter(groups__name=group, is_active=True).order_by("pk"))
    if found:
        return found
    name = f"sample-{group.lower()[:-1]}"
    user = User(username=name, email=f"{name}@example.org", first_name="Sample", last_name=group[:-1], is_staff=True)
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=group))
    return [user]
