"""A guide: where it stands, who answers for it, when it is due; and the way to its words in each language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guides.admin.common import ArchivedFilter
from guides.admin.rows import GoesToTrash
from guides.forms.editions import NewGuideForm
from guides.models import Guide, GuideEdition, Language, Person, Publication, Revision, Source
from guides.models.base import in_language
from guides.workflow import actions, beginning, deletion
from guides.workflow.checks import BY_HAND
from guides.workflow.moves import PUBLISH
from guides.workflow.translating import is_behind, never_compared
from guides.workflow.waiting import ABOUT, ABOUT_LISTS, is_ahead, waiting

# What a list never shows, and what is large.
HEAVY = ("blocks", *(f"publication__{name}" for name in ("html", "gzip", "brotli", "document", "links")))


class SourceInline(admin.TabularInline[Source, Guide]):
    model = Source
    extra = 0


class DueFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("due now")), ("soon", _("due within 30 days")), ("near", _("due now or within 30 days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Guide]:
        today = timezone.localdate()
        if self.value() == "near":
            queryset = queryset.due(today) | queryset.due_soon(today)
        elif self.value() in ("due", "soon"):
            queryset = queryset.due(today) if self.value() == "due" else queryset.due_soon(today)
        rows: QuerySet[Guide] = queryset
        return rows


class PersonField(ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        text = in_language(obj.texts.all(), get_language())
        return Truncator(f"{obj}: {text.role}" if text else str(obj)).chars(90)


@admin.register(Guide)
class GuideAdmin(GoesToTrash):
    list_display = ["__str__", "section", "words", "review"]
    list_filter = [ArchivedFilter, "section", DueFilter]
    search_fields = ["key", "editions__title"]
    inlines = [SourceInline]
    fieldsets = [
        (None, {"fields": ["words", "key", "section", "order", "level", "audience"]}),
        (_("Authorship and review"), {"fields": ["author", "reviewer", "last_reviewed", "review_due"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        by_hand = Revision.objects.filter(edition=OuterRef("pk"), reason__in=BY_HAND)
        editions = GuideEdition.objects.select_related("publication").defer(*HEAVY)
        editions = editions.annotate(written_here=Exists(by_hand))
        about = [name.removeprefix("guide__") for name in ABOUT_LISTS]
        rows = super().get_queryset(request).select_related(*(name.removeprefix("guide__") for name in ABOUT))
        return rows.prefetch_related(Prefetch("editions", editions), *about)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """People are chosen by name and by what they are."""
        if db_field.name in ("author", "reviewer"):
            kwargs["queryset"] = Person.objects.prefetch_related("texts")
            kwargs["form_class"] = PersonField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    class Media:
        js = ["guides/editing.js"]

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> list[str]:
        return ["words", "key"] if obj else []

    # --- a new guide: title first, then its cards -----------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Guide | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **(kwargs if obj else {"form": NewGuideForm, **kwargs}))

    def get_fieldsets(self, request: HttpRequest, obj: Guide | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": ["title", "section", "language"]})]

    def get_inlines(self, request: HttpRequest, obj: Guide | None) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def response_add(self, request: HttpRequest, obj: Guide, post_url_continue: str | None = None) -> HttpResponse:
        edition = obj.editions.get()
        words = gettext("“%(title)s” is begun. Write its summary, then add blocks.") % {"title": edition.title}
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:guides_guideedition_change", args=[edition.pk]))

    def why_kept(self, row: Guide) -> str:
        return deletion.guide_kept(row)

    def may_archive(self, request: HttpRequest, row: Guide) -> bool:
        """To archive what is published takes it off the site."""
        is_public = Publication.objects.filter(edition__guide=row).exists()
        return bool(request.user.has_perm(PUBLISH)) or not is_public

    def archive_says(self, row: Guide) -> str:
        is_public = Publication.objects.filter(edition__guide=row).exists()
        return gettext("Its pages leave the site at once.") if is_public else ""

    def set_archived(self, request: HttpRequest, row: Guide, archived: bool) -> None:
        gone = [] if archived else actions.taken_off(row)
        actions.set_archived(row, archived, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        back = set(Publication.objects.filter(edition__in=gone).values_list("edition_id", flat=True))
        for edition in gone:
            if edition.pk in back:
                text, level = gettext("%(edition)s is public again, as it was before."), messages.SUCCESS
            else:
                text = gettext(
                    "%(edition)s is not public. Submit it for review; after that, someone who may publish publishes it."
                )
                level = messages.WARNING
            self.message_user(request, text % {"edition": edition}, level)

    def save_model(self, request: HttpRequest, obj: Guide, form: Any, change: bool) -> None:
        obj.changed_here = True
        if not change:
            obj.key = beginning.key_of(form.cleaned_data["title"])
        super().save_model(request, obj, form, change)
        if obj.author_id and obj.author_id == obj.reviewer_id:
            said = gettext("The author and the reviewer are the same person. Someone else should check the guide.")
            self.message_user(request, said, messages.WARNING)
        if not change:
            beginning.begin(obj, form.cleaned_data["title"], form.cleaned_data["language"])

    def response_change(self, request: HttpRequest, obj: Guide) -> HttpResponse:
        """Who answers for a guide and when it is due are public with its words, not before."""
        for edition in waiting().filter(guide=obj):
            said = gettext("Saved as a draft. Visitors see it once it is published.")
            link = reverse("admin:guides_guideedition_waiting", args=[edition.pk])
            text = format_html('{} <a href="{}">{}</a>', said, link, edition)
            self.message_user(request, text, messages.INFO)
        return super().response_change(request, obj)

    @admin.display(description=_("words"))
    def words(self, guide: Guide) -> SafeString | str:
        """Links to write each language, with what is published of it."""
        editions = {edition.language: edition for edition in guide.editions.all()}
        rows = []
        for code, label in Language.choices:
            edition = editions.get(code)
            if edition:
                other = next((each for each in editions.values() if each.pk != edition.pk), None)
                said = state(edition)
                if other and is_behind(edition, other):
                    behind = _("behind the other language")
                    said = f"{said}; {behind}"
                elif other and never_compared(edition, other):
                    said = "; ".join([said, gettext("never compared with the other language")])
                rows.append((reverse("admin:guides_guideedition_change", args=[edition.pk]), label, said))
            else:
                url = reverse("admin:guides_guideedition_add")
                rows.append((f"{url}?guide={guide.pk}&language={code}", label, str(_("not written yet: write it"))))
        return format_html(
            '<ul class="editions">{}</ul>',
            format_html_join("", '<li><a href="{}">{}</a> <span class="label">{}</span></li>', rows),
        )

    @admin.display(description=_("next review"), ordering="review_due")
    def review(self, guide: Guide) -> SafeString | str:
        if not guide.review_due:
            return str(_("no date"))
        due: date = guide.review_due
        day = format_html('<span class="nowrap">{}</span>', date_format(due))
        if due > timezone.localdate():
            return day
        return format_html('{} <span class="label label-waits">{}</span>', day, _("due"))


def state(edition: Any) -> str:
    """Return in words whether the public sees the edition, and whether its draft is ahead."""
    publication = getattr(edition, "publication", None)
    if edition.stage in ("review", "approved", "scheduled") and not edition.guide.archived_at:
        return str(edition.get_stage_display())
    if edition.guide.archived_at:
        return str(_("archived"))
    if publication is None:
        return str(_("draft, not published"))
    return str(_("Published, with unpublished changes")) if is_ahead(edition) else str(_("published"))
