"""The words of messages in the admin: what the system sends, and the rows that say something else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging import steering
from messaging.declared import declared, name_of, shipped
from messaging.models import ChannelKey, MessageTemplate

TRY = "_try"  # the button that shows the sample of what is typed, and saves nothing


class TemplateForm(forms.ModelForm[MessageTemplate]):
    """Other words for one message. Which message it is, is chosen once."""

    class Meta:
        model = MessageTemplate
        fields = ["key", "channel", "language", "subject", "text", "html"]
        help_texts = {
            "text": _(
                "A variable stands in two braces on each side: {{ link }}. Their names stand at the top of this page."
            )
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 12, "cols": 80}),
            "html": forms.Textarea(attrs={"rows": 12, "cols": 80}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "key" in self.fields:  # is not there once it is chosen
            choices = [("", "---------"), *((key, each.name) for key, each in declared().items())]
            self.fields["key"] = forms.ChoiceField(label=_("Message"), choices=choices)
        self.risks: dict[str, str] = {}

    @property
    def read(self) -> str:
        """What the box says of which risks were read: other words with another risk ask again."""
        return " | ".join(self.risks)

    def _post_clean(self) -> None:
        """After the words are known to work: what may be meant so is saved once it was read."""
        super()._post_clean()  # type: ignore[misc]
        if TRY in self.data and not self.errors:
            self.add_error(None, gettext("Not saved. The sample below says what stands in the form."))
            return
        self.risks = {} if self.errors else self.instance.risks()
        if self.risks and self.data.get("read") != self.read:
            self.add_error(None, _("Not saved yet. Read the warnings, and check the box if you mean it so."))


@admin.register(MessageTemplate)
class MessageTemplateAdmin(admin.ModelAdmin[MessageTemplate]):
    """The messages that the system sends, and the rows that say something else than the shipped words."""

    form = TemplateForm
    list_display = ["called", "channel", "language", "subject"]
    list_filter = ["channel", "language"]
    search_fields = ["key", "subject", "text"]
    change_form_template = "messaging/admin/template.html"
    delete_confirmation_template = "messaging/admin/template_delete.html"
    change_list_template = "messaging/admin/templates.html"

    @admin.display(description=_("Message"), ordering="key")
    def called(self, row: MessageTemplate) -> str:
        return name_of(row.key)

    def get_readonly_fields(self, _request: HttpRequest, obj: MessageTemplate | None = None) -> list[str]:
        return ["called", "channel", "language"] if obj else []

    def get_fields(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        return ["called", *TemplateForm.Meta.fields[1:]] if obj else TemplateForm.Meta.fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the shipped words of the message that was chosen in the list."""
        initial = super().get_changeform_initial_data(request)
        template = declared().get(str(initial.get("key", "")))
        words = template and template.texts.get((str(initial.get("channel", "")), str(initial.get("language", ""))))
        return {**initial, "subject": words.subject, "text": words.text} if words else initial

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "shipped": _shipped_rows()})

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        add = reverse("admin:messaging_messagetemplate_add")
        for language, query in _still_shipped(obj):
            said = gettext("In %(language)s this message still says the shipped words.") % {"language": language}
            link = format_html('{} <a href="{}?{}">{}</a>', said, add, query, gettext("Change the wording"))
            self.message_user(request, link, messages.WARNING)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form = context["adminform"].form
        if form.errors.keys() == {"__all__"} and (form.risks or TRY in form.data):
            context["errors"] = None  # nothing below is wrong: what is to be read stands at the top
        context["tried"] = TRY in form.data and not form.risks and not context["errors"]
        typed = form.is_bound and form.errors.keys() <= {"__all__"}
        row = form.instance if typed else context.pop("row", None)
        context["previews"] = _previews(row, typed=typed) if row and row.key in declared() else []
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else _chosen(request)
        context = dict(extra_context or {})
        if row is not None:
            context["shipped"], context["declared"] = row.shipped, declared().get(row.key)
            context["row"] = row
            if row.pk:
                context["risks"], context["others"] = list(row.risks().values()), _still_shipped(row)
        return super().changeform_view(request, object_id, form_url, context)


def _chosen(request: HttpRequest) -> MessageTemplate | None:
    """Which message a new row is for, unsaved: as the list links to it, or as it was sent. None where none is named."""
    asked = request.POST or request.GET
    chosen = {name: asked.get(name, "") for name in ("key", "channel", "language")}
    template = declared().get(chosen["key"])
    known = template is not None and (chosen["channel"], chosen["language"]) in template.texts
    return MessageTemplate(**chosen) if known else None


def _still_shipped(row: MessageTemplate) -> list[tuple[str, str]]:
    """The languages in which this message still goes in the shipped words: (name, what its form begins with)."""
    own = MessageTemplate.objects.filter(key=row.key, channel=row.channel).values_list("language", flat=True)
    values = {"key": row.key, "channel": row.channel}
    return [
        (str(name), urlencode({**values, "language": code}))
        for code, name in settings.LANGUAGES
        if code not in own and code != row.language and shipped(row.key, row.channel, code)
    ]


def _previews(row: MessageTemplate, *, typed: bool) -> list[tuple[steering.Preview, bool]]:
    """This message on its channel in every language, and whether it is what was `typed` and not saved; a row that does
    not work, as what goes instead.
    """
    found = []
    for language, _name in settings.LANGUAGES:
        words = row.content if typed and language == row.language else None
        shown = steering.preview(row.key, channel=row.channel, language=language, text=words)
        if shown is not None:
            found.append((shown, words is not None))
    return found


def _shipped_rows() -> list[dict[str, Any]]:
    """Every message with its shipped words, and the row that is sent in their place, if there is one."""
    own = {(row.key, row.channel, row.language): row for row in MessageTemplate.objects.all()}
    found = []
    for key, template in declared().items():
        for (channel, language), words in template.texts.items():
            row = own.get((key, channel, language))
            found.append(
                {
                    "name": template.name,
                    "channel": ChannelKey(channel).label,
                    "language": dict(settings.LANGUAGES)[language],
                    "text": words.subject or words.text,
                    "row": row,
                    "works": row is None or not row.problems(),
                    "risks": list(row.risks().values()) if row else [],
                    "add": urlencode({"key": key, "channel": channel, "language": language}),
                }
            )
    return found
