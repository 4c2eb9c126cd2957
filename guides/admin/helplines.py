"""Helplines: who answers, and when somebody last looked whether they do."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guides import row_history
from guides.admin.common import ArchivedAdmin, ArchivedFilter
from guides.admin.reference import texts_inline
from guides.content.phones import dialed
from guides.models import Helpline, HelplineText
from guides.models.helplines import CHECK_EVERY, only_digits
from guides.workflow import deletion

upper = lazy(capfirst, str)


class NumberField(forms.CharField):
    """A number to dial, typed as people write it: "1-800-662-4357" is +18006624357."""

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value))
        if not re.fullmatch(r"[+(]?\d[\d() .-]*", typed):
            return typed
        found = "".join(re.findall(r"\d", typed))
        if typed.startswith("+") or (len(found) == 11 and found.startswith("1")):
            return f"+{found}"
        return f"+1{found}" if len(found) == 10 else found


def _number(label: Any, help_text: Any) -> NumberField:
    """The field for a number of a helpline."""
    return NumberField(
        label=upper(label),
        required=False,
        max_length=30,
        validators=[only_digits],
        help_text=help_text,
        widget=AdminTextInputWidget(),
    )


class HelplineForm(forms.ModelForm[Helpline]):
    tel = _number(Helpline._meta.get_field("tel").verbose_name, _("Empty: made from the number as shown."))
    sms = _number(Helpline._meta.get_field("sms").verbose_name, _("Such as 988, or 626-555-0100."))

    def clean_tel(self) -> str:
        tel, shown = str(self.cleaned_data["tel"]), str(self.cleaned_data.get("number", ""))
        if not tel and re.search(r"[A-Za-z]", shown):
            # Letters may be a word that was meant to be replaced: what would be dialed is read by whoever writes it.
            said = _("The number has letters. Type the digits that are dialed; these letters stand for %(digits)s.")
            raise ValidationError(said, params={"digits": NumberField().clean(dialed(shown))})
        return tel or str(NumberField().clean(dialed(str(self.cleaned_data.get("number", "")))))

    def clean(self) -> dict[str, Any]:
        """A day on which another number was called says nothing about this one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.day_fell = bool(cleaned.get("checked_on")) and self.instance.pk is not None and self._is_other_number()
        if self.day_fell:
            cleaned["checked_on"] = None
        return cleaned

    def _is_other_number(self) -> bool:
        before: Any = Helpline.objects.filter(pk=self.instance.pk).values("tel", "sms", "checked_on").first() or {}
        now = {name: self.cleaned_data.get(name) for name in before}
        return bool(before.get("checked_on") == now.get("checked_on") and before != now)


class CheckedFilter(admin.SimpleListFilter):
    title = _("checked")
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("no check in the last year"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Helpline]:
        rows: QuerySet[Helpline] = queryset
        return rows.unchecked(timezone.localdate()) if self.value() == "no" else rows  # type: ignore[attr-defined]


@admin.register(Helpline)
class HelplineAdmin(ArchivedAdmin):
    form = HelplineForm
    why_kept = staticmethod(deletion.helpline_kept)
    list_display = ["__str__", "urgent", "checked", "key"]
    list_filter = [ArchivedFilter, CheckedFilter]
    fields = ["key", "number", "tel", "sms", "word", "urgent", "checked_on", "order"]
    inlines = [texts_inline(HelplineText)]
    actions = ["mark_checked"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        needed = ["urgent"] if obj is not None and deletion.helpline_needed(obj) else []
        return [*super().get_readonly_fields(request, obj), *needed]

    def may_archive(self, request: HttpRequest, row: Helpline) -> bool:
        return not deletion.helpline_needed(row)

    def archive_says(self, row: Helpline) -> str:
        """Which guides lose it."""
        titles = deletion.named_by(f"helpline:{row.key}")
        said = gettext("It goes from these guides, too, when the facts are published next: %(titles)s.")
        return said % {"titles": ", ".join(titles)} if titles else ""

    def set_archived(self, request: HttpRequest, row: Any, archived: bool) -> None:
        if archived and (needed := deletion.helpline_needed(row)):
            raise PermissionDenied(needed)
        super().set_archived(request, row, archived)
        if archived and (said := self.archive_says(row)):
            self.message_user(request, said, messages.WARNING)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Helpline]:
        return super().get_queryset(request).prefetch_related("texts")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if getattr(form, "day_fell", False):
            said = _("The number is new, so “Checked on” is empty now. Call the new number, then enter the day.")
            self.message_user(request, said, messages.WARNING)

    @admin.display(description=_("checked on"), ordering="checked_on")
    def checked(self, line: Helpline) -> SafeString | str:
        if line.checked_on and line.checked_on > timezone.localdate() - CHECK_EVERY:
            return date_format(line.checked_on)
        if line.checked_on is None:
            return format_html('<span class="label label-waits">{}</span>', _("not checked yet"))
        label = _("check it again")
        return format_html('{} <span class="label label-waits">{}</span>', date_format(line.checked_on), label)

    @admin.action(description=_("Checked today: someone answers"), permissions=["change"])
    def mark_checked(self, request: HttpRequest, queryset: QuerySet[Helpline]) -> None:
        """One line at a time: nobody calls several at once."""
        user: Any = request.user
        lines = list(queryset)
        if len(lines) != 1:
            said = _("Nothing is saved. Check one line at a time: call it, then select it alone.")
            self.message_user(request, said, messages.ERROR)
            return
        (line,) = lines
        row_history.keep_first(line, now=timezone.now())
        line.checked_on, line.changed_here = timezone.localdate(), True
        line.save(update_fields=["checked_on", "changed_here"])
        row_history.keep(line, by=user, now=timezone.now())
        done = _("Saved: someone answered today at %(line)s.")
        self.message_user(request, done % {"line": line}, messages.SUCCESS)
