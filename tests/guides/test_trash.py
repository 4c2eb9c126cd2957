"""What is deleted lies in the trash for thirty days and comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guides import outgoing, trash
from guides.models import GlossaryTerm, Guide, GuideEdition, LevelOfCare, OpenDraft, StoredFile, Trashed
from guides.workflow.library import key_of
from privacy.models import User
from tests.guides.conftest import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TRASH = "/admin/guides/trashed/"
NOW = datetime(2026, 11, 30, 2, 23, tzinfo=UTC)


def rows() -> dict[str, Any]:
    return {
        "guide": Guide.objects.get(key="paying"),
        "edition": GuideEdition.objects.get(guide__key="staying", language="es"),
        "file": StoredFile.objects.get(key=key_of(PDF)),
        "word": GlossaryTerm.objects.get(),
        "level": LevelOfCare.objects.get(slug="php"),
    }


@pytest.mark.parametrize("name", ["guide", "edition", "file", "word", "level"])
def test_what_was_deleted_comes_back_as_it_was(drafts: None, name: str, now: datetime) -> None:
    before = outgoing.exported()
    kept = trash.delete(rows()[name], by=None, now=now)
    assert outgoing.exported() != before
    trash.restore(kept, by=None, now=now)
    assert outgoing.exported() == before and not Trashed.objects.exists()


def test_deleting_in_the_admin_fills_the_trash(drafts: None, publisher: Client) -> None:
    guide = Guide.objects.get(key="staying")
    publisher.post(reverse("admin:guides_guide_delete", args=[guide.pk]), {"post": "yes"})
    assert not Guide.objects.filter(key="staying").exists()
    page = publisher.get(TRASH).content.decode()
    assert "Staying there" in page and "publisher" in page
    publisher.post(TRASH, {"row": str(Trashed.objects.get().pk)})
    assert Guide.objects.get(key="staying").editions.count() == 2


def test_several_deleted_at_once_go_to_the_trash(drafts: None, publisher: Client) -> None:
    word = GlossaryTerm.objects.get()
    chosen = {"action": "delete_selected", "_selected_action": [str(word.pk)], "post": "yes"}
    publisher.post(reverse("admin:guides_glossaryterm_changelist"), chosen)
    assert not GlossaryTerm.objects.exists() and Trashed.objects.get().label == "Withdrawal"


def test_what_stands_in_its_place_is_named(drafts: None, publisher: Client, now: datetime) -> None:
    kept = trash.delete(rows()["edition"], by=None, now=now)
    other = GuideEdition.objects.get(guide__key="paying", language="es")
    GuideEdition.objects.filter(pk=other.pk).update(slug="vivir-alli")
    answer = publisher.post(TRASH, {"row": str(kept.pk)}, follow=True)
    assert "Another guide has the address “vivir-alli” by now." in answer.content.decode()
    assert Trashed.objects.filter(pk=kept.pk).exists()


def test_after_thirty_days_it_is_gone_for_good(drafts: None, now: datetime) -> None:
    trash.delete(rows()["word"], by=None, now=now)
    assert trash.forget_old(now + timedelta(days=29)) == 0
    assert trash.forget_old(now + timedelta(days=31)) == 1


def test_only_who_may_edit_guides_restores(drafts: None, make_user: Any, sign_in: Any, now: datetime) -> None:
    kept = trash.delete(rows()["word"], by=None, now=now)
    assert sign_in(make_user("nav", "Navigators")).post(TRASH, {"row": str(kept.pk)}).status_code == 403
    assert Trashed.objects.exists()


def test_both_pages_that_ask_before_deleting_tell_of_the_trash(drafts: None, publisher: Client) -> None:
    guide = Guide.objects.get(key="staying")
    OpenDraft.objects.create(
        edition=guide.editions.all()[0], user=User.objects.get(username="publisher"), active_at=NOW
    )
    one = publisher.get(reverse("admin:guides_guide_delete", args=[guide.pk])).content.decode()
    asked = {"action": "delete_selected", "_selected_action": [guide.pk]}
    several = publisher.post(reverse("admin:guides_guide_changelist"), asked).content.decode()
    for page in (one, several):
        assert "the trash for 30 days" in page and "Staying there" in page
        assert f"{NOW:%Y-%m-%d %H:%M}" not in page  # who has the page open is nothing that is lost
