"""An email to whoever a draft waits for now. It names the guide and its page in the admin, nothing else."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guides.models import StageChange
from guides.workflow.moves import PUBLISH, REVIEW
from privacy.models import User


def tell_next() -> int:
    """Tell of every move that was not told of yet; return how many. A crash costs a message, never sends it twice."""
    told = 0
    for change in StageChange.objects.filter(told=False).select_related("edition", "by").order_by("pk")[:50]:
        # Whoever marks the row sends; another worker finds it marked.
        if StageChange.objects.filter(pk=change.pk, told=False).update(told=True):
            with override("en"):
                _send(change)
            told += 1
    return told


def _send(change: StageChange) -> None:
    people = [user.email for user in _for_whom(change) if user.email]
    if not people:
        return
    path = reverse("admin:guides_guideedition_change", args=[change.edition_id])
    subjects = {
        "submit": _("A guide waits for your review"),
        "approve": _("A guide is approved and can be published"),
        "send_back": _("A guide came back with a note"),
    }
    body = f"{change.edition}\n{settings.BASE_URL}{path}\n"
    with get_connection() as connection:
        for address in people:
            EmailMessage(
                subjects[change.move], body, settings.DEFAULT_FROM_EMAIL, [address], connection=connection
            ).send()


def _for_whom(change: StageChange) -> QuerySet[User]:
    """Reviewers of what is submitted, publishers of what is approved, and the writers of what came back."""
    writers = User.objects.filter(pk__in=change.edition.revisions.exclude(by=None).values("by"))
    if change.move == "send_back":
        found = writers
    elif change.move in ("submit", "approve"):
        _app, codename = (REVIEW if change.move == "submit" else PUBLISH).split(".")
        may = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label="guides")
        found = User.objects.filter(may | Q(user_permissions__codename=codename))
    else:
        found = User.objects.none()
    return found.filter(is_active=True, is_staff=True).exclude(pk=change.by_id or 0).distinct()
