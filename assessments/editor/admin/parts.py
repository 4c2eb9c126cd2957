"""Editing one part of a draft: its words, its choices, its condition.

Only Save writes. Every other button changes what is on the page, with all that was typed there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments.editor import builder, drafts, editing
from assessments.editor.admin.frame import Desk, DeskAdmin
from assessments.editor.forms import FORMS, ChoiceForm, TitleForm
from assessments.editor.sheet import page_language, vocabulary
from assessments.models import Choice, Draft, Part, Question

MOST_CHOICES = 40
CHANGED = gettext_lazy(
    "Someone else changed this since you opened it. What is saved now is shown too. Save again to keep what you typed."
)
GONE = gettext_lazy(
    "Someone else removed this since you opened it. Below is what you typed. Save again to add it back."
)
PLACE = re.compile(r"[\w-]+")
OF_CHOICE = re.compile(r"choice-(\d+)-(.+)")


class PartPages(DeskAdmin):
    """The pages of one part, of the title, and the buttons that order parts."""

    def part_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "assessments_questionnaire_"
        return [
            path("<int:pk>/title/", view(self.title_view), name=name + "title"),
            path("<int:pk>/move/", view(require_POST(self.move_view)), name=name + "move"),
            path("<int:pk>/part/<slug:section>/add/", view(self.part_view), name=name + "add_part"),
            path("<int:pk>/part/<slug:section>/<int:part_pk>/", view(self.part_view), name=name + "part"),
        ]

    def title_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        desk = self.opened(request, pk, to_change=True)
        seen, theirs = drafts.title_mark(desk.draft), list[tuple[str, str]]()
        form = TitleForm(request.POST or None, instance=desk.draft, levels=desk.names)
        if request.method == "POST" and form.is_valid():
            try:
                editing.save_title(
                    desk.draft,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                    seen=request.POST.get("seen"),
                )
            except editing.Stale:
                kept = Draft.objects.get(pk=desk.draft.pk)
                form.add_error(None, ValidationError(CHANGED))
                seen, theirs = drafts.title_mark(kept), form.saved_now(kept)
            else:
                return HttpResponseRedirect(self.address("change", pk))
        troubles = [one.words for one in desk.review.troubles if one.where[:1] in (("title",), ("levels",))]
        context = {"form": form, "troubles": troubles, "seen": seen, "theirs": theirs}
        status = 409 if theirs else 200
        return self.page(request, "title.html", desk.questionnaire, _("Title and levels"), status=status, **context)

    def move_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Put a part somewhere else; the keyboard stays where it was."""
        desk = self.opened(request, pk, to_change=True)
        section, _sep, row = request.POST.get("part", "").partition(":")
        part = self._part(desk, section, row)
        to, _sep, button = request.POST.get("to", "").partition("/")
        if not to.lstrip("-").isdecimal():
            raise Http404
        editing.move(part, to=int(to), by=request.user, now=timezone.now())  # type: ignore[arg-type]
        stay = f"{button}-{part.pk}" if button in ("up", "down") else f"part-{part.pk}"
        return HttpResponseRedirect(f"{self.address('change', pk)}#{section}-{stay}")

    def part_view(self, request: HttpRequest, pk: str, section: str, part_pk: str | None = None) -> HttpResponse:
        desk = self.opened(request, pk, to_change=True)
        if section not in FORMS:
            raise Http404
        data = request.POST if request.method == "POST" else None
        kept = drafts.MODELS[section]._default_manager.filter(draft=desk.draft, pk=part_pk).first() if part_pk else None
        gone = part_pk is not None and kept is None
        if gone and data is None:
            raise Http404
        part = kept or drafts.MODELS[section](draft=desk.draft)
        return PartPage(self, desk, section, part, data).answer(request, gone=gone)

    @staticmethod
    def _part(desk: Desk, section: str, pk: str | None) -> Part:
        model = drafts.MODELS.get(section)
        if model is None or not str(pk).isdecimal():
            raise Http404
        return get_object_or_404(model, pk=pk, draft=desk.draft)


class PartPage:
    """One request for one part."""

    def __init__(self, pages: PartPages, desk: Desk, section: str, part: Part, data: Any) -> None:
        self.pages, self.desk, self.section, self.part, self.data = pages, desk, section, part, data
        self.place = self._place()
        before = self.place if section == "questions" else None
        self.words = vocabulary(desk.document, page_language(), before)
        self.condition = self._condition()
        self.form = self._form(data)
        self.choices = self._choices()
        self.theirs: list[tuple[str, str]] = []
        self.focus = ""
        """Where the keyboard goes after a button that saved nothing; else empty."""

    def answer(self, request: HttpRequest, *, gone: bool = False) -> HttpResponse:
        """The page, or what its button did. The part is `gone` when somebody else removed it meanwhile."""
        if self.data is not None:
            command, _sep, at = self.data.get("op", "save").partition("/")
            if command == "delete" and (self.part.pk or gone):
                return self._removed(request)
            if gone:
                self._valid()
                self.form.add_error(None, ValidationError(GONE))
                return self._show(request, 409)
            if command not in ("save", "stay") or at:
                return self._changed(request, command, at)
            if self._valid():
                done = self._saved(request, command)
                if done:
                    return done
            return self._show(request, 400)
        return self._show(request)

    def _removed(self, request: HttpRequest) -> HttpResponse:
        seen = self.data.get("revision", "")
        try:
            if self.part.pk:
                editing.remove(
                    self.part,
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                    seen=int(seen) if seen.isdecimal() else None,
                )
        except editing.Stale:
            self._valid()
            self._stale()
            return self._show(request, 409)
        messages.success(request, _("Removed. The earlier draft is under “History”."))
        return HttpResponseRedirect(self.pages.address("change", self.desk.questionnaire.pk))

    def _saved(self, request: HttpRequest, command: str) -> HttpResponse | None:
        choices: list[Choice] = [form.instance for form in self.choices]
        self._set_condition(self.condition)
        try:
            editing.save(self.part, by=request.user, now=timezone.now(), choices=choices)  # type: ignore[arg-type]
        except editing.Stale:
            self._stale()
            return None
        desk = self.desk.questionnaire.pk
        if self.desk.review.proved and not self.pages.opened(request, str(desk)).review.proved:
            words = _("Saved. With this change the draft cannot be published: the errors are at the top of the draft.")
            messages.warning(request, words)
            if command == "save":
                return HttpResponseRedirect(self.pages.address("change", desk))
        if command == "save":
            return HttpResponseRedirect(f"{self.pages.address('change', desk)}#{self.section}-part-{self.part.pk}")
        return HttpResponseRedirect(f"{self.pages.address('part', desk, self.section, self.part.pk)}#content")

    def _changed(self, request: HttpRequest, command: str, at: str) -> HttpResponse:
        """The page after a button that saves nothing: another condition, other answers, or another order."""
        order, focus = self._ordered(command, at)
        page = PartPage(self.pages, self.desk, self.section, self.part, with_choices(self.data, order))
        if command == "when":
            how, _sep, path = at.partition("/")
            page.condition, focus = builder.change(self.condition, how, path), "when"
        page.focus = focus
        page._valid()  # so that the page shows what belongs to what was chosen
        for form in (page.form, *page.choices):
            form._errors = ErrorDict()  # nobody asked to save yet
        return page._show(request)

    def _ordered(self, command: str, at: str) -> tuple[list[int | None], str]:
        """The answers by their places before a button, None for a new one; and where the keyboard goes then."""
        order: list[int | None] = list(range(len(self.choices)))
        if command == "add-choice" and len(order) < MOST_CHOICES:
            return [*order, None], f"id_choice-{len(order)}-en_me"
        place = int(at) if at.isdecimal() and int(at) < len(order) else None
        if place is None:
            # After another question was chosen, the keyboard stays on it.
            return order, at if command == "stay" and PLACE.fullmatch(at) else "content"
        moved = order.pop(place)
        if command == "remove-choice":
            return order, "choices"
        to = max(0, min(place + (-1 if command == "up" else 1), len(order)))
        order.insert(to, moved)
        return order, f"{command}-{to}"

    def _set_condition(self, condition: builder.Condition | None) -> None:
        if self.section != "dimensions":
            setattr(self.part, "shows_when" if self.section == "questions" else "when", condition)

    def _stale(self) -> None:
        kept: Any = type(self.part)._default_manager.filter(pk=self.part.pk).first()
        data = self.data.copy()
        data["revision"] = kept.revision if kept else 0
        self.form = self._form(data)
        self.form.is_valid()
        self.form.add_error(None, ValidationError(CHANGED))
        if kept:
            self.theirs = self._saved_now(kept)

    def _saved_now(self, kept: Any) -> list[tuple[str, str]]:
        """What is kept now where the page says something else: words, condition and answers."""
        theirs: list[tuple[str, str]] = self.form.saved_now(kept)
        condition = getattr(kept, "shows_when" if self.section == "questions" else "when", None)
        if condition != self.condition:
            theirs.append((_("Condition"), builder.say(condition, self.words) if condition else "–"))
        if isinstance(kept, Question):
            mine = {form.instance.pk: form for form in self.choices}
            for number, choice in enumerate(kept.choices.all(), 1):
                form = mine.get(choice.pk)
                labels = form.saved_now(choice) if form else [(_("new"), choice.written_words())]
                if form and form.instance.rates != choice.rates:
                    labels.append(
                        (_("rates"), ", ".join(f"{key} {rating}" for key, rating in choice.rates.items()) or "–")
                    )
                answer = _("Answer %(number)s") % {"number": number}
                theirs += [(f"{answer}, {label}", words) for label, words in labels]
        return theirs

    def _show(self, request: HttpRequest, status: int = 200) -> HttpResponse:
        # What is wrong with the saved draft is not said of a page that already differs from it.
        here = self.desk.review.about(self.section, self.place) if self.part.pk and not self.focus else []
        new = {
            "questions": _("New question"),
            "floors": _("New floor rule"),
            "safety": _("New safety rule"),
            "notes": _("New note"),
            "dimensions": _("New dimension"),
        }
        return self.pages.page(
            request,
            "part.html",
            self.desk.questionnaire,
            str(self.part) if self.part.pk else new[self.section],
            form=self.form,
            section=self.section,
            part=self.part,
            number=self.place + 1,
            choices=[
                (form, [one.words for one in here if one.where[2:4] == ("choices", at)])
                for at, form in enumerate(self.choices)
            ],
            theirs=self.theirs,
            troubles=[one.words for one in here if not (len(one.where) > 3 and one.where[2] == "choices")],
            condition=builder.node(self.condition, self.words) if self.condition else None,
            sentence=builder.say(self.condition, self.words),
            groups=builder.GROUPS,
            focus=self.focus,
            status=status,
        )

    def _place(self) -> int:
        rows = list(type(self.part)._default_manager.filter(draft=self.desk.draft).values_list("pk", flat=True))
        return rows.index(self.part.pk) if self.part.pk in rows else len(rows)

    def _condition(self) -> builder.Condition | None:
        if self.section == "dimensions":
            return None
        kept: builder.Condition | None = getattr(self.part, "shows_when" if self.section == "questions" else "when")
        if self.data is None:
            return kept
        posted = builder.read(self.data)
        # A form names choices in the question's order; what is only in another order was not changed.
        return kept if builder.same(posted, kept) else posted

    def _form(self, data: Any) -> Any:
        more: dict[str, Any] = {"levels": self.desk.names} if self.section == "floors" else {}
        if self.section == "questions":
            more["before"] = self._before()
        return FORMS[self.section](data, instance=self.part, **more)

    def _before(self) -> tuple[str, str] | None:
        """The question directly before this one that is no helper itself, as (key, words)."""
        asked = [one for one in self.desk.document["questions"][: self.place] if "helps" not in one]
        if not asked or (self.place and asked[-1] is not self.desk.document["questions"][self.place - 1]):
            return None
        key = str(asked[-1]["key"])
        return key, self.words.questions[key].label

    def _helped(self) -> dict[str, str] | None:
        """The answers of the question that this one helps with; None where it helps with none."""
        helps = getattr(self.part, "helps", None)
        if not helps:
            return None
        asked = vocabulary(self.desk.document, self.words.language).questions.get(helps)
        return asked.choices if asked else {}

    def _choices(self) -> list[ChoiceForm]:
        if not isinstance(self.part, Question):
            return []
        words = vocabulary(self.desk.document, self.words.language)
        levels = {slug: self.desk.names.get(slug, slug) for slug in self.desk.draft.levels}
        kept, helped = list(self.part.choices.all()) if self.part.pk else [], self._helped()
        if self.data is None:
            rows = kept or [Choice(), Choice()]
            return [
                ChoiceForm(instance=row, prefix=f"choice-{at}", words=words, levels=levels, helped=helped)
                for at, row in enumerate(rows)
            ]
        count = self.data.get("choices", "")
        by_pk = {str(row.pk): row for row in kept}
        return [
            ChoiceForm(
                self.data,
                instance=by_pk.get(self.data.get(f"choice-{at}-pk", ""), Choice()),
                prefix=f"choice-{at}",
                words=words,
                levels=levels,
                helped=helped,
            )
            for at in range(min(int(count), MOST_CHOICES) if count.isdecimal() else 0)
        ]

    def _valid(self) -> bool:
        valid: bool = self.form.is_valid()
        keys = [self.data.get(f"choice-{at}-key", "") for at in range(len(self.choices))]
        for at, form in enumerate(self.choices):
            form.taken = frozenset(key for other, key in enumerate(keys) if other != at and key)
            valid = form.is_valid() and valid
            keys[at] = form.cleaned_data.get("key", keys[at])
        return valid


def with_choices(data: QueryDict, order: Sequence[int | None]) -> QueryDict:
    """What was posted, with the answers in another order; None stands for a new one."""
    made = QueryDict(mutable=True)
    places = {str(old): new for new, old in enumerate(order) if old is not None}
    for name, values in data.lists():
        of_choice = OF_CHOICE.fullmatch(name)
        if of_choice is None:
            made.setlist(name, values)
        elif of_choice[1] in places:
            made.setlist(f"choice-{places[of_choice[1]]}-{of_choice[2]}", values)
    made["choices"] = str(len(order))
    return made
