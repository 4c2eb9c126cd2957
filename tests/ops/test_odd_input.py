"""Every form of every page, for everybody who may see it, is sent what no form should hold: none breaks."""

from __future__ import annotations

import gc
import logging
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize
from time_machine import travel

from assessments import demo as questionnaires
from directory.models import Program
from guides.workflow import actions as guide_actions
from messaging.letter import choices_url
from messaging.models import Message
from privacy.models import SecretLink
from referral.actions.common import FAMILY, Actor
from referral.actions.followups import check_in_now
from referral.actions.intake import open_referral
from referral.actions.referrals import take
from referral.actions.sending import send_to_program
from referral.actions.tasks import add_task
from referral.models import CheckInLink, FamilyLink, ProgramLink
from tests.conftest import SharedDb, staff_account
from tests.guides.conftest import publish_all
from tests.ops.forms import Form, Pairs, encoded, forms_of
from tests.referral.conftest import an_ask, make_rows
from tests.referral.desks import at_the_desk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STAFF: dict[str, list[str]] = {
    "navigator": ["Navigators"],
    "supervisor": ["Supervisors"],
    "editor": ["Editors"],
    "superuser": [],
}
# What a database refuses does not depend on who sent it: each of the staff is tried on one of the two, and who sees
# every page of the admin, those of publishers too, on the one that refuses more, as are odd addresses.
REFUSES_MORE = connection.vendor == "postgresql"
TRIED = ["supervisor", "superuser"] if REFUSES_MORE else ["navigator", "editor"]
ROLES = ["anonymous", "family", "check-in", "program", "desk", "receiver", *TRIED]
LOOKING = ["anonymous", "superuser"] if REFUSES_MORE else ["navigator"]
NESTED = '\ud800 👩‍👩‍👧‍👦 {"a": [null, {"b": "c"}]}'
# What is written into every field that takes words, while all others are as they should be: it gets far.
WORDS = NESTED * 20
# What the fields with a choice, a number or a day hold, while the words are as they should be.
CHOSEN = {
    "date": "9999-12-31",
    "datetime-local": "0001-01-01T00:00",
    "time": "99:99",
    "number": "-1",
    "hidden": "-1",
    "checkbox": "9" * 30,
    "radio": "\0",
    "select": "9" * 30,
    "file": NESTED,
}
# The last minute of the calendar: in UTC it is over.
LAST = "9999-12-31T23:59"
# What stands in all fields at once, also in those that nobody sees, in each a different one, by turns.
TURNS = ["\0", NESTED, "9" * 400]
QUERY = ["q", "page", "p", "o", "e", "all", "term", "field_name", "app_label", "model_name", "next", "zip", "version"]
ODD = ("\0\ud800", "9" * 40)
PARTS = ("%00", "%ED%A0%80", "9" * 40, "[1]")
LONG = 1_000_000
# How many forms that are sent to the same sort of place are tried: they differ in the question that they ask, or in
# their number of rows.
OF_A_PLACE = 4
# Where an account makes a difference: all other pages are tried by those who have none.
GUARDED = ("/staff/", "/admin/", "/accounts/")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
MODELS = {model._meta.label_lower: model for model in apps.get_models()}
FINE_IF_DOWN = ("/readyz", "/healthz", "/metrics")


@dataclass
class Visitor:
    """Somebody who looks at pages and sends forms. Nothing that they send stays."""

    role: str
    client: Client
    asked: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def of_a_sort(self) -> int:
        """How many pages of a sort are looked at: staff have lists, whose rows lead to the same forms."""
        return 1 if self.role in STAFF else 3

    def may_differ_at(self, path: str) -> bool:
        """Whether they may find another page there than everybody."""
        return self.role not in STAFF or path.startswith(GUARDED)

    def ask(self, path: str, body: str | None = None) -> Any:
        cookies = copy(self.client.cookies)
        cache.clear()
        self.asked += 1
        with transaction.atomic():
            if body is None:
                answer: Any = self.client.get(path)
            else:
                answer = self.client.post(path, body, content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        self.client.cookies = cookies
        if answer.status_code >= 500 and not path.startswith(FINE_IF_DOWN):
            error = getattr(answer, "exc_info", None)
            self.broken.append(
                f"{self.role} {path[:150]} {(body or '')[:200]}: {answer.status_code} {error and error[1]!r}"
            )
        return answer

    def send(self, form: Form, values: Pairs) -> Any:
        if form.method == "post":
            return self.ask(form.target, encoded(values))
        return self.ask(f"{form.target.partition('?')[0]}?{encoded(values)}")

    def look(self, path: str) -> str:
        return page_of(self.ask(path))

    def told(self) -> str:
        return "\n".join(sorted(set(self.broken)))

    def try_form(self, form: Form, *, briefly: bool) -> list[Form]:
        """Send one form with every sort of oddness, in few requests; return the forms that a good one leads to.

        `briefly` is for a form that somebody else has tried: whether it is understood depends little on who sends it.
        """
        self.send(form, form.filled(**form.by_turns(TURNS, 0)))
        if briefly:
            return []
        found = forms_of(form.target, page_of(self.send(form, form.filled())))
        for turn in range(1, len(TURNS)):
            self.send(form, form.filled(**form.by_turns(TURNS, turn)))
        written = [name for name, control in form.controls.items() if control.is_written]
        if written:
            self.send(form, form.filled(**dict.fromkeys(written, WORDS)))
            if form.method == "post":
                self.send(form, form.filled(**dict.fromkeys(written, "x" * (LONG // len(written)))))
        chosen = {name: CHOSEN[control.kind] for name, control in form.controls.items() if control.kind in CHOSEN}
        if chosen:
            self.send(form, form.filled(**chosen))
        if late := {name: LAST for name, control in form.controls.items() if control.kind == "datetime-local"}:
            self.send(form, form.filled(**late))
        self.send(form, [*form.filled(), *form.filled(**dict.fromkeys(form.controls, "2")), *form.filled()])
        return found


def page_of(answer: Any) -> str:
    is_page = not answer.streaming and "html" in answer.headers.get("Content-Type", "")
    return answer.content.decode() if is_page else ""


def addresses(plausible: dict[str, Any], odd: str = "") -> list[str]:
    """An address for each pattern of the resolver, with what its parameters may be here, or with something odd."""
    found: dict[str, None] = {}
    for route in _routes(get_resolver()):
        known = {**plausible, **row_of(route)}
        path = PARAMETER.sub(lambda name, known=known: odd or str(known.get(name[1], "1")), route)  # type: ignore[misc]
        if not odd or "<" in route:
            found["/" + path.lstrip("/")] = None
    return list(found)


def is_at_home(role: str, path: str) -> bool:
    """Whether this is who finds most at an address; others are sent away from it, or find the same."""
    if path.startswith("/admin/"):
        return role == "superuser"
    return role == ("navigator" if path.startswith("/staff/") else "anonymous")


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each, before + str(each.pattern))
        elif isinstance(each.pattern, RegexPattern):
            ((form, names), *_others) = normalize(str(each.pattern))
            yield before + form % {name: f"<{name}>" for name in names}
        else:
            yield before + str(each.pattern)


def row_of(route: str) -> dict[str, Any]:
    """The key of the first row of the model that an address of the admin is about, under each name that it may have."""
    found = re.match(r"admin/(\w+)/(\w+)/", route)
    if not found or f"{found[1]}.{found[2]}" not in MODELS:
        return {}
    row = MODELS[f"{found[1]}.{found[2]}"]._base_manager.values_list("pk", flat=True).first()
    return dict.fromkeys(("object_id", "id", "pk"), row) if row else {}


def walk(visitor: Visitor, begin: list[str]) -> list[Form]:
    """Look at these pages and those that they lead to, a few of each sort; return each sort of form once."""
    waiting, seen, sorts = deque(begin), set(begin), Counter[str]()
    forms: dict[tuple[str, ...], Form] = {}
    while waiting:
        path = waiting.popleft()
        page = visitor.look(path)
        for form in forms_of(path, page):
            forms.setdefault(form.key, form)
        for link in re.findall(r'href="(/[^"?#]*)', page):
            if link not in seen and not link.startswith(("/static/", "/es/")) and visitor.may_differ_at(link):
                seen.add(link)
                sort = sort_of(link)
                sorts[sort] += 1
                if (
                    sort
                    and sorts[sort] <= visitor.of_a_sort
                    and (visitor.role not in STAFF or link.startswith(GUARDED))
                ):
                    waiting.append(link)
    return list(forms.values())


def sort_of(path: str) -> str:
    try:
        return resolve(path).route
    except Resolver404:
        return ""


@pytest.fixture(scope="module")
def world(shared_db: SharedDb, now: datetime) -> Iterator[dict[str, Any]]:
    """Something of everything, so that pages have forms."""
    with shared_db(), travel(now, tick=False):
        make_rows(now)
        questionnaires.load(now)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(guide_actions, "BEST", 4)
            publish_all(now)
        people = {
            role: staff_account(f"the-{role}", *groups, is_superuser=not groups) for role, groups in STAFF.items()
        }
        nora = Actor.of(people["navigator"])
        referral = take(open_referral(an_ask(), actor=FAMILY, now=now).pk, actor=nora, now=now)
        open_referral(an_ask(email="new@example.org", phone="+16265550177"), actor=FAMILY, now=now)
        placement = send_to_program(referral.pk, Program.objects.public().earliest("pk"), ["need"], actor=nora, now=now)
        followup = check_in_now(referral.pk, actor=nora, now=now)
        add_task(referral.pk, kind="other", due_at=now, text="Look", urgent=False, actor=nora, now=now)
    yield {"people": people, "referral": referral, "placement": placement, "followup": followup}


@pytest.fixture
def visitor(role: str, world: dict[str, Any], now: datetime, sign_in: Callable[[Any], Client]) -> Iterator[Visitor]:
    """Whoever is in this role, signed in or come by their link."""
    with travel(now, tick=False):
        if role in STAFF:
            client = sign_in(world["people"][role])
        else:
            client = at_the_desk(world["placement"], now) if role == "desk" else Client()
            if link := secret_link(role, world, now):
                assert client.get(link).status_code == 302
            else:
                client.post("/assessment/", {"voice": "me"})
        client.raise_request_exception = False
        yield Visitor(role, client)


def secret_link(role: str, world: dict[str, Any], now: datetime) -> str:
    if role == "receiver":
        return choices_url(Message.objects.exclude(address_index="").earliest("pk")).removeprefix(settings.BASE_URL)
    kinds: dict[str, tuple[type[SecretLink], str, dict[str, Any]]] = {
        "family": (FamilyLink, "r", {"referral": world["referral"]}),
        "check-in": (CheckInLink, "c", {"followup": world["followup"]}),
        "program": (ProgramLink, "p", {"placement": world["placement"]}),
    }
    if role not in kinds:
        return ""
    kind, prefix, opens = kinds[role]
    _row, token = kind.mint(now=now, expires_at=now + timedelta(days=1), **opens)
    return f"/{prefix}/{token}/"


@pytest.fixture(scope="module")
def tried() -> set[tuple[str, ...]]:
    """The forms that somebody has tried in full."""
    return set()


@pytest.fixture
def quiet() -> Iterator[None]:
    """Nothing is logged."""
    logging.disable(logging.CRITICAL)
    gc.freeze()  # what all tests share need not be looked through again and again
    yield
    gc.unfreeze()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("role", ROLES)
def test_no_form_breaks_on_odd_input(
    visitor: Visitor, world: dict[str, Any], tried: set[tuple[str, ...]], quiet: None
) -> None:
    known = {"pk": world["referral"].pk, "slug": "paying", "section": "questions", "app_label": "guides"}
    begin = [path for path in addresses(known) if visitor.may_differ_at(path)]
    forms = {form.key: form for form in walk(visitor, begin)}
    waiting, tries = deque(forms.values()), Counter[tuple[str, ...]]()
    while waiting:
        form = waiting.popleft()
        tries[form.place] += 1
        if tries[form.place] > OF_A_PLACE:
            continue
        for found in visitor.try_form(form, briefly=form.key in tried or tries[form.place] > 1):
            if found.key not in forms:
                forms[found.key] = found
                waiting.append(found)
    tried.update(forms)
    assert forms
    assert not visitor.broken, visitor.told()


@pytest.mark.parametrize("role", LOOKING)
def test_no_address_breaks_on_odd_parameters(visitor: Visitor, world: dict[str, Any], quiet: None) -> None:
    """With each odd value for who is at home there; for others with one, the next for the next address."""
    for turn, odd in enumerate(PARTS):
        for place, path in enumerate(addresses({}, odd)):
            if is_at_home(visitor.role, path) or (place + turn) % len(PARTS) == 0:
                visitor.ask(path)
    assert visitor.asked > 100
    assert not visitor.broken, visitor.told()


@pytest.mark.parametrize("role", LOOKING)
def test_no_page_breaks_on_an_odd_query(visitor: Visitor, world: dict[str, Any], quiet: None) -> None:
    """With both odd values where a list may be; for a page about one row, and for others, with each by turns."""
    known = {"pk": world["referral"].pk, "slug": "paying"}
    for place, path in enumerate(addresses(known)):
        is_list = is_at_home(visitor.role, path) and not re.search(r"/\d+/", path)
        for turn in (0, 1) if is_list else (place % 2,):
            visitor.ask(f"{path}?{encoded([(name, ODD[turn]) for name in QUERY])}")
    assert visitor.asked > 100
    assert not visitor.broken, visitor.told()
