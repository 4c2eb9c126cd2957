"""Publishing a draft: what it would do, who has to agree, and then a version that never changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import actions, approvals
from assessments.editor.admin.frame import Desk, DeskAdmin
from assessments.editor.comparison import page_of
from assessments.editor.forms import ApprovalForm
from assessments.editor.sheet import page_language
from assessments.engine.compare import compare
from assessments.engine.definition import Definition
from assessments.engine.document import canonical_json, sha256
from assessments.engine.safety_changes import safety_changes
from guides.workflow.calling import Uncalled, uncalled_words
from privacy.models import User


class PublishPages(DeskAdmin):
    """The page on which a draft is published."""

    def publish_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish_view)
        return [path("<int:pk>/publish/", view, name="assessments_questionnaire_publish")]

    def publish_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """What publishing would do; then the proof, and a new version or the stories of why not."""
        desk = self.opened(request, pk)
        may_ask = request.user.has_perm(approvals.PUBLISH_IT) or request.user.has_perm(approvals.CHANGE_IT)
        if request.method == "POST" and not may_ask:  # whoever may read the draft may read what it would do
            raise PermissionDenied
        definition = desk.review.definition
        if request.method != "POST" or definition is None:
            return self._publish_page(request, desk, refused=request.method == "POST")
        if request.POST.get("sha256") != sha256(definition):
            messages.warning(request, _("The draft has changed since you looked. This is what it says now."))
            return HttpResponseRedirect(self.address("publish", pk))
        if request.POST.get("command", "") == "" and not _called(request, desk, definition):
            messages.error(
                request, _("Nothing is published yet. Call the new number first, or check the box beside it.")
            )
            return self._publish_page(request, desk, status=409)
        commands = {"ask": self._ask, "approve": self._approve}
        return commands.get(request.POST.get("command", ""), self._publish)(request, desk, definition)

    def _publish(self, request: HttpRequest, desk: Desk, definition: Definition) -> HttpResponse:
        try:
            version = actions.publish(desk.questionnaire, definition, by=_user(request), now=timezone.now())
        except actions.NotProved:
            return self._publish_page(request, desk, refused=True)
        except actions.NotApproved:
            messages.error(request, _("Not published: a second person has to approve this draft first."))
            return self._publish_page(request, desk, status=409)
        except actions.Overtaken:
            messages.warning(request, _("Someone else has just published a version. Compare with that one now."))
            return HttpResponseRedirect(self.address("publish", desk.questionnaire.pk))
        messages.success(request, _("Published as version %(number)s.") % {"number": version.number})
        return HttpResponseRedirect(self.address("version", desk.questionnaire.pk, version.number))

    def _ask(self, request: HttpRequest, desk: Desk, definition: Definition) -> HttpResponse:
        form = ApprovalForm(request.POST)
        if not form.is_valid():
            return self._publish_page(request, desk, form=form, status=400)
        approvals.ask(desk.questionnaire, definition, **form.cleaned_data, by=_user(request), now=timezone.now())
        messages.success(request, _("Asked. A second person with the permission to publish finds it under “To do”."))
        return HttpResponseRedirect(self.address("publish", desk.questionnaire.pk))

    def _approve(self, request: HttpRequest, desk: Desk, definition: Definition) -> HttpResponse:
        try:
            approvals.approve(desk.questionnaire, definition, by=_user(request), now=timezone.now())
        except approvals.SamePerson:
            messages.error(request, _("Not approved: it has to be someone who neither asked nor made the last change."))
            return self._publish_page(request, desk, status=409)
        except approvals.NotAsked:
            messages.warning(request, _("No one has asked for approval of what the draft says now."))
        else:
            messages.success(request, _("Approved. The draft can be published as it is now."))
        return HttpResponseRedirect(self.address("publish", desk.questionnaire.pk))

    def _publish_page(
        self,
        request: HttpRequest,
        desk: Desk,
        *,
        refused: bool = False,
        form: ApprovalForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        definition, newest = desk.review.definition, desk.questionnaire.newest()
        compared, falls, approval, sheet = None, False, None, desk.sheet()
        safety: list[str] = []
        if definition and newest:
            compared = page_of(compare(newest.definition, definition), desk.names)
            falls = compared.walks is None or compared.walks.lowers
            changed = safety_changes(newest.definition, definition)
            safety = [each.say(page_language(), desk.names) for each in changed]
            if falls or safety:
                approval = approvals.standing(desk.questionnaire, sha256(definition), newest)
        return self.page(
            request,
            "publish.html",
            desk.questionnaire,
            _("Publish"),
            review=desk.review,
            sheet=sheet,
            properties=properties(desk.review.proof.properties) if desk.review.proof else [],
            sha256=sha256(definition) if definition else "",
            newest=newest,
            same=newest is not None and definition is not None and newest.sha256 == sha256(definition),
            compared=compared,
            falls=falls,
            safety=safety,
            alone=desk.changed_alone(sheet, newest) if newest else [],
            by_two=falls or bool(safety),
            uncalled=_uncalled(desk, definition) if definition else [],
            approval=approval,
            may_approve=approval is not None and approvals.may_approve(approval, _user(request)),
            form=form or ApprovalForm(),
            refused=refused,
            status=409 if refused else status,
        )


def _user(request: HttpRequest) -> User:
    """Who is signed in: nobody else reaches a page of the admin."""
    user: Any = request.user
    return user  # type: ignore[no-any-return]


def _uncalled(desk: Desk, definition: Definition) -> list[Uncalled]:
    """The numbers that the draft's words give for the first time."""
    newest = desk.questionnaire.newest()
    public = [newest.document] if newest else []
    return uncalled_words(public, [("", canonical_json(definition))], page_language())


def _called(request: HttpRequest, desk: Desk, definition: Definition) -> bool:
    """Whether somebody said of each such number that it was called."""
    return {each.dials for each in _uncalled(desk, definition)} <= set(request.POST.getlist("uncalled"))


def properties(held: dict[str, bool]) -> list[tuple[str, bool]]:
    """What the proof is about, in words, and whether it holds."""
    words = {
        "references_backward": _("Questions depend on earlier questions only"),
        "helpers_sound": _("A helper’s answer never makes the result less certain"),
        "texts_complete": _("Every text is there in both languages and both voices"),
        "questions_reachable": _("Every question can come up"),
        "rules_reachable": _("Every rule can hold"),
        "levels_reachable": _("Every level can be the result"),
        "always_a_result": _("Every path ends with a result"),
        "worse_never_lower": _("A worse answer never lowers the level"),
        "then_never_lower": _("A worse answer never lowers the care after a first step"),
        "preferences_neutral": _("Preferences never change the level"),
        "safety_reached": _("Safety answers always reach the crisis page"),
        "safety_kept": _("A worse answer never takes the crisis page away"),
    }
    return [(words.get(name, name), holds) for name, holds in held.items()]
