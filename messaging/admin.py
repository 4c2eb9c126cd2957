"""The queue, the channels and the texts, for those who run them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging import alerts, clock, operators
from messaging.client import client
from messaging.models import (
    Attempt,
    Channel,
    ChannelKey,
    InboundReply,
    Message,
    Permission,
    Suppression,
)
from messaging.people import mailbox_indexes
from messaging.queue_page import channel_state
from messaging.template_admin import MessageTemplateAdmin
from privacy.models import User
from ui.admin import ReadOnly
from ui.forms import WALL_CLOCK

__all__ = ["MessageAdmin", "MessageTemplateAdmin"]


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Message]):
    model = Attempt
    extra = 0
    fields = ("number", "at", "outcome", "reason_in_words", "code")
    readonly_fields = fields

    @admin.display(description=_("reason"))
    def reason_in_words(self, attempt: Attempt) -> str:
        return attempt.reason_words if attempt.reason else ""


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin[Message]):
    list_display = ["template", "channel", "state", "why", "due", "since", "reference"]
    list_filter = ["state", "channel", "template", "language"]
    search_fields = ["reference"]
    # Millions of messages may wait: no count of all of them, and no order without an index.
    ordering = ["-id"]
    show_full_result_count = False
    inlines = [AttemptInline]
    actions = ["send_again", "was_sent", "was_not_sent", "said_stop"]
    fields = (
        "template",
        "channel",
        "masked_to",
        "language",
        "zone",
        "reference",
        "state",
        "why",
        "what_next",
        "detail",
        "due_at",
        "not_after",
        "sending_at",
        "settled_at",
        "tries",
        "resent",
        "message_id",
        "provider",
        "provider_id",
    )
    readonly_fields = fields
    change_form_template = "messaging/admin/message.html"
    change_list_template = "messaging/admin/messages.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        # The list must open under whatever keys are set: it is where staff see that they are the wrong ones.
        return super().get_queryset(request).defer("address")

    @admin.display(description=_("to"))
    def masked_to(self, message: Message) -> str:
        return message.masked_address

    @admin.display(description=Message._meta.get_field("due_at").verbose_name)
    def due(self, message: Message) -> str:
        return _briefly(message.due_at)

    @admin.display(description=Message._meta.get_field("changed_at").verbose_name)
    def since(self, message: Message) -> str:
        return _briefly(message.changed_at)

    @admin.display(description=_("why"))
    def why(self, message: Message) -> str:
        return message.reason_words if message.reason else "—"

    @admin.display(description=_("next step"))
    def what_next(self, message: Message) -> str:
        return message.next_step

    @admin.action(description=_("Send again"), permissions=["operate"])
    def send_again(self, request: HttpRequest, chosen: Any) -> None:
        now = clock.now()
        done = sum(
            operators.send_again(pk, actor=_actor(request), now=now) for pk in chosen.values_list("pk", flat=True)
        )
        self._say(request, done, chosen.count())

    @admin.action(description=_("It was sent"), permissions=["operate"])
    def was_sent(self, request: HttpRequest, chosen: Any) -> None:
        self._settle(request, chosen, was_sent=True)

    @admin.action(description=_("It was not sent, and is not to be"), permissions=["operate"])
    def was_not_sent(self, request: HttpRequest, chosen: Any) -> None:
        self._settle(request, chosen, was_sent=False)

    @admin.action(description=_("The person said stop: stop all messages"), permissions=["operate"])
    def said_stop(self, request: HttpRequest, chosen: Any) -> None:
        now = clock.now()
        for pk in list(chosen.values_list("pk", flat=True)):
            operators.stop_for(pk, actor=_actor(request), now=now)
        self.message_user(request, _("Stopped. Whoever these messages are for gets no more, on any channel."))

    def _settle(self, request: HttpRequest, chosen: Any, *, was_sent: bool) -> None:
        now, keys = clock.now(), list(chosen.values_list("pk", flat=True))
        done = sum(operators.settle(pk, was_sent=was_sent, actor=_actor(request), now=now) for pk in keys)
        self._say(request, done, len(keys))

    def _say(self, request: HttpRequest, done: int, wanted: int) -> None:
        sentence = ngettext("%(count)d message was changed.", "%(count)d messages were changed.", done)
        self.message_user(request, sentence % {"count": done})
        if done < wanted:
            left = _("%(count)d could not be: they are in another state by now, or their latest time has passed.")
            self.message_user(request, left % {"count": wanted - done}, messages.WARNING)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("messaging.operate_queue")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("queue/", view(self.queue_view), name="messaging_message_queue"),
            path("<path:object_id>/as-sent/", view(self.as_sent_view), name="messaging_message_as_sent"),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """What is due, in hand, uncertain and failed, per channel; pause and resume."""
        if not self.has_view_permission(request):
            return redirect("admin:index")
        if request.method == "POST":
            channel = request.POST.get("channel", "")
            if channel in ChannelKey.values:
                operators.set_paused(channel, paused=request.POST.get("do") == "pause", actor=_actor(request))
            return redirect("admin:messaging_message_queue")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Queue of messages"),
            "channels": [channel_state(key) for key in ChannelKey],
            "alerts": alerts.current(),
            "may_operate": self.has_operate_permission(request),
            "opts": self.opts,
        }
        return render(request, "messaging/admin/queue.html", context)

    def as_sent_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The message as its receiver read it; that somebody looked is written down."""
        message = self.get_object(request, unquote(object_id))
        if message is None:
            return redirect("admin:messaging_message_changelist")
        shown = operators.show(message.pk, actor=_actor(request), now=clock.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Message as it was sent"),
            "message": message,
            "shown": shown,
            "opts": self.opts,
            "back": reverse("admin:messaging_message_change", args=[message.pk]),
        }
        return render(request, "messaging/admin/as_sent.html", context)


def _briefly(at: datetime) -> str:
    """Day and hour, in as little room as a list of seven columns has; the year where it is not this one."""
    day = date_format(localtime(at), "SHORT_DATE_FORMAT" if at.year == timezone.now().year else "DATE_FORMAT")
    hour = time_format(localtime(at), "TIME_FORMAT")
    return format_html('{} <span class="nowrap">{}</span>', day, hour)


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin[Channel]):
    list_display = ["key", "paused", "quiet_from", "quiet_to", "rate_per_s", "failures", "rests_until"]
    readonly_fields = ["key", "failures", "rests_until"]
    formfield_overrides = WALL_CLOCK

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Channel | None = None) -> bool:
        return False


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly, admin.ModelAdmin[Suppression]):
    """Stops and pauses, found by the whole address; one that a person said is lifted on a page of its own."""

    list_display = ["made_at", "kind", "channel", "until", "source", "said_in", "lifted_at"]
    list_filter = ["kind", "channel"]
    fields = ["made_at", "kind", "channel", "until", "source", "said_in", "lifted_at"]
    search_fields = ["source"]
    search_help_text = _("The whole email or phone number.")
    change_form_template = "messaging/admin/suppression.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        if not search_term:
            return queryset, False
        indexes = {each for channel in ChannelKey.values for each in mailbox_indexes(channel, search_term)}
        return queryset.filter(address_index__in=indexes), False

    @admin.display(description=_("by request"))
    def said_in(self, row: Suppression) -> str:
        """The newest request of who said so on a page of theirs."""
        page = client().page_of(row.by) if row.by else None
        return format_html('<a href="{}">{}</a>', page[1], page[0]) if page else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<path:object_id>/lift/", view, name="messaging_suppression_lift"), *super().get_urls()]

    def lift_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once, then lift it."""
        found = self.get_object(request, unquote(object_id))
        if found is None or found.lifted_at or found.kind not in Suppression.SAID:
            return redirect("admin:messaging_suppression_changelist")
        if request.method == "POST":
            operators.lift_stop(found.pk, actor=_actor(request), now=clock.now())
            messages.success(request, _("It is lifted. We may write there again."))
            return redirect("admin:messaging_suppression_change", found.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Lift this stop"),
            "row": found,
            "opts": self.opts,
        }
        return render(request, "messaging/admin/lift.html", context)


@admin.register(Permission)
class PermissionAdmin(ReadOnly, admin.ModelAdmin[Permission]):
    list_display = ["given_at", "channel", "source", "agreed_to", "revoked_at"]
    list_filter = ["channel", "source"]

    @admin.display(description=_("agreed to"))
    def agreed_to(self, row: Permission) -> str:
        """The start of it: the whole wording, hundreds of times the same, would hide everything else."""
        return Truncator(row.wording).words(12)


@admin.register(InboundReply)
class InboundReplyAdmin(ReadOnly, admin.ModelAdmin[InboundReply]):
    """Replies; what they say is read on a page of its own, and that is written down."""

    list_display = ["at", "channel", "meaning", "waits", "message"]
    list_filter = ["waits", "channel", "meaning"]
    ordering = ["-waits", "-id"]
    exclude = ["text", "sender", "address_index"]
    change_form_template = "messaging/admin/reply.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[InboundReply]:
        rows = super().get_queryset(request).select_related("message")
        return rows.defer("text", "sender", "message__address")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.read_view)
        return [path("<path:object_id>/read/", view, name="messaging_inboundreply_read"), *super().get_urls()]

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What somebody wrote, and the button that says that it is dealt with."""
        found, now = self.get_object(request, unquote(object_id)), clock.now()
        if found is None:
            return redirect("admin:messaging_inboundreply_changelist")
        if request.method == "POST":
            operators.deal_with_reply(found.pk, actor=_actor(request), now=now)
            return redirect("admin:messaging_inboundreply_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("What someone wrote back"),
            "reply": operators.read_reply(found.pk, actor=_actor(request), now=now),
            "opts": self.opts,
        }
        return render(request, "messaging/admin/read_reply.html", context)
