"""Plans and wordings are edited here; rows about persons are read here and changed by actions alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import F
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from messaging.calendar import utc_of
from privacy.actions import record_access
from privacy.models import User
from referral import timeline
from referral.actions.followups import sample_dates
from referral.models import (
    Absence,
    Consent,
    ConsentWording,
    Disclosure,
    DutyShift,
    EscalationRule,
    FollowUp,
    FollowUpPlan,
    FollowUpStep,
    Holiday,
    OfficeHours,
    OtherPerson,
    Placement,
    Referral,
    Task,
    TimelineEntry,
)
from referral.models.consents import categories_in_words
from referral.models.escalations import LAST, EscalationQuerySet
from ui.admin import ReadOnly
from ui.forms import WALL_CLOCK


def later(at: datetime) -> datetime:
    """The same time of day a week later, where we work."""
    return utc_of(timezone.localtime(at).replace(tzinfo=None) + timedelta(days=7), settings.TIME_ZONE)


class StepFormSet(BaseInlineFormSet[FollowUpStep, FollowUpPlan, Any]):
    """The steps of a plan together: at least one, and none twice."""

    def clean(self) -> None:
        super().clean()
        filled = [(form, getattr(form, "cleaned_data", {})) for form in self.forms]
        kept = [(form, data) for form, data in filled if "offset_days" in data and not data.get("DELETE")]
        seen: set[tuple[int, time | None]] = set()
        for form, data in kept:
            at = (data["offset_days"], data.get("local_time"))
            if at in seen:
                form.add_error("local_time", _("There is a step at this time of this day already. Change one of them."))
            seen.add(at)
        if not kept and not any(self.errors):
            raise ValidationError(_("A plan needs at least one step. Add one."))


class StepInline(admin.TabularInline[FollowUpStep, FollowUpPlan]):
    model = FollowUpStep
    formset = StepFormSet
    formfield_overrides = WALL_CLOCK
    extra = 1


@admin.register(FollowUpPlan)
class FollowUpPlanAdmin(admin.ModelAdmin[FollowUpPlan]):
    """What is already planned for a family keeps its dates; the version says which cadence it came from."""

    list_display = ["name", "is_default", "after_care", "active", "version"]
    inlines = [StepInline]
    readonly_fields = ["version", "dates"]
    change_form_template = "admin/referral/plan.html"

    def get_urls(self) -> list[Any]:
        seen, name = self.admin_site.admin_view(self.preview), "referral_followupplan_preview"
        return [path("preview/", seen, name=name), path("<int:pk>/preview/", seen, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        plan = context.get("original")
        context["preview_url"] = reverse("admin:referral_followupplan_preview", args=[plan.pk] if plan else [])
        return super().render_change_form(request, context, *args, **kwargs)

    def preview(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The dates of the steps as they are typed, for a sample family; nothing is saved."""
        plan = get_object_or_404(FollowUpPlan, pk=pk) if pk else FollowUpPlan()
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        inline = StepInline(FollowUpPlan, self.admin_site)
        typed: Any = inline.get_formset(request, plan)(request.POST or None, instance=plan, prefix="steps")
        context: dict[str, Any] = {**self.admin_site.each_context(request), "title": _("Dates for a sample family")}
        if typed.is_bound and typed.is_valid():
            rows = [form for form in typed.forms if form not in typed.deleted_forms]
            steps = [form.instance for form in rows if "offset_days" in form.cleaned_data]
            steps.sort(key=lambda step: (step.offset_days, step.local_time))
            context["dates"] = sample_dates(steps, now=timezone.now(), zone=settings.TIME_ZONE)
        else:
            each = [fault for form in typed.forms for faults in form.errors.values() for fault in faults]
            context["faults"] = [*typed.non_form_errors(), *each]
        return render(request, "admin/referral/plan_dates.html", context)

    @admin.display(description=_("If it started today"))
    def dates(self, plan: FollowUpPlan | None) -> str:
        """What a family here, which allows messages and calls at any time, would get and when."""
        if plan is None or plan._state.adding:
            return "–"
        lines = [
            (formats.date_format(each.goes, "DATETIME_FORMAT"), each.step.get_kind_display())
            for each in sample_dates(plan.steps.all(), now=timezone.now(), zone=settings.TIME_ZONE)
        ]
        return format_html_join(mark_safe("<br>"), "{}: {}", lines) or "–"

    def why_kept(self, row: FollowUpPlan) -> str:
        if row.is_default or FollowUp.objects.filter(plan=row).exists():
            return str(_("Follow-ups come from it, so it cannot be deleted. Uncheck “Can be chosen” to archive it."))
        return ""

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseInlineFormSet[Any, Any, Any], change: bool
    ) -> None:
        super().save_formset(request, form, formset, change)
        if change and formset.has_changed():
            FollowUpPlan.objects.filter(pk=form.instance.pk).update(version=F("version") + 1)


@admin.register(ConsentWording)
class ConsentWordingAdmin(admin.ModelAdmin[ConsentWording]):
    """Words that somebody agreed to never change: a new version is added, and asked from then on."""

    list_display = ["key", "version", "language", "label"]
    list_filter = ["key", "language"]

    def has_change_permission(self, request: HttpRequest, obj: ConsentWording | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, _request: HttpRequest, _obj: ConsentWording | None = None) -> bool:
        return False


def staff_name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


class StaffChoices(admin.ModelAdmin[Any]):
    """Only who may work on referrals is offered, by name."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is User and field is not None:
            field.queryset = User.objects.with_perm(
                "referral.work_referrals", is_active=True, backend="django.contrib.auth.backends.ModelBackend"
            ).order_by("first_name", "username")
            field.label_from_instance = staff_name  # type: ignore[method-assign, assignment]
        return field


@admin.register(DutyShift)
class DutyShiftAdmin(StaffChoices):
    """Who is called when a family asks for help now."""

    list_display = ["user", "channel", "starts_at", "ends_at"]
    list_filter = ["user"]
    date_hierarchy = "starts_at"
    actions = ["repeat_next_week"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever is elsewhere reads on which clock a shift begins."""
        [(name, options)] = super().get_fieldsets(request, obj)
        clock = _("Both times are on our clock: %(zone)s.") % {"zone": settings.TIME_ZONE.replace("_", " ")}
        return [(name, {**options, "description": clock})]

    @admin.action(description=_("Repeat a week later"), permissions=["add"])
    def repeat_next_week(self, _request: HttpRequest, shifts: models.QuerySet[DutyShift]) -> None:
        for shift in shifts:
            # On the wall clock: a week with a change of clocks has not as many hours.
            start, end = (later(at) for at in (shift.starts_at, shift.ends_at))
            DutyShift.objects.get_or_create(
                user=shift.user,
                channel=shift.channel,
                starts_at=start,
                ends_at=end,
                defaults={"phone": shift.phone, "language": shift.language},
            )


@admin.register(Absence)
class AbsenceAdmin(StaffChoices):
    list_display = ["user", "cover", "first_day", "last_day"]


@admin.register(EscalationRule)
class EscalationRuleAdmin(admin.ModelAdmin[EscalationRule]):
    """Who is told of what waits too long. The workspace has the same on a page of its own."""

    list_display = ["about", "span", "tell_holder", "tell_duty", "tell_supervisors", "active"]
    list_filter = ["about", "active"]
    actions = ["delete_selected"]

    @admin.display(description=_("after"))
    def span(self, rule: EscalationRule) -> str:
        return rule.span

    @admin.action(permissions=["delete"], description=delete_selected.short_description)  # type: ignore[attr-defined]
    def delete_selected(self, request: HttpRequest, chosen: EscalationQuerySet) -> Any:
        if chosen.hold_the_last():
            self.message_user(request, LAST, messages.WARNING)
            return None
        return delete_selected(self, request, chosen)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        found = self.get_object(request, object_id)
        if found and self.has_delete_permission(request, found) and found.is_last:
            self.message_user(request, LAST, messages.WARNING)
            return redirect("admin:referral_escalationrule_change", found.pk)
        return super().delete_view(request, object_id, extra_context)


@admin.register(OfficeHours)
class OfficeHoursAdmin(admin.ModelAdmin[OfficeHours]):
    """When the team is at work. What was promised before a change stays as it was promised."""

    list_display = ["weekday", "opens", "closes"]
    formfield_overrides = WALL_CLOCK


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin[Holiday]):
    list_display = ["day", "name"]
    date_hierarchy = "day"


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin[Any]):
    """Rows that only actions write. Opening one is written down."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        # Who may not see it gets a 403 from the admin, and has seen nothing.
        if found is not None and self.has_view_permission(request, found):
            now: datetime = timezone.now()
            record_access(actor=request.user, subject=self.subject(found), action="viewed", purpose="admin", now=now)  # type: ignore[arg-type]
        return found

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Lists of keys are for machines: the same in words stands in their place.
        in_words = {"categories": "shared", "params": "event_text"}
        return [in_words.get(str(name), name) for name in super().get_fields(request, obj)]

    @admin.display(description=_("what may be shared"))
    def shared(self, row: Any) -> str:
        return categories_in_words(row.categories)

    @admin.display(description=_("what happened"))
    def event_text(self, row: TimelineEntry) -> str:
        return timeline.for_staff(row)

    def subject(self, row: models.Model) -> str:
        """The key of the referral that the row belongs to."""
        referral = row if isinstance(row, Referral) else getattr(row, "referral", None)
        if referral is None and isinstance(row, Disclosure):
            referral = row.placement.referral
        return referral.key if isinstance(referral, Referral) else f"{row._meta.model_name}:{row.pk}"


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = ["public_code", "status", "urgency", "assigned_to", "opened_at", "next_action_at"]
    list_filter = ["status", "urgency"]
    search_fields = ["public_code"]
    date_hierarchy = "opened_at"


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    list_display = ["referral", "program", "status", "sent_at", "answered_at"]
    list_filter = ["status"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["referral", "signed_at", "method", "expires_at", "revoked_at"]


@admin.register(OtherPerson)
class OtherPersonAdmin(ReadOnlyAdmin):
    list_display = ["pk", "added_at", "language"]

    def subject(self, row: models.Model) -> str:
        referral = Referral.objects.filter(patient__other_people=row.pk).order_by("-opened_at").first()
        return referral.key if referral else super().subject(row)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnlyAdmin):
    list_display = ["at", "recipient", "placement"]


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnlyAdmin):
    list_display = ["referral", "due_at", "kind", "channel", "status", "answer"]
    list_filter = ["status", "kind"]


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ["referral", "kind", "due_at", "urgent", "done_at"]
    list_filter = ["kind", "urgent"]


@admin.register(TimelineEntry)
class TimelineEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "referral", "kind", "actor_label"]
    list_filter = ["kind"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("referral")
