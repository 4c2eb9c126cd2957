"""Consent: signed, asked for, revoked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from directory.models import Program
from privacy.models import User
from privacy.transactions import one_transaction
from referral.actions.common import SYSTEM, Actor, locked, new_task, require, require_open, write
from referral.actions.effects import Effect, require_shown
from referral.actions.endings import close_link, open_times, transition
from referral.actions.notices import CONSENT, tell_family
from referral.coverage import Grant, covering
from referral.hours import answer_due
from referral.lifecycle import PLACEMENT, Role, moves_from
from referral.models import Consent, ConsentWording, Patient, Placement, Referral, Task, TimelineEntry
from referral.models.consents import CONSENT_LIFE
from referral.models.hours import working_time
from referral.models.people import name_key
from referral.reasons import CONSENT_ENDED, coded
from referral.signing import FINER, Bar, ages, bar, by_substances, narrowed, of_another

# What was only said holds until there was time to sign.
SAID_LIFE = timedelta(days=30)
PURPOSE = gettext_noop("To look for a treatment program, and to arrange care there")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A consent that was given, already validated. No recipients means: any listed treatment program that staff ask.

    `given_at` and `expires_at` are None for now, and for as long as such a consent holds by itself.
    """

    name: str
    signed_as: str
    wording: ConsentWording
    categories: Sequence[str]
    recipients: Sequence[Program] = ()
    method: str = Consent.Method.ONLINE
    given_at: datetime | None = None
    expires_at: datetime | None = None
    authority: str = ""
    witness: str = ""
    kept_where: str = ""
    age: str = ""  # the age group of the person in care that the signer chose, one of `signing.GROUPS` or `FINER`


class MayNotSign(Exception):
    """Whoever gave this consent may not give it for this person, as `bar` says. Nothing was written."""

    def __init__(self, bar: Bar):
        super().__init__(bar)
        self.bar = bar


class WithdrawnSince(Exception):
    """This paper was signed before the family withdrew its consent, `at`. Nothing was written."""

    def __init__(self, at: datetime):
        super().__init__(at)
        self.at = at


def _require_not_withdrawn(referral: Referral, signature: Signature) -> None:
    """Raise `WithdrawnSince` where the family withdrew on the day of the paper, which has no hour, or later."""
    if signature.method != Consent.Method.PAPER or signature.given_at is None:
        return
    kinds = (TimelineEntry.Kind.CONSENT_REVOKED, TimelineEntry.Kind.CLOSED)
    lines = TimelineEntry.objects.of(referral).filter(kind__in=kinds).order_by("-at", "-pk")
    for line in lines:
        ended = line.kind == TimelineEntry.Kind.CONSENT_REVOKED or line.params.get("consent_ended")
        if ended and timezone.localdate(line.at) >= timezone.localdate(signature.given_at):
            raise WithdrawnSince(line.at)


def _bar_of(referral: Referral, signed: Signature | Consent, now: datetime) -> Bar | None:
    """What keeps this signature from counting by what is known of the person now, whichever way it came."""
    patient, substance = referral.patient, by_substances(referral.concern)
    said, name = (signed.age, signed.name) if isinstance(signed, Signature) else (signed.age_said, signed.signed_name)
    age = narrowed(ages(patient.age, patient.born, timezone.localdate(now).year), said or "")
    found = bar(signed.signed_as, age=age, substance=substance, proof=signed.authority or "")
    if referral.relation == Referral.Relation.SELF:
        # Who asks for themselves told us all of it: nobody else has anything of theirs to share.
        return Bar.NO_AUTHORITY if signed.signed_as == Consent.Signer.LOVED_ONE else found
    if found:
        return found
    keys = {"patient": name_key(patient.name), "contact": name_key(referral.contact.name)}
    another = signed.signed_as == Consent.Signer.SELF and of_another(name_key(name), **keys)
    return Bar.OTHER_NAME if another else None


def record_consent(
    referral: Referral, signature: Signature, *, now: datetime, recorded_by: User | None = None
) -> Consent:
    """Write the consent down, inside the caller's transaction and under the caller's line of history."""
    if found := _bar_of(referral, signature, now):
        raise MayNotSign(found)
    if signature.age and not referral.patient.age:
        referral.patient.age = Patient.Age.MINOR if signature.age in FINER else signature.age
        referral.patient.save(update_fields=["age"])
    life = SAID_LIFE if signature.method == Consent.Method.VERBAL else CONSENT_LIFE
    given_at = signature.given_at or now
    consent: Consent = Consent.objects.create(
        referral=referral,
        patient=referral.patient,
        discloser=settings.DISCLOSER,
        categories=sorted(signature.categories),
        any_program=not signature.recipients,
        purpose=PURPOSE,
        expires_at=signature.expires_at or given_at + life,
        signed_name=signature.name,
        contact=referral.contact,
        signed_as=signature.signed_as,
        signed_at=given_at,
        method=signature.method,
        authority=signature.authority,
        witness=signature.witness,
        kept_where=signature.kept_where,
        recorded_by=recorded_by,
        age_said=signature.age or None,
        wording=signature.wording,
    )
    consent.recipients.set(signature.recipients)
    return consent


@one_transaction
def sign_consent(pk: int, signature: Signature, *, actor: Actor, now: datetime, seen: int | None = None) -> Consent:
    """The family signs on its own page, or staff write down a consent that was said or signed on paper.

    A new signature for the same recipients replaces the older one, so that there is one to take back; the same once
    more, as after a double click, changes nothing.
    """
    require(actor, Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR)
    lock_all_of(pk)
    referral = locked(pk, actor=actor, seen=seen)
    _require_not_withdrawn(referral, signature)
    before = _same_recipients(referral, signature, now)
    known = next((each for each in before if each.barred is None and _says_the_same(each, signature)), None)
    if known:
        return known
    if actor.by_link:  # less than before: it opens nothing longer, either
        signature = replace(
            signature, expires_at=min((each.expires_at for each in before if each.expires_at), default=None)
        )
    consent = record_consent(referral, signature, now=now, recorded_by=actor.user)
    Consent.objects.filter(pk__in=[each.pk for each in before]).update(revoked_at=now)
    _replace_elsewhere(before, consent, actor=actor, now=now)
    for task in referral.tasks.open().filter(kind="ask_consent"):
        task.done_at, task.done_by = now, actor.user
        task.save()
    cancelled, was = _end_requests(referral, before, actor, now, signed=consent.pk)
    write(
        referral,
        TimelineEntry.Kind.CONSENT_SIGNED,
        actor=actor,
        now=now,
        method=consent.method,
        by=consent.signed_name if actor.user else "",
        categories=consent.categories,
        programs=[str(program) for program in signature.recipients],
        cancelled=cancelled,
        **(was if before else {}),
        **({"age": signature.age} if signature.age else {}),
    )
    return consent


def weigh_consents(referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Stop each consent whose signer may not sign by what is known now, and let it count again where that was
    corrected; under the caller's transaction and lock (`lock_all_of`), wherever the person has a referral.

    Programs that have a request keep it, and read nothing of it until a consent counts that covers it."""
    for each in Referral.objects.filter(patient=referral.patient_id).order_by("pk").select_related("contact"):
        here = referral if each.pk == referral.pk else each
        here.patient = referral.patient
        stopped: list[tuple[Consent, Bar]] = []
        again: list[Consent] = []
        for consent in here.consents.standing(now):
            found = _bar_of(here, consent, now)
            # An age that is no longer known says nothing against a signature that counted, nor for one that did not.
            # One that was corrected to another group, without a year, leaves open who may sign: somebody asks.
            unknown = not here.patient.age and here.patient.born is None
            if (found is Bar.AGE_UNKNOWN and unknown) or (found and found.value) == consent.barred:
                continue
            consent.barred = found.value if found else None
            consent.save(update_fields=["barred"])
            if found:
                stopped.append((consent, found))
            else:
                again.append(consent)
        _say_weighed(here, stopped, again, actor=actor, now=now)


def _say_weighed(
    referral: Referral, stopped: Sequence[tuple[Consent, Bar]], again: Sequence[Consent], *, actor: Actor, now: datetime
) -> None:
    """A line for each that was stopped or counts again, and a task to ask while none does."""
    if stopped and referral.is_open and not referral.consents.live(now).exists():
        new_task(referral, Task.Kind.ASK_CONSENT, due_at=now, now=now)
    who = replace(actor, press="")  # the press has its line where it was made
    lines = [(each, bar.value) for each, bar in stopped] + [(each, "") for each in again]
    for each, why in lines:
        told = {"by": each.signed_name, "signed_as": each.signed_as, "why": why}
        write(referral, TimelineEntry.Kind.CONSENT_WEIGHED, actor=who, now=now, **told)


def _replace_elsewhere(before: Collection[Consent], consent: Consent, *, actor: Actor, now: datetime) -> None:
    """What is signed in place of `before` holds wherever that held."""
    kin = Consent.objects.same_signatures(before).standing(now).exclude(pk__in=[each.pk for each in before])
    for other in Referral.objects.filter(consents__in=kin).exclude(pk=consent.referral_id).distinct():
        carry(consent, other)
    if before:
        end_elsewhere(before, actor=actor, now=now)


def carry(consent: Consent, to: Referral) -> Consent:
    """Let a signature hold for another referral of the same person, under the caller's line of history."""
    recipients, root = list(consent.recipients.all()), consent.carried_from_id or consent.pk
    held: Consent = Consent.objects.get(pk=consent.pk)
    held.pk, held._state.adding = None, True
    held.referral, held.patient, held.carried_from_id = to, to.patient, root
    held.save(force_insert=True)
    held.recipients.set(recipients)
    return held


def _same_recipients(referral: Referral, signature: Signature, now: datetime) -> list[Consent]:
    """The consents that stand and name whom the signature names, or like it anyone."""
    wanted = {program.pk for program in signature.recipients}
    live = referral.consents.standing(now).prefetch_related("recipients")
    return [each for each in live if {program.pk for program in each.recipients.all()} == wanted]


def _says_the_same(consent: Consent, signature: Signature) -> bool:
    until = signature.expires_at in (None, consent.expires_at)
    return until and (
        consent.wording_id,
        consent.categories,
        consent.signed_name,
        consent.signed_as,
        consent.method,
    ) == (
        signature.wording.pk,
        sorted(signature.categories),
        signature.name,
        signature.signed_as,
        signature.method,
    )


def lock_all_of(referral_pk: int) -> None:
    """Lock, in the order of their keys, every referral of this person, and that holds a signature of this one."""
    signed = Consent.objects.same_signatures(Consent.objects.filter(referral=referral_pk))
    person = Referral.objects.filter(pk=referral_pk).values("patient")
    rows = Referral.objects.filter(Q(pk__in=signed.values("referral")) | Q(patient__in=person)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def end_elsewhere(consents: Collection[Consent], *, actor: Actor, now: datetime) -> None:
    """End these signatures in the other referrals that hold them, with a line in each."""
    kin = Consent.objects.same_signatures(consents).standing(now).exclude(pk__in=[each.pk for each in consents])
    pks = list(kin.values_list("pk", flat=True))
    for other in Referral.objects.filter(consents__in=pks).distinct().order_by("pk"):
        there = list(other.consents.filter(pk__in=pks))
        other.consents.filter(pk__in=pks).update(revoked_at=now)
        cancelled, was = _end_requests(other, there, actor, now)
        rest = other.consents.live(now).exists()
        who = replace(actor, press="")  # the press has its line where it was made
        write(other, TimelineEntry.Kind.CONSENT_REVOKED, actor=who, now=now, cancelled=cancelled, rest=rest, **was)


@one_transaction
def revoke_consent(
    consent_pk: int, *, actor: Actor, now: datetime, seen: int | None = None, shown: str | None = None
) -> Effect:
    """End a consent at once, and with it every request that no other consent covers; return what ended.

    A family that takes it back means all that it signed, whatever was `shown` to it: what a program does meanwhile
    never keeps it. Staff write down what was said of one of them, as it was shown.

    Care that has begun is not ended by this: only what is still undecided is cancelled, and every link to a program
    whose consent is gone is closed.
    """
    require(actor, Role.FAMILY, Role.NAVIGATOR, Role.SUPERVISOR)
    consent: Consent = Consent.objects.get(pk=consent_pk)
    lock_all_of(consent.referral_id)
    referral = locked(consent.referral_id, actor=actor, seen=seen)
    effect = _revoking(referral, consent_pk, actor, now)
    if effect.consents:
        if actor.role is not Role.FAMILY:
            require_shown(effect, shown)
        Consent.objects.filter(pk__in=[each.pk for each in effect.consents]).update(revoked_at=now)
        cancelled, was = _end_requests(referral, effect.consents, actor, now)
        rest = referral.consents.live(now).exists()
        kind, told = TimelineEntry.Kind.CONSENT_REVOKED, actor.user is not None
        write(referral, kind, actor=actor, now=now, cancelled=cancelled, rest=rest, told=told, **was)
        end_elsewhere(list(effect.consents), actor=actor, now=now)
    return effect


def _end_requests(
    referral: Referral, consents: Iterable[Consent], actor: Actor, now: datetime, **signed: int
) -> tuple[list[str], dict[str, Any]]:
    """End what no consent covers without these; return the programs' names. By a link the line keeps what may be taken
    back (`moving.take_back_withdrawal`), and programs hear of it after that."""
    if not actor.by_link:
        return end_uncovered(referral, now), {}
    times = {each.pk: open_times(each) for each in referral.placements.live()}
    ended = end_uncovered(referral, now, later=True)
    goes_on = set(referral.placements.live().values_list("pk", flat=True))
    visits = {key: at for pk, found in times.items() if pk not in goes_on for key, at in found.items()}
    return ended, {"consents": [each.pk for each in consents], "visits": visits, **signed}


def is_more(referral: Referral, signature: Signature, now: datetime) -> bool:
    """Whether the signature opens or renews something: a consent was given before, and none holds that covers this."""
    return referral.consents.exists() and not is_less(referral, signature, now, or_same=True)


def is_less(referral: Referral, signature: Signature, now: datetime, *, or_same: bool = False) -> bool:
    """Whether the signature shares less than one that holds for the same recipients, and nothing more."""
    held = [each for each in _same_recipients(referral, signature, now) if each.barred is None]
    same = or_same and any(_says_the_same(each, signature) for each in held)
    return same or any(set(signature.categories) < set(each.categories) for each in held)


def preview_revoke(consent_pk: int, *, actor: Actor, now: datetime) -> Effect:
    """What withdrawing the consent would end."""
    consent: Consent = Consent.objects.select_related("referral").get(pk=consent_pk)
    return _revoking(consent.referral, consent_pk, actor, now)


def _revoking(referral: Referral, consent_pk: int, actor: Actor, now: datetime) -> Effect:
    meant = referral.consents.standing(now)
    if actor.role is not Role.FAMILY:
        meant = meant.filter(pk=consent_pk)
    consents = list(meant.prefetch_related("recipients"))
    left = referral.consents.exclude(pk__in=[each.pk for each in consents]).grants()
    ends, shuts = _uncovered(referral, left, now)
    kin = Consent.objects.same_signatures(consents)
    for other in Referral.objects.filter(consents__in=kin).exclude(pk=referral.pk).distinct().order_by("pk"):
        more = _uncovered(other, other.consents.exclude(pk__in=kin.values("pk")).grants(), now)
        ends, shuts = [*ends, *more[0]], [*shuts, *more[1]]
    return Effect(referral=referral, consents=consents, ends=ends, shuts=shuts)


def end_uncovered(referral: Referral, now: datetime, *, later: bool = False) -> list[str]:
    """End what no consent covers any more; return the programs' names. Told `later` is what may be taken back."""
    ends, shuts = _uncovered(referral, referral.consents.all().grants(), now)
    for placement in shuts:
        close_link(placement, reason="consent revoked", now=now)
    why = coded(CONSENT_ENDED)
    return [transition(placement, "cancel", why, actor=SYSTEM, now=now, later=later) for placement in ends]


def _uncovered(referral: Referral, grants: Collection[Grant], now: datetime) -> tuple[list[Placement], list[Placement]]:
    """The live placements that none of the grants covers: those to cancel, and care that goes on with a closed page."""
    live = list(referral.placements.live().select_related("program"))
    bare = [
        each
        for each in live
        if covering(grants, recipient=each.program_id, categories=each.categories, now=now)[0] is None
    ]
    cancel = [each for each in bare if "cancel" in moves_from(PLACEMENT, each.status, role=SYSTEM.role)]
    return cancel, [each for each in bare if each not in cancel]


@one_transaction
def ask_for_consent(pk: int, *, actor: Actor, now: datetime, seen: int | None = None) -> str:
    """Ask the family to sign on its own page; return the channel, or ``""`` if somebody must ask in person."""
    require(actor, Role.NAVIGATOR, Role.SUPERVISOR)
    referral = locked(pk, actor=actor, seen=seen)
    require_open(referral)
    channel = tell_family(referral, CONSENT, now=now, occasion=f"{now:%Y%m%d%H%M}")
    due = answer_due(now, timedelta(days=2), working_time()) if channel else now
    new_task(referral, Task.Kind.ASK_CONSENT, due_at=due, now=now)
    write(referral, TimelineEntry.Kind.CONSENT_ASKED, actor=actor, now=now, channel=channel)
    return channel
