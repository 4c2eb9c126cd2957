"""What a supervisor fills in to say who is told of what waits too long."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from referral.models import EscalationRule
from ui.forms import CompactForm, picked, some_of, tick


class RuleForm(CompactForm):
    """After how long something waits too long, and who is told."""

    TOLD = {"holder": _("whoever has it"), "duty": _("whoever is on duty"), "supervisors": _("supervisors")}

    about = picked(_("What waits"), EscalationRule.About.choices)
    amount = forms.IntegerField(
        label=_("After"), min_value=0, max_value=9999, error_messages={"required": _("Enter a number, such as 20.")}
    )
    unit = picked(_("Minutes, hours or days"), EscalationRule.Unit.choices)
    tell = some_of(_("Who is told"), (), required=False)
    active = tick(_("In force"))

    def __init__(self, data: Any = None, *, rule: EscalationRule):
        self.rule = rule
        told = [name for name in self.TOLD if getattr(rule, f"tell_{name}")]
        initial = {"about": rule.about, "amount": rule.amount, "unit": rule.unit, "tell": told, "active": rule.active}
        super().__init__(data, initial=initial, auto_id=f"id_{rule.pk or 'new'}_%s")
        self.fields["tell"].choices = list(self.TOLD.items())  # type: ignore[attr-defined]

    def filled(self) -> EscalationRule:
        """The rule as it was asked for, not yet kept."""
        data, rule = self.cleaned_data, copy(self.rule)
        rule.about, rule.amount, rule.unit, rule.active = (data[name] for name in ("about", "amount", "unit", "active"))
        for name in self.TOLD:
            setattr(rule, f"tell_{name}", name in data["tell"])
        return rule

    def refuse(self, error: ValidationError) -> None:
        """Say at the fields what is wrong."""
        for field, faults in error.message_dict.items():
            self.add_error({"tell_supervisors": "tell"}.get(field, field if field in self.fields else None), faults)
