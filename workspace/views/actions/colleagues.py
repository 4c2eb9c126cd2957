"""The buttons on a family that a colleague has: leave a word, take it over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from referral.actions import referrals, tasks
from referral.models import Referral, Task
from workspace.forms import TakeOverForm, WordForm
from workspace.views.actions.base import By, Data, R, StaffAction
from workspace.views.guard import staff_required, with_colleague, worker
from workspace.views.with_colleague import colleague_page


@require_safe
@staff_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has the family, and what can be done for it; its own page, where that may be opened."""
    referral = with_colleague(request, pk)
    if Referral.objects.visible_to(worker(request)).filter(pk=pk).exists():
        return redirect("workspace:referral", pk)
    return colleague_page(request, referral)


class OfColleague(StaffAction[R]):
    """A button on a referral that need not be one's own to open."""

    def opened(self, pk: int) -> Referral:
        return with_colleague(self.request, pk)

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        return colleague_page(self.request, referral, status=status, bound={self.form_name: self.form})


class LeaveWord(OfColleague[Task]):
    name = "word"
    form_class = WordForm
    message = _("Your colleague has a task to call back, with your words.")

    def act(self, key: int, data: Data, by: By) -> Task:
        said, number, asks_now = data["said"], data["number"], data["asks_now"] or data.get("danger") == "yes"
        return tasks.leave_word(key, said, number=number, asks_now=asks_now, actor=by["actor"], now=by["now"])


class TakeOver(OfColleague[Referral]):
    name = "take_over"
    form_class = TakeOverForm
    message = _("Assigned to you.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return referrals.take_over(key, data["reason"], **by)
