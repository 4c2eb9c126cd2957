"""The directory in the admin: one page for a program with all that belongs to it, and a list that shows what is old."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import CharField, Field, Q, QuerySet, TextField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory import wording
from directory.capacity import opening_of, soonest
from directory.models import (
    Accreditation,
    Capacity,
    Location,
    Organization,
    Program,
    ProgramLevel,
    ProgramText,
    ServiceArea,
    ServiceAreaName,
)
from directory.vocabulary import Language, Payment, Status
from guides.models import LevelOfCare
from messaging.actions import index_of
from messaging.models import Suppression

PARTS = (Accreditation, ProgramLevel, ProgramText, ServiceAreaName)
"""What belongs to a row alone, and goes with it."""


def named_by(row: Any) -> str:
    """Return why a row of the directory cannot be deleted: which rows elsewhere name it; "" if none does."""
    found = []
    for relation in row._meta.related_objects:
        model = relation.related_model
        if model not in PARTS and (number := model._base_manager.filter(**{relation.field.name: row}).count()):
            words = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
            found.append(f"{number} {words}")
    return str(_("It cannot be deleted: %(rows)s name it.") % {"rows": ", ".join(found)}) if found else ""


class WordFilter(admin.SimpleListFilter):
    """Programs whose list holds a word."""

    field: str
    choices_of: Any

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_of.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Program]) -> QuerySet[Program]:
        return queryset.filter(**{f"{self.field}__has": self.value()}) if self.value() else queryset


class PaymentFilter(WordFilter):
    title, parameter_name, field, choices_of = _("payment"), "payment", "payment", Payment


class LanguageFilter(WordFilter):
    title, parameter_name, field, choices_of = _("language"), "language", "languages", Language


class LevelFilter(admin.SimpleListFilter):
    title, parameter_name = _("level"), "level"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [(level.slug, str(level)) for level in LevelOfCare.objects.in_order()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Program]) -> QuerySet[Program]:
        return queryset.filter(levels__slug=self.value()) if self.value() else queryset


class CapacityFilter(admin.SimpleListFilter):
    title, parameter_name = _("capacity report"), "report"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [("fresh", _("fresh")), ("stale", _("too old, or none"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Program]) -> QuerySet[Program]:
        since = timezone.now() - settings.CAPACITY_FRESH_FOR
        fresh = Q(pk__in=Capacity.objects.filter(reported_at__gte=since).values("program"))
        return {"fresh": queryset.filter(fresh), "stale": queryset.exclude(fresh)}.get(self.value() or "", queryset)


class ProgramTextInline(admin.StackedInline[ProgramText, Program]):
    """The languages stand beside each other."""

    model, extra, min_num, max_num = ProgramText, 0, 1, len(settings.LANGUAGES)
    classes = ["side-by-side"]
    formfield_overrides = {
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
        CharField: {"widget": AdminTextareaWidget(attrs={"rows": 2})},
    }


class ProgramLevelInline(admin.TabularInline[ProgramLevel, Program]):
    model, extra = ProgramLevel, 1


class AccreditationInline(admin.StackedInline[Accreditation, Program]):
    """Six fields are too many for a row."""

    model, extra, classes = Accreditation, 0, ["side-by-side"]


class CapacityForm(forms.ModelForm[Capacity]):
    """A new report. The moment is now unless it is said otherwise; the future is a typing error."""

    class Meta:
        model = Capacity
        fields = ["level", "spots", "wait_days", "reported_at", "reported_by"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "reported_at" in self.fields:
            self.fields["reported_at"].required = False
            self.fields["reported_at"].help_text = _("Empty means now.")

    def clean_reported_at(self) -> Any:
        at = self.cleaned_data["reported_at"] or timezone.now()
        if at > timezone.now():
            raise ValidationError(_("This moment has not come yet. Leave it empty for now."))
        return at


class CapacityInline(admin.TabularInline[Capacity, Program]):
    """New reports are added; what was said stays as it was said."""

    model, form, extra = Capacity, CapacityForm, 0
    verbose_name_plural = _("capacity reports (newest first; add a line to report anew)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capacity]:
        return super().get_queryset(request).current().select_related("level")  # type: ignore[attr-defined, no-any-return]

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(Program)
class ProgramAdmin(admin.ModelAdmin[Program]):
    list_display = ["name", "status", "level_list", "places"]
    list_filter = ["status", CapacityFilter, LevelFilter, "concern", PaymentFilter, LanguageFilter, "source"]
    list_select_related = ["organization"]
    search_fields = ["name", "organization__name", "slug", "texts__summary"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["organization", "locations", "areas"]
    readonly_fields = ["uuid", "source", "source_id", "email_stands"]
    date_hierarchy = "checked_on"
    save_on_top = True
    actions = ["publish", "archive"]
    inlines = [ProgramTextInline, ProgramLevelInline, CapacityInline, AccreditationInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "organization", "status", "sample"]}),
        (_("For whom"), {"fields": ["concern", ("age_min", "age_max"), "only_for", "populations"]}),
        (_("How"), {"fields": ["payment", "languages", "schedule", "medications", "family_sessions"]}),
        (_("Where"), {"fields": ["locations", "areas"]}),
        (_("Contact"), {"fields": ["phone", "website", "referral_email", "email_stands", "checked_on"]}),
        (_("Identity"), {"classes": ["collapse"], "fields": ["uuid", "source", "source_id"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Program]:
        return super().get_queryset(request).with_details()  # type: ignore[attr-defined, no-any-return]

    def get_inlines(self, request: HttpRequest, obj: Program | None) -> list[type[InlineModelAdmin[Any, Any]]]:
        # A report needs a saved program that offers the level.
        return [inline for inline in self.inlines if obj or inline is not CapacityInline]

    def why_kept(self, row: Program) -> str:
        if row.status == Status.PUBLIC:
            return str(_("It is on the site, so it cannot be deleted. Set its status to “archived” instead."))
        return named_by(row)

    @admin.display(description=_("our emails there"))
    def email_stands(self, program: Program) -> str:
        """Whether our emails go to its mailbox; where one who reads there stopped them, where that is lifted."""
        if not program.referral_email:
            return "-"
        index = index_of("email", program.referral_email)
        held = Suppression.objects.holding(index, "email", timezone.now()).first()
        if held is None:
            return str(_("They go there."))
        said = _("None goes there since %(day)s: %(why)s.") % {
            "day": date_format(timezone.localtime(held.made_at)),
            "why": held.get_kind_display(),
        }
        page = reverse("admin:messaging_suppression_change", args=[held.pk])
        return format_html('{} <a href="{}">{}</a>', said, page, _("Look at it, and lift it"))

    @admin.display(description=_("levels"))
    def level_list(self, program: Program) -> str:
        return ", ".join(offer.level.text(get_language()).short_name for offer in program.offers.all())

    @admin.display(description=_("places"))
    def places(self, program: Program) -> str:
        fresh, now = settings.CAPACITY_FRESH_FOR, timezone.now()
        reports = {row.level.slug: row.as_report() for row in program.current_capacities}
        return wording.opening_sentence(
            soonest(
                opening_of(offer.level.slug, reports.get(offer.level.slug), now=now, fresh=fresh)
                for offer in program.offers.all()
            )
        )

    @admin.action(description=_("Show on the site"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Program]) -> None:
        self._move(request, queryset, Status.PUBLIC)

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Program]) -> None:
        self._move(request, queryset, Status.ARCHIVED)

    def _move(self, request: HttpRequest, queryset: QuerySet[Program], status: Status) -> None:
        for program in queryset.exclude(status=status):
            program.status = status
            program.save(update_fields=["status"])
            self.log_change(request, program, [{"changed": {"fields": ["status"]}}])
        self.message_user(request, _("Done."))


@admin.register(Capacity)
class CapacityAdmin(admin.ModelAdmin[Capacity]):
    """All reports, for looking back, and the quickest way to write a new one."""

    form = CapacityForm
    fields = ["program", "level", "spots", "wait_days", "reported_at", "reported_by"]
    list_display = ["program", "level", "spots", "wait_days", "reported_at", "age", "reported_by"]
    list_filter = ["level", "reported_at"]
    list_select_related = ["program", "level"]
    search_fields = ["program__name"]
    autocomplete_fields = ["program"]
    date_hierarchy = "reported_at"

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @admin.display(description=_("age"), ordering="-reported_at")
    def age(self, row: Capacity) -> str:
        age = timezone.now() - row.reported_at
        age_text = wording.ago(age)
        return _("%(ago)s, too old to count") % {"ago": age_text} if age > settings.CAPACITY_FRESH_FOR else age_text


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin[Organization]):
    why_kept = staticmethod(named_by)
    list_display = ["name", "website", "source"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["uuid", "source", "source_id"]


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin[Location]):
    why_kept = staticmethod(named_by)
    list_display = ["__str__", "organization", "city", "zip", "street_is_public"]
    list_filter = ["state", "street_is_public"]
    list_select_related = ["organization"]
    search_fields = ["name", "street", "city", "zip", "organization__name"]
    autocomplete_fields = ["organization"]
    readonly_fields = ["uuid", "source", "source_id"]


class ZipsField(forms.CharField):
    """ZIP codes with spaces between them, as people write them."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "").split() != (data or "").split()


class ServiceAreaNameInline(admin.TabularInline[ServiceAreaName, ServiceArea]):
    model, extra, min_num, max_num = ServiceAreaName, 0, 1, len(settings.LANGUAGES)


@admin.register(ServiceArea)
class ServiceAreaAdmin(admin.ModelAdmin[ServiceArea]):
    why_kept = staticmethod(named_by)
    list_display = ["__str__", "slug", "zips_in_words"]
    search_fields = ["slug", "names__name", "zips"]
    inlines = [ServiceAreaNameInline]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "zips":
            return ZipsField(
                label=capfirst(db_field.verbose_name), help_text=db_field.help_text, required=not db_field.blank
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("ZIP codes"))
    def zips_in_words(self, area: ServiceArea) -> str:
        return " ".join(area.zips)
