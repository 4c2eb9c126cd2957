"""An email to whoever a draft waits for now. It names the guide and its page in the admin, nothing else."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guides.content.review_notices import BEFORE, mark
from guides.models import Guide, GuideEdition, StageChange
from guides.workflow.moves import PUBLISH, REVIEW
from privacy.models import User

_TITLES = Prefetch("editions", GuideEdition.objects.only("guide", "language", "title"))


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


def tell_reviews(today: date) -> int:
    """Tell reviewers of the guides whose review comes near, is due, or was due two weeks ago; return how many.

    One email names all of them. Each is told of once before, once on and once after its day.
    """
    near = Guide.objects.filter(review_due__lte=today + BEFORE, archived_at=None).order_by("review_due", "key")
    told = [guide for guide in near.prefetch_related(_TITLES) if _claimed(guide, today)]
    if told:
        with override("en"):
            _send_reviews(told)
    return len(told)


def _claimed(guide: Guide, today: date) -> bool:
    """Whether this worker is the one to tell of a guide now. A crash costs a message, never sends it twice."""
    said = mark(guide.review_due, today) if guide.review_due else ""
    return bool(
        guide.review_told != said
        and Guide.objects.filter(pk=guide.pk, review_told=guide.review_told).update(review_told=said)
    )


def _send_reviews(guides: list[Guide]) -> None:
    lines = [
        _("%(guide)s: review due on %(day)s") % {"guide": guide, "day": date_format(guide.review_due)}
        for guide in guides
        if guide.review_due
    ]
    path = reverse("admin:guides_guide_changelist")
    body = "\n".join([*lines, "", f"{settings.BASE_URL}{path}?review=near", ""])
    _mail(_("Guides to review"), body, [user.email for user in _who_may(REVIEW) if user.email])


def _mail(subject: str, body: str, addresses: list[str]) -> None:
    """An email to each, so that no one sees another's address."""
    with get_connection() as connection:
        for address in addresses:
            EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address], connection=connection).send()


def _who_may(permission: str) -> QuerySet[User]:
    _app, codename = permission.split(".")
    may = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label="guides")
    found = User.objects.filter(may | Q(user_permissions__codename=codename))
    return found.filter(is_active=True, is_staff=True).distinct()


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
    _mail(subjects[change.move], body, people)


def _for_whom(change: StageChange) -> QuerySet[User]:
    """Reviewers of what is submitted, publishers of what is approved, and the writers of what came back."""
    writers = User.objects.filter(pk__in=change.edition.revisions.exclude(by=None).values("by"))
    if change.move == "send_back":
        found = writers
    elif change.move in ("submit", "approve"):
        found = _who_may(REVIEW if change.move == "submit" else PUBLISH)
    else:
        found = User.objects.none()
    return found.filter(is_active=True, is_staff=True).exclude(pk=change.by_id or 0).distinct()
