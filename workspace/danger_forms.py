"""What staff write down with words of danger in it is not saved before they say if someone is in danger now."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.danger_words import in_danger
from ui.forms import one_of

REACHED = [
    ("talked", _("I spoke with the person or the family")),
    ("services", _("911 or another emergency service has it")),
    ("not", _("Could not reach anyone: still calling. The call for help stays open.")),
]


class AsksOfDanger(forms.Form):
    """Asks once, where the words in the field `danger_in` may mean danger; what was typed stays."""

    danger_in: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.is_bound and not self.data.get("asks_now") and in_danger(str(self.data.get(self.danger_in, ""))):
            self.fields["danger"] = one_of(
                _("Is someone in danger now?"),
                [("yes", _("Yes: call whoever is on duty now")), ("no", _("No: save it"))],
                missing=_("These words may mean danger. Say if someone is in danger now. Nothing is saved yet."),
            )

    @property
    def rings(self) -> bool:
        return self.cleaned_data.get("danger") == "yes"


def asks_whom() -> forms.ChoiceField:
    """Whom staff reached before a call for help is over."""
    return one_of(_("Whom did you reach?"), REACHED, missing=_("Say whom you reached."))
