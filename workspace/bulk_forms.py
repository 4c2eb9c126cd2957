"""What is asked where something is done with several referrals at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from privacy.models import User
from referral.figures import held_now
from ui.forms import CompactForm, words
from workspace.forms import EndForm, a_colleague, a_day, offer_staff


class BulkForm(CompactForm):
    """What `worker` is asked once for several referrals. Whoever comes by a key begins in the first field."""

    def __init__(self, *args: Any, worker: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.worker = worker
        if not self.is_bound:
            next(iter(self.fields.values())).widget.attrs["autofocus"] = True


class BulkAssignForm(BulkForm):
    to = a_colleague(_("Assign to"))
    note = words(_("What must they know?"), required=False, rows=2, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_staff(self, "to", held=held_now())

    def clean(self) -> dict[str, Any]:
        """Whoever takes families for themselves tells nobody; a colleague must know something of them."""
        data = super().clean() or self.cleaned_data
        if data.get("to") not in (None, self.worker) and not data.get("note"):
            self.add_error("note", _("Write what your colleague must know."))
        return data


class BulkSnoozeForm(BulkForm):
    until = a_day(_("Until"))
    note = words(_("Why?"), required=False, rows=2, max_length=1000)


class BulkCloseForm(BulkForm, EndForm):
    pass


BULK_FORMS: Mapping[str, type[BulkForm]] = {
    "assign": BulkAssignForm,
    "snooze": BulkSnoozeForm,
    "close": BulkCloseForm,
}
