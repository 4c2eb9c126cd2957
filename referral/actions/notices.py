"""Messages to a family and to a program are planned here; what they say is decided when they are sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max

from directory.models import Program
from messaging.actions import allow, index_of, schedule, standing
from messaging.calendar import next_allowed
from messaging.models import Channel, Message, Suppression
from messaging.models.message import MessageQuerySet
from messaging.people import address_index
from messaging.states import NEVER_SENT
from messaging.wishes import paused_until
from referral.models import FollowUp, Placement, ProgramCode, Referral

# References of messages; the part before the colon says what `ReferralClient` finds behind the number.
RECEIVED, CALLED, NEWS, CONSENT, NOTE, LINK = "referral", "called", "news", "consent", "note", "link"
ANSWER = "answer"  # staff have written on the family's page
# What somebody did who came by a link in a message, and may not be the family. Of what ends something no daily cap of
# the rest is in the way.
LINK_ENDS, LINK_DID = "linkends", "linkdid"
TO_FAMILY = (RECEIVED, CALLED, NEWS, ANSWER, CONSENT, NOTE, LINK, LINK_DID, LINK_ENDS)
PLACEMENT, FOLLOWUP = "placement", "followup"
# To a program beside its request: that it is not answered yet, that there is something to read, that it has ended.
REMINDER, UPDATE, ENDED = "reminder", "update", "ended"
TO_PROGRAM = (PLACEMENT, REMINDER, UPDATE, ENDED)
DESK = "desk"  # a code for its page
TEMPLATES = {
    RECEIVED: "referral-received",
    CALLED: "referral-called",
    NEWS: "referral-news",
    ANSWER: "referral-news",
    LINK_ENDS: "referral-by-link",
    LINK_DID: "referral-by-link",
    CONSENT: "referral-consent",
    NOTE: "referral-note",
    LINK: "referral-link",
    PLACEMENT: "referral-request",
    FOLLOWUP: "referral-check-in",
    REMINDER: "program-reminder",
    UPDATE: "program-update",
    ENDED: "program-ended",
    DESK: "program-code",
}
# Whoever types somebody else's address has us write there once in so long. Who has shown that they read it waits not.
AT_ONCE = timedelta(minutes=5)
RECEIVED_APART = timedelta(hours=2)
# News leads to the page, which says all there is: more of it within so long goes with the next.
NEWS_APART = timedelta(minutes=15)
# A program that has not answered for so long is reminded of what it was asked for, see `PROGRAM_ANSWER_TIME`.
REMIND_AFTER = timedelta(hours=18)


def tell_family(
    referral: Referral,
    kind: str,
    *,
    now: datetime,
    occasion: str = "",
    proved: bool = True,
    takes_back: bool = False,
    but: str = "",
) -> str:
    """Plan a message by the first channel that the family allowed; return the channel, or ``""`` if there is none.

    `kind` is RECEIVED, CALLED, NEWS, ANSWER, CONSENT or LINK; `occasion` tells one piece of news from the next;
    `proved` is whether the address is known to be theirs: else a RECEIVED waits for those that others had us send
    there. NEWS that `takes_back` what was told goes at once, and as an ANSWER waits for nothing that goes by itself;
    other NEWS goes with what is planned already. It goes by another channel than `but`.
    """
    contact = referral.contact
    channel = next((each for each in contact.channels() if each != but), "")
    if channel:
        due = now if proved else _after_the_last(channel, contact.address(channel), now)
        if kind == LINK:  # in a pause it would only be too late
            due = paused_until(address=contact.address(channel), channel=channel, now=now, by=contact.key) or now
        if kind == NEWS and not takes_back:
            if _news_of(referral).untried().exists():
                return channel
            due = _after_the_news(referral, now)
        schedule(
            template=TEMPLATES[kind],
            channel=channel,
            person_key=contact.key,
            address=contact.address(channel),
            language=contact.language,
            zone=contact.zone,
            due_at=due,
            not_after=due + timedelta(days=2),
            reference=f"{kind}:{referral.pk}",
            dedupe_key=f"{kind}:{referral.pk}:{channel}:{occasion}",
            # Whoever has just asked is awake.
            urgent=kind in (RECEIVED, CALLED, LINK),
            capped=not takes_back and kind != ANSWER,
        )
    return channel


def tell_of_a_link(referral: Referral, kind: str, channel: str, address: str, *, now: datetime) -> None:
    """Plan the word, LINK_ENDS or LINK_DID, that something was done by a link in a message, though that has silenced
    this way meanwhile (`messaging.declared.passes_links`). The page says all of it: what waits tells of the next, too,
    and of what ends nothing there is one word in `NEWS_APART`."""
    contact, about = referral.contact, f"{kind}:{referral.pk}"
    there = Message.objects.for_reference(about).to_address(index_of(channel, address))
    lately = there.exclude(state__in=NEVER_SENT).filter(due_at__gt=now - NEWS_APART)
    if there.untried().exists() or (kind == LINK_DID and lately.exists()):
        return
    schedule(
        template=TEMPLATES[kind],
        channel=channel,
        person_key=contact.key,
        address=address,
        language=contact.language,
        zone=contact.zone,
        due_at=now,
        not_after=now + timedelta(days=2),
        reference=about,
        dedupe_key=f"{about}:{channel}:{referral.version}:{now:%Y%m%d%H%M}",
        capped=False,
    )


def first_word_waits(referral: Referral, now: datetime) -> datetime | None:
    """Until when the night where they live holds the first message to a family that asked; None where it goes at once.
    What somebody had us send there before may hold it, too. That is not told: else whoever types the address of another
    would learn from the page that somebody asked from there, and when."""
    contact = referral.contact
    channel = next(iter(contact.channels()), "")
    row = Channel.objects.of(channel) if channel else None
    if row is None or row.urgent_any_time:
        return None
    opens = next_allowed(now, contact.zone, row.quiet_from, row.quiet_to)
    return opens if opens > now + AT_ONCE else None


def _news_of(referral: Referral) -> MessageQuerySet:
    return Message.objects.filter(reference=f"{NEWS}:{referral.pk}")


def _after_the_news(referral: Referral, now: datetime) -> datetime:
    lately = _news_of(referral).exclude(state__in=NEVER_SENT).filter(due_at__gt=now - NEWS_APART)
    last = lately.aggregate(last=Max("due_at"))["last"]
    return last + NEWS_APART if last else now


def _after_the_last(channel: str, address: str, now: datetime) -> datetime:
    rows = Message.objects.to_address(index_of(channel, address)).exclude(state__in=NEVER_SENT)
    lately = rows.filter(template=TEMPLATES[RECEIVED], due_at__gt=now - RECEIVED_APART)
    last = lately.aggregate(last=Max("due_at"))["last"]
    return last + RECEIVED_APART if last else now


def writes_to(program: Program, now: datetime) -> bool:
    """Whether the program has an address for requests, and has not said stop to us there."""
    if not program.referral_email:
        return False
    index = address_index("email", program.referral_email)
    return not Suppression.objects.holding(index, "email", now).exists()


def ask_program(placement: Placement, *, now: datetime) -> bool:
    """Plan the neutral e-mail that carries the link to a request; False where it gets no e-mail from us."""
    program = placement.program
    if not writes_to(program, now):
        return False
    _allow(program, now)
    _write_to(program, PLACEMENT, placement.key, f"{now:%Y%m%d%H%M}", now=now, days=3)
    _write_to(program, REMINDER, reference(REMINDER, placement), "", now=now + REMIND_AFTER, days=1)
    return True


def tell_program(placement: Placement, kind: str, *, now: datetime, occasion: str = "") -> Message | None:
    """Plan an UPDATE or ENDED for `now`, which may lie ahead. Who was never written to about this is not now."""
    program = placement.program
    if not standing(placement.key) or not writes_to(program, now):
        return None
    return _write_to(program, kind, reference(kind, placement), occasion or f"{now:%Y%m%d%H%M}", now=now, days=2)


def send_code(code: ProgramCode, *, language: str, now: datetime) -> None:
    """Plan the e-mail that brings a code to the program's mailbox."""
    _allow(code.program, now)
    _write_to(code.program, DESK, f"{DESK}:{code.pk}", "", now=now, until=code.expires_at, language=language)


def _allow(program: Program, now: datetime) -> None:
    """The address was given by the program for exactly this."""
    wording = "The program gave this address for referrals."
    allow(channel="email", address=program.referral_email, wording=wording, source="directory", now=now)


def reference(kind: str, placement: Placement) -> str:
    return f"{kind}:{placement.pk}"


def notices_of(placement: Placement) -> list[str]:
    """The references of what is said to a program beside its request."""
    return [reference(kind, placement) for kind in (REMINDER, UPDATE, ENDED)]


def _write_to(
    program: Program,
    kind: str,
    about: str,
    occasion: str,
    *,
    now: datetime,
    days: int = 0,
    until: datetime | None = None,
    language: str = "en",
) -> Message:
    return schedule(
        template=TEMPLATES[kind],
        channel="email",
        person_key=f"program:{program.pk}",
        address=program.referral_email,
        language=language,
        zone=settings.TIME_ZONE,
        due_at=now,
        not_after=until or now + timedelta(days=days),
        reference=about,
        dedupe_key=f"{about}:{occasion}",
        urgent=True,  # admissions work around the clock
        capped=False,
    )


def send_check_in(followup: FollowUp, channel: str) -> None:
    """Plan the check-in for its time, on one of the channels the family allowed."""
    contact = followup.referral.contact
    schedule(
        template=TEMPLATES[FOLLOWUP],
        channel=channel,
        person_key=contact.key,
        address=contact.address(channel),
        language=contact.language,
        zone=followup.zone,
        due_at=followup.due_at,
        not_after=followup.due_at + FollowUp.PATIENCE,
        reference=followup.key,
        dedupe_key=f"{followup.key}:{channel}:{followup.round}",
    )


def said_to(referral: Referral) -> list[str]:
    """The references of all that is said to a family beside its check-ins, also in words of staff."""
    return [*news_of(referral), f"{NOTE}:{referral.pk}"]


def news_of(referral: Referral) -> dict[str, str]:
    """The references of what can be said to a family anew beside its check-ins, with the kind of each."""
    return {f"{kind}:{referral.pk}": kind for kind in TO_FAMILY if kind not in (NOTE, LINK_DID, LINK_ENDS)}
