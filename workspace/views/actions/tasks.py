"""The buttons on tasks: add one, tick it off, answer a call for help and say how it ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referral.actions import duty, replies, tasks
from referral.hours import due_on
from referral.models import Placement, Referral, Task
from referral.models.hours import working_time
from workspace.call_forms import CrisisForm
from workspace.danger_forms import REACHED
from workspace.forms import ReplyForm, ResolveForm, TaskForm
from workspace.views.actions.base import By, Data, StaffAction


class Add(StaffAction[Task]):
    """On the referral: the task is made by it."""

    name = "task"
    form_class = TaskForm
    message = _("Task added.")

    def act(self, key: int, data: Data, by: By) -> Task:
        actor, now = by["actor"], by["now"]
        due_at = due_on(data["due"], now, working_time())
        kind, text, urgent = data["kind"], data["text"], data["urgent"]
        return tasks.add_task(key, kind=kind, text=text, urgent=urgent, due_at=due_at, actor=actor, now=now)


class Finish(StaffAction[Task]):
    name = "done"
    model = Task

    def act(self, key: int, data: Data, by: By) -> Task:
        return tasks.finish_task(key, **by)


class PutBack(StaffAction[Task]):
    name = "undone"
    model = Task
    message = _("It is on the list again.")

    def act(self, key: int, data: Data, by: By) -> Task:
        return tasks.put_back(key, **by)


class Reply(StaffAction[Placement | Referral]):
    """Said beside what others do: it stands in nobody's way, so no version is asked."""

    name = "reply"
    model = Task
    form_class = ReplyForm
    message = _("Sent to their page. They are told that there is something to read.")

    def act(self, key: int, data: Data, by: By) -> Placement | Referral:
        return replies.answer_task(key, data["answer"], actor=by["actor"], now=by["now"])


class Acknowledge(StaffAction[Task]):
    name = "have"
    model = Task

    def act(self, key: int, data: Data, by: By) -> Task:
        return duty.acknowledge(key, actor=by["actor"], now=by["now"])

    def success_message(self, result: Task) -> str | Promise:
        return _("%(name)s has it.") % {"name": result.had_by}


class Resolve(StaffAction[Task]):
    name = "resolve"
    model = Task
    form_class = ResolveForm
    message = _("Saved. What happened is on the timeline.")

    def post(self, request: HttpRequest, pk: int, row: int | None = None) -> HttpResponse:
        if Task.objects.crises().filter(pk=row or 0).exists():
            self.form_class = CrisisForm  # type: ignore[misc]
        return super().post(request, pk, row)

    def act(self, key: int, data: Data, by: By) -> Task:
        reached = data.get("reached", "")
        said = [str(dict(REACHED)[reached])] if reached else []
        return duty.resolve(key, "\n".join([*said, data["happened"]]), stays=reached == "not", **by)

    def success_message(self, result: Task) -> str | Promise:
        return _("Saved. The call for help stays open.") if result.done_at is None else self.message
