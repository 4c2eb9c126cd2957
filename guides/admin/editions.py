"""Writing a guide in one language: blocks, preview, versions, publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guides.admin.common import WithEditors
from guides.admin.guides import HEAVY, state
from guides.admin.history import ShowsHistory, about_compared, compared
from guides.admin.open_drafts import KeepsText
from guides.admin.previews import ShowsPreview
from guides.admin.rows import GoesToTrash
from guides.admin.stages import MovesDrafts, hold_typed, not_sent
from guides.admin.translating import BESIDE, TranslatesDrafts
from guides.forms.editions import EditionForm
from guides.models import Guide, GuideEdition, Publication, Revision
from guides.models.blocks import document_of
from guides.workflow import actions, deletion, linking, stages
from guides.workflow.checks import edition_problems
from guides.workflow.moves import PUBLISH
from guides.workflow.translating import original_of
from guides.workflow.waiting import ABOUT, ABOUT_LISTS, waiting


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("public", gettext_lazy("published")),
            ("waiting", gettext_lazy("Published, with unpublished changes")),
            ("draft", gettext_lazy("draft, not published")),
            ("review", gettext_lazy("in review")),
            ("approved", gettext_lazy("approved")),
            ("scheduled", gettext_lazy("scheduled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[GuideEdition]) -> QuerySet[GuideEdition]:
        if self.value() == "waiting":
            return queryset.filter(pk__in=waiting().values("pk"))
        if self.value() in ("public", "draft"):
            return queryset.filter(publication__isnull=self.value() == "draft")
        if self.value() in ("review", "approved", "scheduled"):
            return queryset.filter(stage=self.value())
        return queryset


@admin.register(GuideEdition)
class EditionAdmin(KeepsText, MovesDrafts, ShowsPreview, ShowsHistory, TranslatesDrafts, GoesToTrash, WithEditors):
    form = EditionForm
    change_form_template = "guides/admin/edition.html"
    list_display = ["title", "language", "state", "review_due"]
    list_filter = [StateFilter, "language", "guide__section"]
    search_fields = ["title", "summary", "guide__key"]
    fieldsets = [
        (None, {"fields": ["guide", "language", "title", "slug", "summary"]}),
        (None, {"fields": ["blocks"], "classes": ["blocks-set"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuideEdition]:
        rows = super().get_queryset(request).select_related("guide", "publication", "publication__published_by", *ABOUT)
        rows = rows.prefetch_related(*ABOUT_LISTS)
        listed = request.resolver_match and request.resolver_match.url_name == "guides_guideedition_changelist"
        if listed:
            return rows.defer(*HEAVY)
        languages = Prefetch("guide__editions", GuideEdition.objects.defer("blocks"))
        return rows.defer(*HEAVY[1:]).prefetch_related(languages)

    def get_readonly_fields(self, request: HttpRequest, obj: GuideEdition | None = None) -> list[str]:
        return ["guide", "language"] if obj else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: GuideEdition | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=gettext_lazy("state"))
    def state(self, edition: GuideEdition) -> str:
        return state(edition)

    @admin.display(description=gettext_lazy("next review"), ordering="guide__review_due")
    def review_due(self, edition: GuideEdition) -> Any:
        return edition.guide.review_due

    def why_kept(self, row: GuideEdition) -> str:
        return deletion.edition_kept(row)

    def archived_instead(self, row: GuideEdition) -> Guide:
        return row.guide

    # --- the page -------------------------------------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        edition: GuideEdition | None = context.get("original")
        form: EditionForm = context["adminform"].form
        context |= {"may_publish": self._may_publish(request), "links": form.options.links()}
        if edition:
            problems = edition_problems(edition, document_of(edition), timezone.localdate())
            anchors = {place: f"block-{block['id']}" for place, block in enumerate(edition.blocks, start=1)}
            publication = getattr(edition, "publication", None)
            context |= {
                "problems": [
                    (problem, anchors.get(problem.block or 0) or ("id_title" if problem.stops else ""))
                    for problem in problems
                ],
                "stops": sum(problem.stops for problem in problems),
                "state": state(edition),
                "publication": publication,
                "ended": None if publication else _ended(edition),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_publish(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(PUBLISH))

    # --- saving ---------------------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        why = request.POST.get("why", "").strip()
        kept = actions.keep_revision(form.instance, by=_user(request), now=timezone.now(), note=why)
        request.words_saved = kept is not None  # type: ignore[attr-defined]

    def response_change(self, request: HttpRequest, obj: GuideEdition) -> HttpResponse:
        answer = self._answer(request, obj) or super().response_change(request, obj)
        if "_preview" not in request.POST:  # that page shows no messages
            for sentence in not_sent(request, obj):
                self.message_user(request, sentence, messages.WARNING)
        return answer

    def response_add(
        self, request: HttpRequest, obj: GuideEdition, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._answer(request, obj) or super().response_add(request, obj, post_url_continue)

    def _answer(self, request: HttpRequest, edition: GuideEdition) -> HttpResponse | None:
        here = reverse("admin:guides_guideedition_change", args=[edition.pk])
        is_new = request.resolver_match is not None and "object_id" not in request.resolver_match.kwargs
        here += f"?{BESIDE}" if BESIDE in request.GET or (is_new and original_of(edition)) else ""
        # A browser keeps the "#block-…" of the page that it sent, and would scroll away from the message.
        said = f"{here}#content-start"
        hold_typed(request, edition)
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:guides_guideedition_preview", args=[edition.pk]))
        if moved := self.answer_move(request, edition) or self.answer_follow(request, edition):
            return moved
        if "_publish" in request.POST:
            self._publish(request, edition)
        elif "_unpublish" in request.POST:
            actions.unpublish(edition, by=_user(request), now=timezone.now())
            self.log_change(request, edition, "Unpublished.")
            self.message_user(
                request, _("“%(title)s” is unpublished. The draft is still here.") % {"title": edition.title}
            )
        elif "_draft" in request.POST or "mine" in request.POST:
            self.message_user(request, _("The draft is saved. The public does not see it yet."), messages.SUCCESS)
        else:
            return None
        return HttpResponseRedirect(said)

    def _publish(self, request: HttpRequest, edition: GuideEdition) -> None:
        """Publish, or say at the top of the page why not; the way to each block is below it."""
        if "behind" not in request.POST and stages.falls_behind(edition):
            self.message_user(request, stages.sentence("behind"), messages.ERROR)
            return
        try:
            (publication,) = actions.publish([edition], by=_user(request), now=timezone.now())
        except actions.Refused as refused:
            first = " ".join(problem.sentence for problem in refused.problems[:1])
            message = _("Your draft is saved, but it is not published yet:")
            self.message_user(request, f"{message} {first}", messages.ERROR)
            return
        self.log_change(request, edition, "Published.")
        self.message_user(
            request, _("Published. Visitors see it at %(path)s.") % {"path": publication.path}, messages.SUCCESS
        )

    # --- other pages ----------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "guides_guideedition"
        own = [
            path("<int:pk>/waiting/", view(self.waiting), name=f"{name}_waiting"),
            path("links/", view(self.links), name=f"{name}_links"),
        ]
        return own + super().get_urls()

    def links(self, request: HttpRequest) -> HttpResponse:
        """What a link may lead to, for ``?q=`` and ``?language=``, in JSON."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        language = "es" if request.GET.get("language") == "es" else "en"
        found = linking.find(request.GET.get("q", "")[:80], language)
        return JsonResponse({"found": [asdict(target) for target in found]})

    def waiting(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What changed in the draft since it was published."""
        edition = self._edition(request, pk)
        publication = Publication.objects.filter(edition=edition).first()
        found = compared(publication.document, document_of(edition)) if publication else []
        found += about_compared(publication.about, edition.about()) if publication else []
        context = {"publication": publication, "changes": found}
        return self._respond(request, "guides/admin/waiting.html", edition, context)


def _ended(edition: GuideEdition) -> Revision | None:
    """The version with which the guide left the site; None if it never was there."""
    turns = (Revision.Reason.PUBLISHED, Revision.Reason.UNPUBLISHED)
    last = edition.revisions.filter(reason__in=turns).select_related("by").defer("document").first()
    return last if last and last.reason == Revision.Reason.UNPUBLISHED else None


def _user(request: HttpRequest) -> Any:
    return request.user
