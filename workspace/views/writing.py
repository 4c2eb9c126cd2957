"""Write to a family or a program: kept while it is typed, shown as it will be read, with when it will really go."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory.models import Program
from guides.context_processors import site
from messaging.outlook import Outlook
from messaging.reasons import words as reason_words
from messaging.steering import UNDO, BadWords, Preview, preview
from privacy.actions import record_access
from privacy.fields import blind_index
from referral.actions.common import Actor, Ended, NotCovered, NotYours
from referral.actions.notices import NOTE, TEMPLATES, writes_to
from referral.actions.replies import TellsWho
from referral.actions.writing import (
    CannotWrite,
    Letter,
    TooLate,
    discard_message_draft,
    save_message_draft,
    take_back,
    when_to_family,
    write_to_family,
    write_to_program,
)
from referral.leaks import tells_care, tells_programs
from referral.lifecycle import Refused
from referral.message_contexts import sample
from referral.models import MessageDraft, Placement, Referral, TimelineEntry
from referral.names import greeted
from referral.refusals import sentence
from referral.snippets import snippets, words_of
from workspace.views.guard import staff_required, visible, worker
from workspace.writing_forms import WriteForm

UNDONE = (TimelineEntry.Kind.WRITTEN, TimelineEntry.Kind.TOLD_PROGRAM)
AT_ONCE = timedelta(minutes=2)  # longer than it can be taken back

MOST_NAMED = 3
REFUSED = (Ended, CannotWrite, NotCovered, NotYours, TellsWho, Refused)


@dataclass(frozen=True)
class To:
    """Whom one writes to: the family of a referral, or the program of one of its placements."""

    referral: Referral
    placement: Placement | None

    @property
    def kind(self) -> str:
        return "program" if self.placement else "family"

    @property
    def ways(self) -> dict[str, str]:
        """{channel: address, as people write it}. A program is written to on its page; only its mailbox is told."""
        if self.placement:
            return {"email": self.placement.program.referral_email}
        contact = self.referral.contact
        shown = {"email": contact.email, "sms": contact.phone_shown}
        return {channel: shown[channel] for channel in contact.channels()}

    @property
    def language(self) -> str:
        return "en" if self.placement else self.referral.contact.language

    def url(self, name: str) -> str:
        row = [self.placement.pk] if self.placement else []
        return reverse(f"workspace:{name}-program" if row else f"workspace:{name}", args=[self.referral.pk, *row])


def _to(request: HttpRequest, pk: int, row: int | None) -> To:
    referral = visible(request, pk)
    rows = referral.placements.live().select_related("program")
    return To(referral, get_object_or_404(rows, pk=row) if row else None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def write(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """The form as it was left, and beside it how it reads and when it goes. Sent, it shows that first."""
    to, now = _to(request, pk, row), timezone.now()
    if request.method == "POST":
        return _sent(request, to, now)
    draft = MessageDraft.objects.filter(user=worker(request), referral=pk, placement=row).first()
    initial = {"key": uuid.uuid4(), "channel": next(iter(to.ways), "")}
    if draft:
        initial = {"key": draft.pk, "words": draft.words, "channel": draft.channel}
    return _page(request, to, WriteForm(initial=initial, to=to.kind, ways=to.ways), _letter(draft), now, draft=draft)


def _letter(draft: MessageDraft | None) -> Letter | None:
    return Letter(key=draft.pk, channel=draft.channel, words=draft.words) if draft else None


@require_POST
@staff_required
def save(request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
    """Keep the draft as it is typed, and answer with what stands beside it; or throw it away."""
    to, now = _to(request, pk, row), timezone.now()
    actor = Actor.of(worker(request))
    if "discard" in request.POST:
        discard_message_draft(pk, placement=row, actor=actor)
        messages.success(request, _("Draft discarded."))
        return redirect("workspace:referral", pk)
    letter = _typed(request.POST, to)
    if letter is None:
        return redirect(to.url("write"))
    draft = save_message_draft(pk, letter, placement=row, actor=actor, now=now)
    if not getattr(request, "htmx", False):
        return redirect(to.url("write"))
    return render(request, "workspace/_write_beside.html", {"draft": draft, **_beside(to, letter, now)})


def _typed(data: QueryDict, to: To) -> Letter | None:
    try:
        key = uuid.UUID(data.get("key", ""))
    except ValueError:
        return None
    return WriteForm(data, to=to.kind, ways=to.ways).letter(key)


def _sent(request: HttpRequest, to: To, now: datetime) -> HttpResponse:
    actor, letter = Actor.of(worker(request)), _typed(request.POST, to)
    if letter is None:
        return redirect(to.url("write"))
    row = to.placement.pk if to.placement else None
    if "fill" in request.POST:
        letter = _begun(request.POST.get("snippet", ""), letter, to)
    draft = save_message_draft(to.referral.pk, letter, placement=row, actor=actor, now=now)
    if "fill" in request.POST:
        return redirect(f"{to.url('write')}#id_words")
    form = WriteForm(request.POST, to=to.kind, ways=to.ways)
    if not form.is_valid():
        return _page(request, to, form, letter, now, draft=draft, status=422)
    if draft is not None and not _was_read(form, _beside(to, letter, now)):
        return _page(request, to, form, letter, now, draft=draft, asks=True)
    try:
        if row is not None:
            write_to_program(row, letter, actor=actor, now=now)
        else:
            write_to_family(to.referral.pk, letter, actor=actor, now=now)
    except BadWords as error:
        form.add_error("words", str(error.sentence))
    except REFUSED as error:
        form.add_error(None, sentence(error))
    else:
        messages.success(request, _undone_here(to.referral))
        return redirect("workspace:referral", to.referral.pk)
    return _page(request, to, form, letter, now, draft=draft, status=409)


def _was_read(form: WriteForm, beside: dict[str, object]) -> bool:
    """Whether the page had shown how it reads; what others may read in it is asked about on a page of its own: the
    preview may have come in the moment of the press."""
    mark, data = beside["mark"], form.cleaned_data
    return data["shown"] == mark and (not beside.get("seen") or data["asked"] == mark)


def _undone_here(referral: Referral) -> str:
    """That it goes, with the button that takes it back: the same as under “Going out”."""
    line = referral.timeline.filter(kind__in=UNDONE).latest("pk")
    said = _("It goes as shown under “Going out”. Until then you can undo it here or there.")
    return format_html('{} <button class="btn btn-sm" form="undo-{}">{}</button>', said, line.pk, _("Undo"))


def _begun(key: str, letter: Letter, to: To) -> Letter:
    """The words of a template before what was typed already."""
    chosen = snippets().get(key)
    if chosen is None or chosen.to != to.kind:
        return letter
    said = words_of(chosen, to.language, str(site(to.language).get("help_phone") or ""))
    words = "\n".join(part for part in (_greeting(letter, to), said, letter.words) if part)
    return Letter(key=letter.key, channel=letter.channel, words=words)


def _greeting(letter: Letter, to: To) -> str:
    """What an email to a family begins with, in the box, where it can be changed: no frame adds one."""
    if to.placement or letter.channel != "email" or letter.words.strip():
        return ""
    with translation.override(to.language):
        return _("Hello %(name)s,") % {"name": to.referral.contact.name} + "\n"


def _page(
    request: HttpRequest,
    to: To,
    form: WriteForm,
    letter: Letter | None,
    now: datetime,
    *,
    draft: MessageDraft | None,
    asks: bool = False,
    status: int = 200,
) -> HttpResponse:
    record_access(actor=worker(request), subject=to.referral.key, action="viewed", purpose="workspace", now=now)
    context: dict[str, object] = {
        "referral": to.referral,
        "placement": to.placement,
        "to": to,
        "form": form,
        "draft": draft,
        "asks": asks,
        "write_url": to.url("write"),
        "save_url": to.url("write-save"),
        "apart": [] if to.placement else list(to.referral.patient.other_people.filter(apart=True)),
        **_beside(to, letter, now),
    }
    return render(request, "workspace/write.html", context, status=status)


def _beside(to: To, letter: Letter | None, now: datetime) -> dict[str, object]:
    """How the message reads, in how many parts, and when it goes; `mark` tells it from any other."""
    if letter is None or not letter.words.strip() or letter.channel not in to.ways:
        return {"to": to, "mark": "", "reads": None}
    reads, outlook = (None, None) if to.placement else _to_family(to.referral, letter, now)
    goes = says_when(outlook, to.referral.contact.zone, now) if outlook else _tells_program(to, now)
    waits = outlook.waits if outlook else ()
    mark = blind_index(json.dumps([to.url("write"), letter.channel, letter.words, goes, waits]), purpose="shown")[:32]
    odd = reads.segments.because if reads and reads.segments else ""
    longer = odd if all(each in letter.words for each in odd) else ""  # what our own ending has is not theirs to change
    return {
        "to": to,
        "mark": mark,
        "reads": reads,
        "longer": longer,
        "goes": goes,
        "never": bool(outlook and outlook.at is None),
        "seen": [] if to.placement else _others_see(letter),
    }


def _to_family(referral: Referral, letter: Letter, now: datetime) -> tuple[Preview | None, Outlook]:
    template, contact = TEMPLATES[NOTE], referral.contact
    values = {**sample(template, contact.language), "name": greeted(contact.name)}
    words = letter.words.strip()
    reads = preview(template, channel=letter.channel, language=contact.language, values=values, words=words)
    return reads, when_to_family(referral, letter.channel, now=now)


def _others_see(letter: Letter) -> list[str]:
    """What in an email or a text tells who reads along what it is about: listed programs, also by the part of a name
    that is their own, and words of care."""
    names = Program.objects.public().order_by("name").values_list("name", flat=True)
    return [*tells_programs(letter.words, names)[:MOST_NAMED], *tells_care(letter.words)]


def _tells_program(to: To, now: datetime) -> str:
    assert to.placement is not None
    if writes_to(to.placement.program, now):
        return _("An email tells the program that there is something to read. Your words stand only on its page.")
    return _("This program gets no email from us. Your words stand on its page: call, and say so.")


def says_when(outlook: Outlook, zone: str, now: datetime) -> str:
    """When a message goes and what it waits for, in sentences, on the receiver's clock."""
    why = " ".join(reason_words(each) for each in outlook.waits)
    if outlook.at is None:
        return _("It would not be sent. %(why)s") % {"why": why}
    at = formats.date_format(outlook.at.astimezone(ZoneInfo(zone)), "SHORT_DATETIME_FORMAT")
    if not outlook.waits and outlook.at > now + AT_ONCE:  # planned for the morning already
        return _("It goes on %(at)s (their time). You can undo it until then.") % {"at": at}
    if not outlook.waits:
        return _("It goes at once. For %(seconds)d seconds you can undo it.") % {"seconds": UNDO.total_seconds()}
    return _("It goes on %(at)s (their time). %(why)s") % {"at": at, "why": why}


@require_POST
@staff_required
def undo(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take back what was written, while that is surely possible."""
    referral = visible(request, pk)
    found = get_object_or_404(referral.timeline.filter(kind__in=UNDONE), pk=line)
    try:
        take_back(found.pk, actor=Actor.of(worker(request)), now=timezone.now())
    except (TooLate, NotYours) as error:
        messages.warning(request, sentence(error))
    else:
        messages.success(request, _("Taken back. It is not sent. Your words are a draft again."))
        row = found.params.get("placement")
        if row is None or referral.placements.live().filter(pk=row).exists():
            return redirect(To(referral, referral.placements.get(pk=row) if row else None).url("write"))
    return redirect("workspace:referral", pk)
