"""What was published, what changed between two states, and copies of it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.approvals import PUBLISH_IT
from assessments.editor import editing
from assessments.editor.admin.frame import Desk, DeskAdmin
from assessments.editor.admin.publishing import properties
from assessments.editor.comparison import page_of
from assessments.editor.counts import page_of as counts_of
from assessments.editor.forms import KeyForm
from assessments.editor.review import review
from assessments.editor.sheet import level_names, page_language, sheet
from assessments.engine.compare import compare
from assessments.engine.definition import Definition
from assessments.models import Approval, KeptDraft, Questionnaire, QuestionnaireVersion


class VersionPages(DeskAdmin):
    """The pages about versions."""

    def version_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "assessments_questionnaire_"
        return [
            path("<int:pk>/versions/", view(self.versions_view), name=name + "versions"),
            path("<int:pk>/versions/<int:number>/", view(self.version_view), name=name + "version"),
            path("<int:pk>/versions/<int:number>/json/", view(self.json_view), name=name + "json"),
            path("<int:pk>/counts/", view(self.counts_view), name=name + "counts"),
            path("<int:pk>/compare/", view(self.compare_view), name=name + "compare"),
            path("<int:pk>/clone/", view(self.clone_view), name=name + "clone"),
            path("<int:pk>/archive/", view(require_POST(self.archive_questionnaire_view)), name=name + "archive"),
            path("<int:pk>/go-back/", view(require_POST(self.go_back_view)), name=name + "go_back"),
        ]

    def versions_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        questionnaire = self.found(request, pk)
        return self.page(
            request,
            "versions.html",
            questionnaire,
            _("History"),
            versions=questionnaire.versions.select_related("published_by", "approval__approved_by").order_by("-number"),
            kept=questionnaire.kept_drafts.all()[:20],
        )

    def version_view(self, request: HttpRequest, pk: str, number: int) -> HttpResponse:
        questionnaire = self.found(request, pk)
        version = self._version(questionnaire, number)
        names, document = level_names(page_language()), json.loads(version.document)
        return self.page(
            request,
            "version.html",
            questionnaire,
            _("Version %(number)s") % {"number": number},
            version=version,
            approval=Approval.objects.filter(published=version).select_related("asked_by", "approved_by").first(),
            sheet=sheet(document, review(document, page_language(), names), names, {}),
            properties=properties(version.proof["properties"]),
            number=number,
        )

    def json_view(self, request: HttpRequest, pk: str, number: int) -> HttpResponse:
        """The canonical JSON, to keep or to import elsewhere."""
        version = self._version(self.found(request, pk), number)
        response = HttpResponse(version.document, content_type="application/json")
        name = f"{version.questionnaire.key}-{version.number}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def compare_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Two states side by side: a version's number, or "draft"."""
        desk = self.opened(request, pk)
        states = ["draft", *(str(one.number) for one in desk.questionnaire.versions.order_by("-number"))]
        newest = states[1] if len(states) > 1 else "draft"
        old, new = request.GET.get("old", newest), request.GET.get("new", "draft")
        if old not in states or new not in states:
            raise Http404
        before, after = self._state(desk, old), self._state(desk, new)
        compared = page_of(compare(before, after), desk.names) if before and after else None
        return self.page(
            request,
            "compare.html",
            desk.questionnaire,
            _("Compare"),
            states=states,
            old=old,
            new=new,
            compared=compared,
        )

    def counts_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """How often each question of a version was seen, answered, not sure, and left at."""
        questionnaire = self.found(request, pk)
        numbers = [str(one) for one in questionnaire.versions.order_by("-number").values_list("number", flat=True)]
        chosen = request.GET.get("version", numbers[0] if numbers else "")
        if numbers and chosen not in numbers:
            raise Http404
        counts = counts_of(self._version(questionnaire, int(chosen))) if numbers else None
        context = {"numbers": numbers, "chosen": chosen, "counts": counts}
        return self.page(request, "counts.html", questionnaire, _("Where people stop"), **context)

    def clone_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        questionnaire = self.found(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            copy = editing.clone(
                questionnaire,
                form.cleaned_data["key"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
            messages.success(request, _("Copied. Families do not see the copy."))
            return HttpResponseRedirect(self.address("change", copy.pk))
        return self.page(request, "clone.html", questionnaire, _("Copy"), form=form)

    def archive_questionnaire_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        questionnaire = self.found(request, pk, to_change=True)
        if not request.user.has_perm(PUBLISH_IT):
            raise PermissionDenied
        at = None if questionnaire.archived_at else timezone.now()
        editing.archive(questionnaire, by=request.user, at=at)  # type: ignore[arg-type]
        messages.success(request, _("Archived: families can no longer start it.") if at else _("Brought back."))
        return HttpResponseRedirect(self.address("versions", pk))

    def go_back_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        questionnaire = self.found(request, pk, to_change=True)
        kind, _sep, which = request.POST.get("to", "").partition(":")
        if not which.isdecimal():
            raise Http404
        to: Any = (
            self._version(questionnaire, int(which))
            if kind == "version"
            else get_object_or_404(KeptDraft, questionnaire=questionnaire, pk=which)
        )
        editing.go_back(questionnaire, to, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("The draft says again what it said then. What it said until now is kept here too."))
        return HttpResponseRedirect(self.address("change", pk))

    @staticmethod
    def _version(questionnaire: Questionnaire, number: int) -> QuestionnaireVersion:
        return get_object_or_404(QuestionnaireVersion, questionnaire=questionnaire, number=number)

    def _state(self, desk: Desk, state: str) -> Definition | None:
        if state == "draft":
            return desk.review.definition
        return self._version(desk.questionnaire, int(state)).definition
