"""The admin's first page and side bar: in the order of the work, with what waits for somebody on top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessments.editor import drafts
from assessments.editor.waiting import waits_for
from assessments.models import Questionnaire
from config.archiving import KeepsWhatIsNamed
from config.odd_input import SaneChoices, view_on_site
from config.stale import StaleGuard
from directory.models import Capacity, Program
from directory.vocabulary import Status
from guides.models import Guide, Helpline
from guides.workflow.waiting import came_back, to_approve, to_publish, waiting
from messaging import alerts, clock
from messaging.models import Message
from messaging.states import State
from privacy.models import User

# What is done most comes first, in the sections and inside them. A test reads that every model has its place.
SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "guides",
        _("Guides"),
        (
            "guides.Guide",
            "guides.GuideEdition",
            "guides.LevelOfCare",
            "guides.LevelFact",
            "guides.Aspect",
            "guides.GlossaryTerm",
            "guides.Synonym",
            "guides.StoredFile",
            "guides.Helpline",
            "guides.Person",
            "guides.SiteDetails",
            "guides.Reference",
            "guides.Trashed",
        ),
    ),
    (
        "questionnaires",
        _("Questionnaires"),
        (
            "assessments.Questionnaire",
            "assessments.Tally",
            "assessments.SharedResult",
            "assessments.ReturnCode",
            "assessments.ReturnLink",
        ),
    ),
    (
        "programs",
        _("Programs"),
        (
            "directory.Program",
            "directory.Capacity",
            "directory.Organization",
            "directory.Location",
            "directory.ServiceArea",
        ),
    ),
    (
        "messages",
        _("Messages"),
        (
            "messaging.Message",
            "messaging.MessageTemplate",
            "messaging.Channel",
            "messaging.InboundReply",
            "messaging.Permission",
            "messaging.Suppression",
        ),
    ),
    (
        "referrals",
        _("Referrals"),
        (
            "referral.Referral",
            "referral.OtherPerson",
            "referral.Placement",
            "referral.Task",
            "referral.FollowUp",
            "referral.DutyShift",
            "referral.Absence",
            "referral.EscalationRule",
            "referral.OfficeHours",
            "referral.Holiday",
            "referral.FollowUpPlan",
            "referral.Consent",
            "referral.ConsentWording",
            "referral.Disclosure",
            "referral.TimelineEntry",
        ),
    ),
    (
        "access",
        _("People and access"),
        (
            "privacy.User",
            "auth.Group",
            "privacy.AccessEvent",
            "mfa.Authenticator",
            "account.EmailAddress",
            "axes.AccessAttempt",
            "axes.AccessFailureLog",
            "axes.AccessLog",
        ),
    ),
)
NAMES = {"mfa.Authenticator": _("Authenticators")}
"""Names where a package gives none that could be translated."""
LATELY = timedelta(days=7)


class SaysWhose(admin.ModelAdmin[Authenticator]):
    """The pages that ask before an app or recovery codes are deleted name their owner; allauth's rows do not."""

    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        self._delete([obj], request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        self._delete(list(queryset), request)

    def _delete(self, rows: Iterable[Authenticator], request: HttpRequest) -> None:
        """Without the app the password alone would let in whoever found the phone, which may have kept it: the person
        gets a new one by voice."""
        for row in rows:
            person = row.user
            row.delete()
            if row.type == Authenticator.Type.TOTP:
                person.set_unusable_password()
                person.save(update_fields=["password"])
                said = _(
                    "The old password of %(who)s opens nothing any more: set a new one at their account, and say it."
                )
                self.message_user(request, said % {"who": person}, messages.WARNING)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _named, *rest = super().get_deleted_objects(objs, request)
        return [_("%(what)s of %(who)s") % {"what": row, "who": row.user} for row in objs], *rest


class Site(admin.AdminSite):
    """Django's site, but its pages are grouped by work, and every one of them guards what people wrote."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        page = admin_class or admin.ModelAdmin
        bases: tuple[type, ...] = (StaleGuard, KeepsWhatIsNamed, SaneChoices, page)
        if model_or_iterable in (Authenticator, (Authenticator,)):
            bases = (SaysWhose, *bases)
        guarded = type(page.__name__, bases, {"__doc__": page.__doc__})
        super().register(model_or_iterable, guarded, **options)

    def get_urls(self) -> list[Any]:
        view = self.admin_view(view_on_site)
        return [path("r/<path:content_type_id>/<path:object_id>/", view, name="view_on_site"), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        if app_label:
            return super().get_app_list(request, app_label)
        allowed = {
            (place := f"{label}.{model['object_name']}"): {**model, "name": NAMES.get(place, model["name"])}
            for label, app in self._build_app_dict(request).items()
            for model in app["models"]
        }
        sections = []
        for key, name, labels in SECTIONS:
            models = [allowed.pop(label) for label in labels if label in allowed]
            sections.append({"app_label": key, "name": name, "models": models})
        # What a package brings anew is out of order rather than out of sight.
        sections[-1]["models"] += allowed.values()
        return [section for section in sections if section["models"]]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"to_do": list(to_do(request.user)), **(extra_context or {})})


@dataclass(frozen=True)
class ToDo:
    """Something that waits for somebody: one sentence, with its count, and the page where it is done."""

    sentence: str
    url: str
    urgent: bool = False


def to_do(user: Any) -> Iterator[ToDo]:
    """Yield what waits for this person; nobody hears of what they may not open."""
    if user.has_perm("messaging.view_message"):
        yield from _messages()
    if user.has_perm("guides.view_guide"):
        yield from _guides()
        yield from _drafts(user)
    if user.has_perm("assessments.view_questionnaire"):
        yield from _questionnaires(user)
    if user.has_perm("directory.add_capacity"):
        yield from _programs()


def _messages() -> Iterator[ToDo]:
    for alert in alerts.current():
        yield ToDo(alert.sentence, reverse(alert.page), urgent=True)
    messages, since = _list("messaging_message"), clock.now() - LATELY
    counts = Message.objects.in_state(State.UNCERTAIN, State.REVIEW).aggregate(
        uncertain=Count("pk", filter=Q(state=State.UNCERTAIN)), review=Count("pk", filter=Q(state=State.REVIEW))
    )
    if number := counts["review"]:
        notice = ngettext("%(count)d message needs review", "%(count)d messages need review", number)
        yield ToDo(notice % {"count": number}, f"{messages}?state__exact={State.REVIEW}", urgent=True)
    if number := counts["uncertain"]:
        notice = ngettext("%(count)d message is unconfirmed", "%(count)d messages are unconfirmed", number)
        yield ToDo(notice % {"count": number}, f"{messages}?state__exact={State.UNCERTAIN}")
    # One that failed stays so for ever: only what is new can be something to do.
    if number := Message.objects.in_state(State.DEAD).filter(changed_at__gte=since).count():
        notice = ngettext(
            "%(count)d message failed in the last 7 days", "%(count)d messages failed in the last 7 days", number
        )
        query = urlencode({"state__exact": State.DEAD, "changed_at__gte": since.isoformat()})
        yield ToDo(notice % {"count": number}, f"{messages}?{query}", urgent=True)


def _guides() -> Iterator[ToDo]:
    if number := Guide.objects.due(timezone.localdate()).count():
        notice = ngettext("%(count)d guide is due for review", "%(count)d guides are due for review", number)
        yield ToDo(notice % {"count": number}, f"{_list('guides_guide')}?review=due")
    if number := Guide.objects.due_soon(timezone.localdate()).count():
        notice = ngettext(
            "%(count)d guide is due for review within 30 days",
            "%(count)d guides are due for review within 30 days",
            number,
        )
        yield ToDo(notice % {"count": number}, f"{_list('guides_guide')}?review=soon")
    if number := Helpline.objects.unchecked(timezone.localdate()).count():
        notice = ngettext(
            "%(count)d helpline has no check in the last year",
            "%(count)d helplines have no check in the last year",
            number,
        )
        yield ToDo(notice % {"count": number}, f"{_list('guides_helpline')}?checked=no")
    if number := waiting().count():
        notice = ngettext(
            "%(count)d guide has changes that are not published",
            "%(count)d guides have changes that are not published",
            number,
        )
        yield ToDo(notice % {"count": number}, f"{_list('guides_guideedition')}?state=waiting")


def _drafts(user: User) -> Iterator[ToDo]:
    listed = _list("guides_guideedition")
    if user.has_perm("guides.review") and (number := to_approve(user).count()):
        notice = ngettext("%(count)d guide waits for your approval", "%(count)d guides wait for your approval", number)
        yield ToDo(notice % {"count": number}, f"{listed}?state=review")
    if user.has_perm("guides.publish") and (number := to_publish().count()):
        notice = ngettext(
            "%(count)d approved guide can be published", "%(count)d approved guides can be published", number
        )
        yield ToDo(notice % {"count": number}, f"{listed}?state=approved")
    for edition in came_back(user).only("pk", "title", "language")[:5]:
        url = reverse("admin:guides_guideedition_change", args=[edition.pk])
        yield ToDo(_("“%(title)s” came back with a note") % {"title": edition.title}, url)


def _questionnaires(user: User) -> Iterator[ToDo]:
    # To compare whole documents is dear: only a draft that was touched after the newest version can have news.
    touched = (
        Questionnaire.objects.filter(archived_at=None, draft__isnull=False)
        .annotate(newest_at=Max("versions__published_at"))
        .filter(Q(newest_at=None) | Q(draft__edited_at__gt=F("newest_at")))
    )
    for questionnaire in touched:
        if drafts.has_news(questionnaire):
            named, page = {"key": questionnaire.key}, "change"
            notice = _("The questionnaire “%(key)s” has a draft that is not published")
            if waits_for(questionnaire, user):
                notice, page = _("The draft of “%(key)s” waits for your approval"), "publish"
            yield ToDo(str(notice % named), reverse(f"admin:assessments_questionnaire_{page}", args=[questionnaire.pk]))


def _programs() -> Iterator[ToDo]:
    since = timezone.now() - settings.CAPACITY_FRESH_FOR
    fresh = Capacity.objects.filter(reported_at__gte=since).values("program")
    if number := Program.objects.filter(status=Status.PUBLIC).exclude(pk__in=fresh).count():
        notice = ngettext(
            "%(count)d program has no fresh report of its places",
            "%(count)d programs have no fresh report of their places",
            number,
        )
        url = f"{_list('directory_program')}?report=stale&status__exact={Status.PUBLIC}"
        yield ToDo(notice % {"count": number}, url)


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")
