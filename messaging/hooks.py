"""Where machines call: one-click unsubscribing, and the reports of providers. Every request is verified first."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from anymail.signals import inbound, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging import clock
from messaging.inbound import Report, storable, take_reply, take_report, unquoted
from messaging.models import Message
from messaging.signatures import BadSignature, check_standard, check_twilio

log = logging.getLogger(__name__)
LARGEST = 200_000

# Twilio's words for what became of a text, and ours.
SMS_KINDS = {"delivered": "delivered", "undelivered": "bounced", "failed": "bounced"}
# Unreachable, unknown or a landline: the number will not work tomorrow either.
SMS_BAD_NUMBER = {"30003", "30005", "30006"}


@csrf_exempt
@require_POST
def mail_report(request: HttpRequest) -> HttpResponse:
    """A mail relay reports ``{"type": "delivered", "message_id": …, "code": …}``, signed by Standard Webhooks.

    The type may also be bounced, complained or unsubscribed.
    """
    secret = settings.MESSAGING_MAIL_HOOK_SECRET
    if not secret:
        raise Http404
    if len(request.body) > LARGEST:
        return JsonResponse({"error": "The body is too large."}, status=413)
    now = clock.now()
    try:
        event_id = check_standard(secret, {k.lower(): v for k, v in request.headers.items()}, request.body, now)
        kind, message_id, code = _mail_event(request.body)
    except BadSignature as error:
        return JsonResponse({"error": str(error)}, status=401)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return JsonResponse({"error": "Send a JSON object with type and message_id."}, status=400)
    message = Message.objects.defer("address").filter(message_id=message_id).first()
    raw = {"body": request.body.decode()}
    report = Report("mail", event_id, kind, raw, code=code, address_bad=code.startswith(("5.1.", "550 5.1.")))
    fresh = take_report(report, message=message, now=now)
    return JsonResponse({"taken": fresh})


def _mail_event(raw: bytes) -> tuple[str, str, str]:
    """The type, Message-ID and code of an event. Raises what JSON and its values may raise, and `ValueError` for
    words that could not be stored."""
    body = json.loads(raw.decode())
    words = str(body["type"]), str(body["message_id"]), str(body.get("code", ""))
    if any(word != storable(word) for word in words):
        raise ValueError("zero bytes or halves of characters")
    return words


def _sms_tokens() -> list[str]:
    """Of the first provider of texts, and of the second where there is one: both report here."""
    second = settings.MESSAGING_SECOND.get("sms")
    return [settings.MESSAGING_SMS_TOKEN, *([second["options"]["token"]] if second else [])]


def _twilio_form(request: HttpRequest) -> dict[str, str]:
    """The form of a request that Twilio signed, as it can be stored. Raises `BadSignature`."""
    form = {name: str(value) for name, value in request.POST.items()}
    url = f"{settings.BASE_URL}{request.get_full_path()}"
    check_twilio(_sms_tokens(), url, form, request.headers.get("X-Twilio-Signature", ""))
    return {name: storable(value) for name, value in form.items()}


@csrf_exempt
@require_POST
def sms_status(request: HttpRequest) -> HttpResponse:
    """Twilio reports what became of a text. Our own id in the query settles even one whose answer was lost."""
    try:
        form = _twilio_form(request)
        sid, status = form["MessageSid"], form["MessageStatus"]
    except BadSignature as error:
        return JsonResponse({"error": str(error)}, status=403)
    except KeyError:
        return JsonResponse({"error": "MessageSid and MessageStatus are needed."}, status=400)
    code = form.get("ErrorCode", "")
    report = Report(
        "twilio", f"{sid}:{status}", SMS_KINDS.get(status, status), form, code=code, address_bad=code in SMS_BAD_NUMBER
    )
    take_report(report, message=_named(request.GET.get("message", ""), sid), now=clock.now())
    return HttpResponse(status=204)


def _named(public_id: str, sid: str) -> Message | None:
    rows = Message.objects.defer("address")
    try:
        return rows.filter(public_id=uuid.UUID(public_id)).first()
    except ValueError:
        # Without a name it is nobody's: the many messages that no provider has named yet are not meant.
        return rows.named_by_provider(storable(sid)).first()


@csrf_exempt
@require_POST
def sms_inbound(request: HttpRequest) -> HttpResponse:
    """A text came in. The answer, if any, goes back in the response as Twilio's XML."""
    try:
        form = _twilio_form(request)
        sid, sender, text = form["MessageSid"], form["From"], form.get("Body", "")
    except BadSignature as error:
        return JsonResponse({"error": str(error)}, status=403)
    except KeyError:
        return JsonResponse({"error": "MessageSid and From are needed."}, status=400)
    event = Report("twilio", f"{sid}:inbound", "inbound", form)
    answer = take_reply(channel="sms", address=sender, text=text, event=event, now=clock.now())
    inside = f"<Message>{escape(answer)}</Message>" if answer else ""
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>', content_type="text/xml")


@receiver(tracking)
def anymail_event(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """django-anymail received and verified a tracking event (its signal, the way that it offers)."""
    kind = {"rejected": "bounced", "failed": "bounced"}.get(event.event_type, event.event_type)
    metadata = event.metadata or {}
    try:
        message = _named(str(metadata.get("message", "")), str(event.message_id or ""))
    except ValueError:
        message = None
    name = event.event_id or f"{event.message_id}:{event.event_type}:{event.timestamp}"
    report = Report(
        esp_name.lower()[:40],
        str(name),
        kind,
        {"type": event.event_type, "reject_reason": event.reject_reason, "message_id": event.message_id},
        code=str(event.reject_reason or ""),
        address_bad=event.reject_reason in ("bounced", "invalid") and not _for_now(event.esp_event),
    )
    take_report(report, message=message, now=clock.now())


def _for_now(raw: object) -> bool:
    """Whether a bounce says nothing about tomorrow: django-anymail tells Postmark's soft ones from no others."""
    return isinstance(raw, Mapping) and raw.get("Type") == "SoftBounce"


@receiver(inbound)
def anymail_inbound(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """django-anymail received and verified an e-mail that somebody wrote to us."""
    from_ = event.message.from_email
    automatic = str(event.message.get("Auto-Submitted", "no")).lower() != "no"
    if from_ is None or automatic:
        return  # a vacation note is no reply of a person
    text = read_mail(str(event.message.subject or ""), event.message.text or "")
    name = event.event_id or str(event.message.get("Message-ID", "")) or uuid.uuid4().hex
    report = Report(esp_name.lower()[:40], f"{name}:inbound", "inbound", {})
    take_reply(channel="email", address=from_.addr_spec, text=text, event=report, now=clock.now())


def read_mail(subject: str, body: str) -> str:
    """What the writer of an e-mail says: the body without what it quotes, or the subject of an empty one."""
    return unquoted(body) or subject
