"""The buttons that merge two referrals of one family, and take them apart again."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.actions import merging
from referral.actions.common import CannotMerge
from referral.models import Referral
from workspace.moving_forms import MergeForm, UnmergeForm
from workspace.views.actions.base import By, Data, StaffAction
from workspace.views.guard import visible
from workspace.views.merging import compare_page, same_page


class MergeWith(StaffAction[Referral]):
    """Its address names the one that is kept, and the one that is closed."""

    name = "merge"
    form_class = MergeForm
    message = _("Merged. This one goes on.")

    def opened(self, pk: int) -> Referral:
        keep = super().opened(pk)
        cast(MergeForm, self.form).ask_what_differs(keep, visible(self.request, self._other))
        return keep

    def act(self, key: int, data: Data, by: By) -> Referral:
        keep, other = Referral.objects.get(pk=key), visible(self.request, self._other)
        if not data["sure"] and merging.differences(keep, other, timezone.localdate(by["now"])):
            raise CannotMerge("unsure")
        speaks = {"keep": keep, "other": other}.get(data.get("language", ""))
        return merging.merge_referrals(
            key,
            self._other,
            other_contact=data["contact"] == "other",
            other_age=data.get("age") == "other",
            language=speaks.contact.language if speaks else "",
            seen_other=data["other_version"],
            **by,
        )

    @property
    def _other(self) -> int:
        return int(self.kwargs["row"])

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        other = visible(self.request, self._other)
        if status == 409:  # shown as both stand now
            typed = self.request.POST.copy()
            typed["version"] = str(referral.version)
            typed["other_version"] = str(other.version)
            self.form.data = typed
        return compare_page(self.request, referral, other, status=status, form=self.form)


class Unmerge(StaffAction[Referral]):
    name = "unmerge"
    form_class = UnmergeForm
    message = _("Separated. Both go on.")

    def act(self, key: int, data: Data, by: By) -> Referral:
        return merging.unmerge_referral(key, data["reason"], **by)

    def show(self, referral: Referral, *, status: int) -> HttpResponse:
        return same_page(self.request, referral, status=status, bound={"unmerge": self.form})
