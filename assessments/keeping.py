"""The writes of keeping and sharing: codes, emailed links, links for one other person, and how long answers stay."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce

from assessments.models import Response, ReturnCode, ReturnLink, SharedResult
from assessments.models.keeping import code_index
from assessments.return_codes import folded, new_code
from messaging.actions import allow, forget, references_at, schedule
from privacy.limits import first_within_an_hour

ANSWERS = "answers"
"""What messages about answers refer to, before the response's own id."""
RETURN_LINK = "answers-link"


def save_answers(response: Response, *, language: str, now: datetime) -> str:
    """Make the code that opens these answers on any device, and return it: it cannot be had again.

    A code that was made before ends.
    """
    code = new_code(language)
    with transaction.atomic():
        _keep_as(response, Response.Keeping.SAVED, now=now)
        values = {"code_index": code_index(folded(code)), "created_at": now}
        ReturnCode.objects.update_or_create(response=response, defaults=values)
    return code


def send_return_link(response: Response, *, address: str, wording: str, language: str, now: datetime) -> None:
    """Plan an email with a link that opens these answers on any device. `wording` is what the sender agreed to.

    Once an hour to an address, whoever's answers: anybody can type that of a stranger. Nothing is returned, as nobody
    may learn what went there. The link is made when the email goes, and opens in `language`.
    Raises `messaging.addresses.BadAddress`.
    """
    with transaction.atomic():
        _keep_as(response, Response.Keeping.SAVED, now=now)
        if not first_within_an_hour("answers-email-to", address):
            return
        Response.objects.filter(pk=response.pk).update(language=language)
        allow(channel="email", address=address, wording=wording, source="answers", now=now)
        schedule(
            template=RETURN_LINK,
            channel="email",
            person_key=_person_key(response.pk),
            address=address,
            language=language,
            zone=settings.TIME_ZONE,
            due_at=now,
            not_after=now + timedelta(hours=2),
            reference=f"{ANSWERS}:{response.pk}",
            dedupe_key=f"{ANSWERS}:{response.pk}:{now.timestamp():.0f}",
            urgent=True,
        )


def keep_nowhere(response: Response, *, now: datetime) -> None:
    """The device is shared: every way back ends, and the answers go soon after the last of them."""
    with transaction.atomic():
        ReturnCode.objects.filter(response=response).delete()
        ReturnLink.objects.filter(response=response).delete()
        forget_address(response.pk, now=now)
        _keep_as(response, Response.Keeping.NOWHERE, now=now)


def _keep_as(response: Response, keeping: Response.Keeping, *, now: datetime) -> None:
    """How long it is there follows, unless it belongs to a referral, which keeps it for longer."""
    kept = Response.objects.select_for_update().get(pk=response.pk)
    is_referred = kept.expires_at > kept.updated_at + kept.kept_for
    kept.keeping = response.keeping = keeping
    ends = kept.updated_at + kept.kept_for
    kept.expires_at = response.expires_at = max(kept.expires_at, ends) if is_referred else ends
    kept.save(update_fields=["keeping", "expires_at"])
    # A link that was made before ends as one that is made now would: the page says until when by what was chosen last.
    for link in kept.shared_results.live(now):
        link.expires_at = min(link.created_at + SharedResult.LIFE, kept.expires_at)
        link.save(update_fields=["expires_at"])


def end_openings(
    address: str, own: Collection[uuid.UUID], *, proved: bool, now: datetime, sent_only: bool = False
) -> None:
    """Somebody else reads this mailbox: all that opens answers ends that may have been found or made from there. These
    are the family's `own`, and where it has `proved` that it reads there, all of which a link was mailed there.

    The links that went there end, the six words, every link by which the result is shown, and what browsers have open:
    who says so lets its own stay (`assessments.family.session.stay_open`). A link that went elsewhere stays. Of
    `sent_only`, where whoever says so came by a link beside the browser that asked, only the links that went there end.
    """
    references = references_at(address=address, channel="email", kind=ANSWERS)
    mailed = {uuid.UUID(each.partition(":")[2]) for each in references}
    ended = {*own, *mailed} if proved else set(own)
    with transaction.atomic():
        # In the order of their keys, as whoever answers holds one of them.
        rows = Response.objects.filter(pk__in=ended).order_by("pk")
        there = list(rows.select_for_update().values_list("pk", flat=True))
        ReturnLink.objects.filter(response__in=mailed & ended, revoked_at=None).update(revoked_at=now)
        if sent_only:
            return
        Response.objects.filter(pk__in=there).update(turn=Coalesce("turn", 0) + 1)
        SharedResult.objects.filter(response__in=there, revoked_at=None).update(revoked_at=now)
        ReturnCode.objects.filter(response__in=there).delete()


def find_by_code(words: list[str], *, now: datetime) -> Response | None:
    """The response that this code opens, while it is kept."""
    code = ReturnCode.objects.for_words(words).filter(response__expires_at__gt=now).select_related("response").first()
    return code.response if code else None


def share_result(
    response: Response, *, with_answers: bool, now: datetime, said_by: str = ""
) -> tuple[SharedResult, str]:
    """Make a link by which one other person sees the result, and return it with its token. It ends with the answers.
    `said_by` stands above it."""
    until = min(now + SharedResult.LIFE, response.expires_at)
    return SharedResult.mint(now=now, expires_at=until, response=response, with_answers=with_answers, said_by=said_by)


def stop_sharing(response: Response, pk: int, *, now: datetime) -> None:
    """Take a link back: from now on it opens nothing."""
    SharedResult.objects.filter(response=response, pk=pk, revoked_at=None).update(revoked_at=now)


def note_opened(shared: SharedResult, *, now: datetime) -> None:
    """Note that the other person looked, for the one who shared."""
    SharedResult.objects.filter(pk=shared.pk, opened_at=None).update(opened_at=now)
    SharedResult.objects.filter(pk=shared.pk).update(last_opened_at=now)


def forget_address(response: uuid.UUID, *, now: datetime) -> None:
    """Delete the address that a link to these answers was sent to, and take back what was not sent yet."""
    forget(person_key=_person_key(response), now=now)


def _person_key(response: uuid.UUID) -> str:
    """Whom messages about these answers belong to: nobody is known but by them."""
    return f"{ANSWERS}:{response}"
