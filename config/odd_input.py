"""What Django's admin answers with an exception where somebody types or follows something odd."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import EmptyResultSet, FieldError, ObjectDoesNotExist, ValidationError
from django.db.models import ForeignKey, ManyToManyField
from django.forms import ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch


class OnlyKeys(AutocompleteMixin):
    """Shows what was chosen only if it could be a key; what it is not, the field says with its own error."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        field = (
            self.field.target_field if isinstance(self.field, ForeignKey) else self.field.remote_field.model._meta.pk
        )
        return super().optgroups(name, [each for each in value if _could_be(field, each)], attr)


class OneKey(OnlyKeys, AutocompleteSelect):
    pass


class SeveralKeys(OnlyKeys, AutocompleteSelectMultiple):
    pass


class RowsThatCanBe(ModelMultipleChoiceField[Any]):
    """Says of what cannot be a key that it is none; Django asks the database, which may fail on it."""

    def _check_values(self, value: Any) -> Any:
        rows: Any = self.queryset
        for key in value if isinstance(value, list | tuple) else ():
            if not _could_be(rows.model._meta.pk, key):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key[:40]})
        return super()._check_values(value)  # type: ignore[misc]


class SaneList(ChangeList):
    """Takes a filter in the address that no database could look for, such as the year 9999, for one that is wrong."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        try:
            rows = super().get_queryset(*args, **kwargs)
            with suppress(EmptyResultSet):
                rows.query.sql_with_params()  # lookups reckon with their values only now
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows


class SaneChoices(admin.ModelAdmin[Any]):
    """Gives fields with completion the widgets above, does what is chosen in a list to rows that may be there, and
    filters a list by what there may be."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        page = super().get_changelist(request, **kwargs)
        return type(page.__name__, (SaneList, page), {"__doc__": page.__doc__}) if page is not ChangeList else SaneList

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneKey(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SeveralKeys(db_field, self.admin_site, using=kwargs.get("using")))
        kwargs.setdefault("form_class", RowsThatCanBe)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = [key for key in chosen if _could_be(self.model._meta.pk, key)]
        if keys != chosen:
            request.POST = request.POST.copy()  # type: ignore[assignment]
            request.POST.setlist(ACTION_CHECKBOX_NAME, keys)  # type: ignore[misc]
        return super().response_action(request, *args, **kwargs)


def _could_be(field: Any, value: Any) -> bool:
    try:
        field.run_validators(field.to_python(value))
    except (ValidationError, ValueError, TypeError, OverflowError):
        return False
    return True


def view_on_site(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponseBase:
    """Lead to a row's public page; a row that has none, or is none, is a page that does not exist."""
    try:
        return shortcut(request, content_type_id, object_id)
    except (
        AttributeError,
        FieldError,
        NoReverseMatch,
        ObjectDoesNotExist,
        OverflowError,
        TypeError,
        ValidationError,
        ValueError,
    ) as error:
        raise Http404 from error
