"""What a family answered decides the words of later questions; who may not see answers reads no sign of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE
from assessments.family.result.page import result
from assessments.family.warnings import opening
from assessments.models import Response
from tests.assessments.test_result_page import DRINKING, shown
from tests.assessments.test_result_page import guided as guided  # the fixtures of the result page
from tests.assessments.test_result_page import guided_rows as guided_rows
from tests.assessments.test_safety_page import first_page_for

pytestmark = [pytest.mark.usefixtures("guided"), pytest.mark.slow, pytest.mark.any_database]

PILLS = ("sleep pills", "GHB", "pregabalin")


def asked(client: Client, substances: Any) -> str:
    """The question of how often, after these substances."""
    client.post("/assessment/", {"voice": "loved"})
    page = first_page_for(client, "substances", substances=substances)
    assert page.context["form"].asked.key == "drink-often"
    return f"{page.context['form']['answer'].label} {page.content.decode()}"


def test_each_family_is_asked_about_what_it_named(client: Client) -> None:
    drinks, pills, both = (asked(client, named) for named in (["alcohol"], ["sedatives"], ["alcohol", "sedatives"]))
    assert "how often did they drink, as far as you know?" in drinks and not [one for one in PILLS if one in drinks]
    assert "how often did they take anxiety or sleep pills" in pills and "did they drink" not in pills
    assert "how often did they drink, or take anxiety or sleep pills" in both
    assert "how often did they drink, or take" in asked(client, NOT_SURE)


def test_warnings_and_reasons_speak_of_what_was_named(client: Client) -> None:
    page = shown(client, {**DRINKING, "drink-often": "daily", "stopping": "moderate"})
    told = [*page.context["urgent"]["texts"], *page.context["plan"].today]
    told += [reason.text for reason in page.context["why"].first]
    assert any("drink every day" in words for words in told) and any("a lot of alcohol" in words for words in told)
    assert not [words for words in told if any(one in words for one in PILLS)]


def test_a_reader_without_the_answers_reads_the_words_for_everybody(client: Client) -> None:
    shown(client, {**DRINKING, "drink-often": "daily", "stopping": "moderate"})
    response = Response.objects.get()
    outcome = response.outcome()
    page = result(response, outcome, "en", words_follow=False)
    told = [reason.text for reason in page["why"].first] + opening(response, outcome, "en")["urgent"]["texts"]
    assert any("alcohol or pills" in words for words in told) and any("GHB every day" in words for words in told)
