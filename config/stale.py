"""An admin page that somebody else saved meanwhile is not saved over: both texts are shown, and a person decides.

A page carries a stamp: when it was opened, and a digest of what it showed. A save compares that digest with what lies
in the database, under a lock. It works on what a form shows, so that it holds for every page and needs no column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from config.typed import as_read
from guides.content.differences import Piece, words

MOST_ROWS = 2000  # of one kind in a form that is looked through
Form = forms.BaseModelForm[Any]
FormSet = BaseModelFormSet[Any, Any]


@runtime_checkable
class SaysDifferences(Protocol):
    """A field of many parts, which tells (label, saved, typed) of each part in which the two differ."""

    def differences(self, before: Any, after: Any) -> Iterator[tuple[str, str, str]]: ...


@dataclass(frozen=True)
class Difference:
    """What one field holds in the database, and what was typed; a row that only one side has has no other text."""

    label: str
    theirs: str
    mine: str

    @cached_property
    def pieces(self) -> list[Piece]:
        """Runs of words; those that only one side has are marked where both have words."""
        return words(self.theirs, self.mine)


@dataclass
class Stale:
    """A save that came too late: by whom it was overtaken, whether it may go on, and how the database stood."""

    who: str
    at: str
    mine: bool
    stamp: str
    own: bool = False  # who saved it is who saves now, in another page or from an older text
    rows: dict[str, list[Form]] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        if self.own:
            return _("Not saved: you saved this page at %(time)s, after you had opened it here.") % {"time": self.at}
        if self.at:
            reason = _("Not saved: %(who)s saved this page at %(time)s, after you had opened it.")
            return reason % {"who": self.who, "time": self.at}
        return _("Not saved: someone else saved this page after you had opened it.")


class StaleGuard(admin.ModelAdmin[Any]):
    """Refuses a save over what its writer has not seen."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None or "_saveasnew" in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            locked = self._locked(unquote(object_id))
            if locked is not None and self.has_change_permission(request, locked):
                _remember(request, self._compared(request, locked))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _locked(self, key: str) -> models.Model | None:
        """Return the row, locked against other saves until this one is through."""
        rows = self.model._base_manager
        try:
            value = self.model._meta.pk.to_python(key)
            rows.select_for_update().filter(pk=value).values_list("pk").first()
            found: models.Model | None = rows.filter(pk=value).first()
        except (ValidationError, ValueError, OverflowError):
            return None
        return found

    def _compared(self, request: HttpRequest, row: models.Model) -> Stale | None:
        """Return how the page was overtaken, None if it was not. Rows that are gone become new ones in the form."""
        form, formsets = self._fresh(request, row)
        posted = QueryDict(mutable=True)
        posted.update(request.POST)
        for formset in formsets:
            _adopt(posted, formset)
        request.POST = posted  # type: ignore[assignment]
        opened, _dash, digest = posted.get("seen", "").partition("-")
        overtaken_now, asked = digest != _digest(form, formsets), "decide" in posted
        # A save that does not say what its writer saw, as of a script, is one over what nobody saw.
        if not (overtaken_now or asked):
            return None
        last = self._last(row, opened)
        at = time_format(localtime(last.action_time)) if last else ""
        stamp = f"{opened}-{_digest(form, formsets)}"
        mine = asked and not overtaken_now and "mine" in posted
        who, own = (str(last.user), last.user == request.user) if last else ("", False)
        return Stale(who, at, mine, stamp, own, {str(formset.prefix): _existing(formset) for formset in formsets})

    def _fresh(self, request: HttpRequest, row: models.Model) -> tuple[Form, list[FormSet]]:
        """Return the page's form and formsets as they show what lies in the database now."""
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(instance=row)
        formsets, prefixes = [], dict[str, int]()
        for made, inline in self.get_formsets_with_inlines(request, row):
            prefix = made.get_default_prefix()
            prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if prefixes[prefix] != 1 or not prefix:
                prefix = f"{prefix}-{prefixes[prefix]}"
            formset = made(instance=row, prefix=prefix, queryset=inline.get_queryset(request))
            if inline.has_change_permission(request, row):
                formsets.append(formset)
        return form, formsets

    def _last(self, row: models.Model, opened: str) -> LogEntry | None:
        """Return the last save since the page was opened; None if nobody can be named."""
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=str(row.pk)
        ).select_related("user")
        return entries.filter(action_time__gte=_moment(opened)).first()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        base = super().get_form(request, obj, change=change, **kwargs)
        stale = overtaken(request)
        if stale is None or stale.mine:
            return base

        sentence = stale.sentence

        class Refused(base):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                data = super().clean()
                self.add_error(None, sentence)
                return data

        return Refused

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        stale, form = overtaken(request), context["adminform"].form
        formsets = [inline.formset for inline in context["inline_admin_formsets"] if inline.has_change_permission]
        if stale:
            context |= {"stale": stale, "differences": list(_differences(form, formsets, stale))}
            context["seen"] = stale.stamp
            # Both texts are shown at the top; nothing is to be corrected where that is all.
            wrong = any(any(each.errors) or each.non_form_errors() for each in formsets)
            if not stale.mine and not wrong and set(form.errors) == {"__all__"}:
                context["errors"] = []
        elif context.get("original"):
            context["seen"] = request.POST.get("seen") if form.is_bound else _stamp(form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)


def _remember(request: HttpRequest, stale: Stale | None) -> None:
    request.overtaken = stale  # type: ignore[attr-defined]


def overtaken(request: HttpRequest) -> Stale | None:
    """Return what `StaleGuard` found about this save."""
    found: Stale | None = getattr(request, "overtaken", None)
    return found


def _moment(opened: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(opened), UTC)
    except (ValueError, OverflowError, OSError):
        return timezone.now()


def _stamp(form: Form, formsets: Iterable[FormSet]) -> str:
    return f"{int(timezone.now().timestamp())}-{_digest(form, formsets)}"


def _digest(form: Form, formsets: Iterable[FormSet]) -> str:
    rows = [[formset.prefix, sorted(_values(row) for row in _existing(formset))] for formset in formsets]
    whole = json.dumps([_values(form), rows])
    return hashlib.sha256(whole.encode()).hexdigest()


def _existing(formset: FormSet) -> list[Form]:
    return [form for form in formset.initial_forms if form.instance.pk]


def _model(formset: FormSet) -> type[models.Model]:
    assert formset.model is not None
    return formset.model


def _values(form: Form) -> str:
    """Return what the form shows of its row as one text."""
    shown = {name: _plain(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
    return json.dumps([str(form.instance.pk), shown], default=str, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, models.QuerySet | list | tuple):
        plain = [_plain(each) for each in value]
        of_rows = isinstance(value, models.QuerySet) or any(isinstance(each, models.Model) for each in value)
        return sorted(plain) if of_rows else plain
    return value


def _adopt(posted: QueryDict, formset: FormSet) -> None:
    """Make the rows of a form that somebody else deleted meanwhile into new ones, so that their text can be saved."""
    prefix, key = formset.prefix, _model(formset)._meta.pk.name
    counts = (posted.get(f"{prefix}-TOTAL_FORMS", ""), posted.get(f"{prefix}-INITIAL_FORMS", ""))
    if not all(count.isdecimal() and len(count) < 6 for count in counts):
        return
    total, initial = (min(int(count), MOST_ROWS) for count in counts)
    there = {str(form.instance.pk) for form in _existing(formset)}
    gone = [index for index in range(initial) if posted.get(f"{prefix}-{index}-{key}", "") not in there]
    if not gone:
        return
    order = [index for index in range(initial) if index not in gone] + gone + list(range(initial, total))
    places = {str(index): place for place, index in enumerate(order)}
    moved = {}
    for name in [name for name in posted if name.startswith(f"{prefix}-")]:
        number, dash, rest = name.removeprefix(f"{prefix}-").partition("-")
        if dash and number in places:
            moved[f"{prefix}-{places[number]}-{rest}"] = posted.getlist(name)
            del posted[name]
    for name, values in moved.items():
        posted.setlist(name, values)
    for index in gone:
        posted[f"{prefix}-{places[str(index)]}-{key}"] = ""
    posted[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))


def _differences(form: Form, formsets: Iterable[FormSet], stale: Stale) -> Iterator[Difference]:
    """Yield every field in which the typed text and the saved one differ, and every row that only one of them has."""
    yield from _fields(form, "")
    for formset in formsets:
        kind, seen = str(_model(formset)._meta.verbose_name), set[str]()
        for row in formset.forms:
            if row.instance.pk:
                seen.add(str(row.instance.pk))
                yield from _fields(row, f"{kind}: ")
            elif row.has_changed():
                yield Difference(kind, "", _whole(row, typed=True))
        for row in stale.rows.get(str(formset.prefix), []):
            if str(row.instance.pk) not in seen:
                yield Difference(kind, _whole(row, typed=False), "")


def _fields(form: Form, before: str) -> Iterator[Difference]:
    for name in form.changed_data:
        bound = form[name]
        if isinstance(bound.field, SaysDifferences):
            for label, theirs, mine in bound.field.differences(bound.initial, bound.data):
                yield Difference(before + label, theirs, mine)
        elif not bound.is_hidden and name != "DELETE":
            yield Difference(before + str(bound.label), _shown(bound, bound.initial), _shown(bound, bound.data))


def _whole(form: Form, *, typed: bool) -> str:
    cells = [form[name] for name in form.fields if not form[name].is_hidden and name != "DELETE"]
    texts = [(cell.label, _shown(cell, cell.data if typed else cell.initial)) for cell in cells]
    return "\n".join(f"{label}: {text}" for label, text in texts if text)


def _shown(bound: forms.BoundField, value: Any) -> str:
    """Return a value of a field as a person reads it."""
    kind = bound.field
    if isinstance(kind, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(kind, forms.ModelChoiceField):
        keys = [_plain(each) for each in value] if isinstance(value, list | models.QuerySet) else [_plain(value)]
        known = {str(kind.prepare_value(row)): str(row) for row in kind.queryset or []} if any(keys) else {}
        return ", ".join(known.get(str(key), str(key)) for key in keys if key)
    if isinstance(kind, forms.ChoiceField | forms.TypedChoiceField):
        named = {str(key): str(label) for key, label in _choices(kind.choices)}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(named.get(str(each), str(each)) for each in chosen if each not in (None, ""))
    if isinstance(value, list | tuple):
        return "\n".join(_line(each) for each in value if each)
    return as_read(str(value)) if value is not None else ""


def _line(item: Any) -> str:
    texts = item.values() if isinstance(item, dict) else [item]
    return " · ".join(as_read(str(text)) for text in texts if text)


def _choices(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
