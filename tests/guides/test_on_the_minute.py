"""What is planned begins and ends at its moment for whoever asks, even if no beat and no worker runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from guides.models import Generation, Guide, GuideEdition, Publication
from guides.publishing import standby
from guides.publishing.cache import page_cache
from guides.publishing.front import PublishedFront
from guides.publishing.search import find
from guides.workflow import stages
from guides.workflow.telling import tell_reviews
from privacy.models import User
from tests.guides.test_front import Passed, ask

pytestmark = pytest.mark.django_db
PATH = "/guides/paying/"


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """A clock that stands at `now` until it is moved."""
    with time_machine.travel(now, tick=False) as traveller:
        page_cache.forget()
        yield traveller


def in_memory(path: str) -> bool:
    """Whether the layer before Django answers for this page."""
    passed = Passed()
    ask(PublishedFront(passed, page_cache), path=path)
    return not passed


def test_a_page_whose_end_has_come_is_gone_everywhere(
    site: None, edition: Any, client: Client, clock: Any, now: datetime
) -> None:
    stages.set_end(edition("paying", "en"), now + timedelta(hours=1), now=now)
    page_cache.forget()
    assert client.get(PATH).status_code == 200 and PATH in client.get("/guides/").content.decode() and in_memory(PATH)
    clock.move_to(now + timedelta(minutes=59, seconds=59))
    assert client.get(PATH).status_code == 200
    clock.move_to(now + timedelta(hours=1))
    assert not in_memory(PATH)
    assert client.get(PATH).status_code == 410 and PATH not in client.get("/guides/").content.decode()
    assert not any(found.path == PATH for found in find("insurance", "en"))
    assert Generation.now()[1] is None and not Publication.objects.filter(path=PATH).exists()


def test_where_it_cannot_be_taken_off_it_is_not_served_either(
    site: None, edition: Any, client: Client, clock: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database takes no writes: neither memory, nor the stored page, nor what stands by answers for it."""
    monkeypatch.setattr(page_cache, "when_due", lambda: None)
    stages.set_end(edition("paying", "en"), now + timedelta(hours=1), now=now)
    page_cache.forget()
    assert standby.fill() and page_cache.standing_by(PATH) is not None and client.get(PATH).status_code == 200
    clock.move_to(now + timedelta(hours=1))
    assert Publication.objects.filter(path=PATH).exists() and not in_memory(PATH)
    assert page_cache.standing_by(PATH) is None and client.get(PATH).status_code == 410


def test_a_scheduled_draft_is_public_from_its_moment_on(
    site: None, edition: Any, client: Client, clock: Any, now: datetime, rewrite: Any, approved: Any, make_user: Any
) -> None:
    paying = approved(rewrite(edition("paying", "en"), title="Newer words"))
    publisher: User = make_user("plans", "Publishers")
    stages.make_move(paying, "schedule", by=publisher, now=now, at=now + timedelta(hours=1))
    page_cache.forget()
    assert "Newer words" not in client.get(PATH).content.decode() and in_memory(PATH)
    clock.move_to(now + timedelta(hours=1))
    assert "Newer words" in client.get(PATH).content.decode()
    assert GuideEdition.objects.get(pk=paying.pk).stage == "published"
    assert "Newer words" in client.get("/guides/").content.decode()


def test_a_review_is_told_before_on_and_after_its_day_and_once_each(site: None, make_user: Any) -> None:
    User.objects.filter(pk=make_user("checks", "Clinical reviewers").pk).update(email="checks@example.org")
    make_user("writes", "Editors")
    Guide.objects.exclude(key="paying").delete()
    due = date(2027, 2, 1)
    days = [due + timedelta(days=day) for day in range(-40, 40)]
    told = [day for day in days if tell_reviews(day)]
    assert told == [due - timedelta(days=30), due, due + timedelta(days=14)] and len(mail.outbox) == 3
    assert mail.outbox[0].to == ["checks@example.org"] and "Paying for care" in mail.outbox[0].body
    Guide.objects.update(review_due=due + timedelta(days=365))
    assert not tell_reviews(due + timedelta(days=20)) and tell_reviews(due + timedelta(days=340))


def test_the_to_do_list_names_reviews_that_come_near(site: None, publisher: Client) -> None:
    Guide.objects.update(review_due=timezone.localdate() + timedelta(days=29))
    assert "?review=soon" in publisher.get("/admin/").content.decode()
    pages = {which: f"/admin/guides/guide/?review={which}" for which in ("soon", "near", "due")}
    listed = [which for which, page in pages.items() if "Staying there" in publisher.get(page).content.decode()]
    assert listed == ["soon", "near"]
