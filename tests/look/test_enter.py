"""Enter in a field presses the first button of its form, so in a form with several that one must be the right one."""

from __future__ import annotations

import re

from tests.look.test_templates import PAGES, TEMPLATES

FORM = re.compile(r"<form\b.*?</form>", re.S)
BUTTON = re.compile(r"<button\b((?:[^>{]|{{.*?}}|{%.*?%})*)>(.*?)</button>|({% include \"ui/enter.html\".*?%})", re.S)
FIELD = re.compile(r"as_crispy_field|<select|<input (?![^>]*hidden)|_field\.html|_fields\.html|_given\.html")
DRAWER = re.compile(r"<details\b.*?</details>", re.S)
# Of every form with fields and several buttons: what Enter does there.
ENTER = {
    "admin/assessments/part.html": "stays on the page",
    "assessments/come_back.html": "Open",
    "directory/list.html": "Search",
    "portal/ask_step.html": "the next step",
    "portal/check_in.html": "its only field is of several lines",
    "portal/program.html": "nothing: an answer has a button of its own",
    "portal/status.html": "Save",
    "workspace/ask.html": "Find",
    "workspace/bulk.html": "Do it",
    "workspace/intake.html": "Open the referral",
    "workspace/referral.html": "Care has started, at the level chosen",
    "workspace/write.html": "fills in the wording that was chosen",
}


def _several() -> list[tuple[str, str]]:
    """(template, form) of all forms with something to type or choose, and more than one button that sends them."""
    found = []
    for path in PAGES:
        for form in FORM.findall(path.read_text()):
            sent = [each for each in BUTTON.findall(form) if 'type="button"' not in each[0]]
            if len(sent) > 1 and FIELD.search(form):
                found.append((str(path.relative_to(TEMPLATES)), form))
    return found


def test_somebody_has_said_what_enter_does_in_each() -> None:
    assert {name for name, _form in _several()} <= set(ENTER)


def test_enter_never_does_the_work_of_another_button() -> None:
    for name, form in _several():
        first = BUTTON.search(form)
        assert first is not None
        if first[3] or "visually-hidden" in first[1]:
            continue  # made for Enter, and harmless
        for drawer in DRAWER.findall(form):
            assert not ("formaction" in drawer and FIELD.search(drawer)), f"{name}: a drawer with fields and a button"
