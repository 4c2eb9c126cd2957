"""What the pages of the editor share: who may, which draft, what is wrong with it, and the frame around it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from assessments.approvals import PUBLISH_IT
from assessments.editor import drafts, editing
from assessments.editor.drafts import Document
from assessments.editor.glance import changed_alone
from assessments.editor.review import Review, review
from assessments.editor.sheet import Sheet, level_names, page_language, sheet
from assessments.models import Draft, Questionnaire, QuestionnaireVersion

TABS = {
    "bench.html": "draft",
    "title.html": "draft",
    "part.html": "draft",
    "try.html": "try",
    "compare.html": "compare",
    "versions.html": "versions",
    "version.html": "versions",
    "clone.html": "versions",
    "counts.html": "counts",
    "publish.html": "publish",
}


class Desk(NamedTuple):
    """An opened draft."""

    questionnaire: Questionnaire
    draft: Draft
    document: Document
    names: dict[str, str]
    review: Review

    def sheet(self) -> Sheet:
        """The draft as a readable page, each part with its row's key."""
        pks = {
            section: list(model._default_manager.filter(draft=self.draft).values_list("pk", flat=True))
            for section, model in drafts.MODELS.items()
        }
        return sheet(self.document, self.review, self.names, pks)

    def changed_alone(self, shown: Sheet, newest: QuestionnaireVersion) -> list[tuple[str, int | None, str]]:
        """The texts that changed since `newest` in one language or voice alone: section, key of the row, words."""
        parts = {(item.section, item.place): item.pk for section in shown.sections for item in section.items}
        alone = changed_alone(json.loads(newest.document), self.document, page_language())
        return [(each.section, parts.get((each.section, each.place)), each.sentence) for each in alone]


class DeskAdmin(admin.ModelAdmin[Questionnaire]):
    """Opens drafts and puts pages into the admin's frame."""

    def opened(self, request: HttpRequest, pk: str, *, to_change: bool = False) -> Desk:
        """The questionnaire's draft. 404 without one, 403 without the permission."""
        questionnaire = self.found(request, pk, to_change=to_change)
        draft = editing.draft_of(questionnaire, now=timezone.now())
        document = drafts.document(draft)
        language = page_language()
        names = level_names(language)
        return Desk(questionnaire, draft, document, names, review(document, language, names))

    def found(self, request: HttpRequest, pk: str, *, to_change: bool = False) -> Questionnaire:
        try:
            questionnaire = get_object_or_404(Questionnaire, pk=pk)
        except ValueError as error:  # the address of a page of the admin may hold anything
            raise Http404 from error
        allowed = self.has_change_permission if to_change else self.has_view_permission
        if not allowed(request, questionnaire):
            raise PermissionDenied
        return questionnaire

    def page(
        self, request: HttpRequest, template: str, questionnaire: Questionnaire | None, title: str, **context: Any
    ) -> HttpResponse:
        status = context.pop("status", 200)
        frame = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,  # the draft and the panel need the width
            "opts": self.opts,
            "questionnaire": questionnaire,
            "title": title,
            "tab": TABS.get(template, ""),
            "can_change": self.has_change_permission(request, questionnaire),
            "can_publish": request.user.has_perm(PUBLISH_IT),
        }
        return TemplateResponse(request, f"admin/assessments/{template}", {**frame, **context}, status=status)

    @staticmethod
    def address(name: str, *args: object) -> str:
        """The address of a page of the editor."""
        return reverse(f"admin:assessments_questionnaire_{name}", args=args)
