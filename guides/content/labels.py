"""What editors call the kinds of blocks and their cells."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS: dict[str, Promise] = {
    "prose": gettext_lazy("text"),
    "fits": gettext_lazy("who it may fit"),
    "avoid": gettext_lazy("what to avoid"),
    "signs": gettext_lazy("signs to watch for"),
    "comparison": gettext_lazy("comparison"),
    "level_cards": gettext_lazy("level cards"),
    "drawing": gettext_lazy("drawn picture"),
    "callout": gettext_lazy("callout"),
    "steps": gettext_lazy("steps"),
    "questions": gettext_lazy("questions and answers"),
    "checklist": gettext_lazy("checklist"),
    "helplines": gettext_lazy("helplines"),
    "contacts": gettext_lazy("other phone numbers"),
    "call_to_action": gettext_lazy("next step"),
    "image": gettext_lazy("picture"),
    "quote": gettext_lazy("quote"),
    "sources": gettext_lazy("sources"),
    "download": gettext_lazy("PDF to take along"),
}
DRAWINGS: dict[str, Promise] = {
    "residential-day": gettext_lazy("A day in residential treatment"),
    "iop-week": gettext_lazy("A week in an intensive outpatient program"),
    "step-down": gettext_lazy("The way down from residential treatment"),
}
TONES: dict[str, Promise] = {
    "note": gettext_lazy("Good to know"),
    "urgent": gettext_lazy("Urgent"),
    "encourage": gettext_lazy("Encouragement"),
}


def cell_label(name: str) -> str:
    """Return the name of a cell as editors see it."""
    labels = {
        "heading": _("Heading"),
        "html": _("Text"),
        "item": _("Item"),
        "title": _("Title"),
        "question": _("Question"),
        "name": _("Who it is"),
        "number": _("Number as shown"),
        "tel": _("Number to dial"),
        "sms": _("Number to text, and the word to send"),
        "how": _("How it helps"),
        "levels": _("Levels"),
        "aspects": _("Aspects"),
        "lines": _("Helplines"),
        "tone": _("Tone"),
        "drawing": _("Drawing"),
        "to": _("Leads to"),
        "text": _("Text"),
        "label": _("Words on the button"),
        "picture": _("Picture"),
        "document": _("PDF"),
        "caption": _("Caption"),
        "quote": _("What was said"),
        "who": _("Who said it"),
        "publisher": _("Publisher"),
        "url": _("Address"),
    }
    return labels[name]
