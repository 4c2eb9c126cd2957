"""The pages on which receivers stop, pause and resume messages, and the mail of the demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from messaging import clock
from messaging.client import client
from messaging.forms import LONGEST_PAUSE, ChoicesForm, HoursForm
from messaging.inbound import choose_from, is_shut_for, resume_from, speaks_for_all, stop_from
from messaging.letter import read_choices_token
from messaging.models import Channel, ChannelKey, ChosenHours, Message, Permission, Suppression
from messaging.models.people import BY_LINK
from messaging.sink.store import Item, Store
from messaging.wishes import in_words

SESSION_KEY = "messaging_choices"


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a message. A POST is a mail program's one click (RFC 8058): no cookie, no redirect, done at once.
    A GET changes nothing: it remembers the message in the session and shows the page."""
    public_id = read_choices_token(token)
    message = Message.objects.filter(public_id=public_id).first() if public_id else None
    if message is None:
        raise Http404
    if request.method == "POST":
        if message.at_work:
            return HttpResponse(_("Open the link to stop these messages."), status=400, content_type="text/plain")
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return HttpResponse(_("Send List-Unsubscribe=One-Click."), status=400, content_type="text/plain")
        stop_from(message, everything=False, until=None, source="one-click", now=clock.now())
        return HttpResponse(_("You will get no more of these messages."), content_type="text/plain")
    remember(request, message)
    with translation.override(message.language):
        return redirect(reverse("choices:page"))


def remember(request: HttpRequest, message: Message) -> None:
    """Let this browser choose for the address of `message`."""
    request.session[SESSION_KEY] = message.pk


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """The page without a token in its address."""
    message = Message.objects.filter(pk=request.session.get(SESSION_KEY) or 0).exclude(address_index="").first()
    if message is None:
        return render(request, "messaging/choices_lost.html", {"over": False}, status=410)
    if is_shut_for(message, clock.now()):  # whoever reads there learns nothing of it, and changes nothing
        return render(request, "messaging/choices_lost.html", {"over": True}, status=410)
    now, posted = clock.now(), request.POST if request.method == "POST" else None
    chosen = ChosenHours.objects.of(message.address_index, message.person_key)
    on_hours = posted is not None and "hours" in posted
    longest = client().longest_pause(message.person_key, now) or LONGEST_PAUSE
    form = ChoicesForm(
        None if on_hours else posted, zone=message.zone, now=now, confirms=message.at_work, longest=longest
    )
    hours = HoursForm(posted if on_hours else None, channel=Channel.objects.of(message.channel), chosen=chosen)
    if on_hours and hours.is_valid() and not message.at_work:
        choose_from(message, hours.hours, source=BY_LINK, now=now)
        return redirect("choices:page")
    if posted is not None and not on_hours and form.is_valid():
        _choose(request, message, form)
        return redirect("choices:page")
    context = {
        "form": form,
        "hours_form": None if message.at_work else hours,
        "chosen": chosen and in_words(chosen),
        "message": message,
        "for_all": speaks_for_all(message, now),
        "is_email": message.channel == ChannelKey.EMAIL,
        **_standing(message),
    }
    return render(request, "messaging/choices.html", context, status=400 if form.errors or hours.errors else 200)


def _choose(request: HttpRequest, message: Message, form: ChoicesForm) -> None:
    now, choice = clock.now(), form.cleaned_data["choice"]
    if choice == ChoicesForm.RESUME and client().asks_first(message, now):
        said = _("Messages do not start yet: someone on our team asks you first.")
        faster = _("It is faster on your page, in the browser that sent your request, or if you call us.")
        messages.warning(request, f"{said} {faster}")
    elif choice == ChoicesForm.RESUME:
        resume_from(message, source=BY_LINK, wording=_("Start messages again"), now=now)
    else:
        everything = choice == ChoicesForm.STOP_ALL
        stop_from(message, everything=everything, until=form.until_at, source=BY_LINK, now=now)


def _standing(message: Message) -> dict[str, Any]:
    now, by = clock.now(), message.person_key
    held = Suppression.objects.holding(message.address_index, message.channel, now, by).first()
    agreed = Permission.objects.live(message.address_index, message.channel).exists()
    stopped = (held is not None and held.until is None) or (held is None and not agreed)
    return {"held": held, "stopped": stopped}


def _store() -> Store:
    """The sink's store. Raises `Http404` in hosted mode, where mail is nobody's to read here."""
    if settings.HOSTED:
        raise Http404
    return Store(settings.MESSAGING_MAIL_FOLDER)


@never_cache
@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Everything that this machine sent, the newest first."""
    items = [_shown(item) for item in _store().newest()]
    return render(request, "messaging/demo_mail.html", {"items": items})


@never_cache
@require_safe
def demo_item(request: HttpRequest, name: str) -> HttpResponse:
    """One e-mail or text message as its receiver sees it."""
    item = _store().get(name)
    if item is None:
        raise Http404
    return render(request, "messaging/demo_item.html", {"item": _shown(item)})


@never_cache
@require_safe
def demo_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of an e-mail, for the frame in its page: with its own styles, and nothing else allowed."""
    item = _store().get(name)
    part = item.email.get_body(("html",)) if item and item.email else None
    if part is None:
        raise Http404
    response = HttpResponse(part.get_content())
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _shown(item: Item) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": item.name, "at": item.at, "is_email": item.email is not None}
    if item.email is None:
        return {**shown, "to": item.sms.get("To", ""), "subject": "", "text": item.sms.get("Body", "")}
    body = item.email.get_body(("plain",))
    return {
        **shown,
        "to": str(item.email["To"]),
        "from": str(item.email["From"]),
        "subject": str(item.email["Subject"]),
        "text": body.get_content() if body else "",
        "headers": [(name, str(value)) for name, value in item.email.items()],
        "has_html": item.email.get_body(("html",)) is not None,
    }
