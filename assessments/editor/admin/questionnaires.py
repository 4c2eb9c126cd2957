"""Questionnaires in the admin: the list, a new one, and one page on which a draft is read, ordered and tried."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editor import drafts, editing
from assessments.editor.admin.frame import Desk
from assessments.editor.admin.parts import PartPages
from assessments.editor.admin.publishing import PublishPages
from assessments.editor.admin.versions import VersionPages
from assessments.editor.forms import KeyForm
from assessments.editor.glance import same_rules
from assessments.editor.people import people_between
from assessments.editor.sheet import Sheet, page_language
from assessments.editor.trial import answers_in, trial
from assessments.engine.definition import Voice
from assessments.models import Draft, Questionnaire, QuestionnaireVersion
from assessments.proofs import gives_less


@admin.register(Questionnaire)
class QuestionnaireAdmin(PartPages, PublishPages, VersionPages):
    list_display = ["key", "title", "version", "draft_state", "archived_at"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/try/", view(self.try_view), name="assessments_questionnaire_try"),
            path("<int:pk>/lower/", view(self.lower_view), name="assessments_questionnaire_lower"),
        ]
        return [*own, *self.part_urls(), *self.publish_urls(), *self.version_urls(), *super().get_urls()]

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Families' responses rest on versions: what is no longer wanted is archived."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        return super().get_queryset(request).select_related("draft__questionnaire")

    @admin.display(description=gettext_lazy("title"))
    def title(self, questionnaire: Questionnaire) -> str:
        draft = Draft.objects.filter(questionnaire=questionnaire).first()
        if draft:
            return draft.words()
        newest = questionnaire.newest()
        return newest.definition.title.say(page_language(), "me") if newest else ""

    @admin.display(description=gettext_lazy("published version"))
    def version(self, questionnaire: Questionnaire) -> str:
        newest = questionnaire.newest()
        return str(newest.number) if newest else _("none yet")

    @admin.display(description=gettext_lazy("draft"))
    def draft_state(self, questionnaire: Questionnaire) -> str:
        return _("not published") if drafts.has_news(questionnaire) else _("as published")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            made = editing.create(form.cleaned_data["key"], by=request.user, now=timezone.now())  # type: ignore[arg-type]
            return HttpResponseRedirect(self.address("title", made.pk))
        return self.page(request, "clone.html", None, _("New questionnaire"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The draft as one readable page, with the panel to try it."""
        desk = self.opened(request, object_id)
        sheet = desk.sheet()
        newest = desk.questionnaire.newest()
        return self.page(
            request,
            "bench.html",
            desk.questionnaire,
            sheet.title or desk.questionnaire.key,
            sheet=sheet,
            review=desk.review,
            newest=newest,
            has_news=newest is None or drafts.written(desk.document) != newest.document,
            draft=desk.draft,
            **self._changes(desk, sheet, newest),
            **self._trial(request, desk),
        )

    def _changes(self, desk: Desk, sheet: Sheet, newest: QuestionnaireVersion | None) -> dict[str, Any]:
        """What the page says at once of the changes since the newest version."""
        if newest is None:
            return {}
        before = json.loads(newest.document)
        definition = None if same_rules(before, desk.document) else desk.review.definition
        return {
            "people": people_between(newest.definition, definition, desk.names) if definition else None,
            "may_lower": definition is not None,
            "alone": desk.changed_alone(sheet, newest),
        }

    def lower_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Whether anybody gets less by the draft, for the page's own script: it takes seconds to know."""
        desk = self.opened(request, pk)
        newest, definition = desk.questionnaire.newest(), desk.review.definition
        lower = bool(newest and definition and gives_less(newest.definition, definition))
        return render(request, "admin/assessments/_lower.html", {"questionnaire": desk.questionnaire, "lower": lower})

    def try_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """The panel alone for the page's own script, a page of its own without it. Nothing is stored."""
        desk = self.opened(request, pk)
        context = {"questionnaire": desk.questionnaire, **self._trial(request, desk)}
        if request.headers.get("X-Requested-With") == "fetch":
            return render(request, "admin/assessments/_try.html", context)
        return self.page(request, "try.html", desk.questionnaire, _("Try it"), **self._trial(request, desk))

    def _trial(self, request: HttpRequest, desk: Desk) -> dict[str, Any]:
        definition = desk.review.definition
        if definition is None:
            return {"trial": None}
        voice: Voice = "loved" if request.POST.get("voice") == "loved" else "me"
        answers = answers_in(request.POST, definition)
        return {"trial": trial(definition, answers, page_language(), voice, desk.names)}
