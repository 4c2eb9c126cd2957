"""Two sets of answers in one browser: each form writes into the answers that it shows, and none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.engine.definition import NOT_SURE
from assessments.models import Response

pytestmark = [pytest.mark.usefixtures("shipped")]
FIRST, START, RESUME = "/assessment/1/", "/assessment/", "/assessment/resume/"


def begin(client: Client, voice: str = "loved") -> Response:
    client.post(START, {"voice": voice})
    return Response.objects.latest("created_at")


def answer(client: Client, response: Response, key: str, given: Any) -> Any:
    return client.post(FIRST, {"of": str(response.pk), "question": key, "answer": given}, follow=True)


@pytest.fixture
def two(client: Client) -> tuple[Response, Response]:
    """The first answered in one tab, the second begun in another."""
    first = begin(client)
    answer(client, first, "danger-now", [""])
    answer(client, first, "self-harm", "none")
    return first, begin(client, "me")


def test_another_tab_that_begins_anew_keeps_the_answers_of_the_first(
    client: Client, two: tuple[Response, Response]
) -> None:
    first, second = two
    answer(client, second, "danger-now", NOT_SURE)
    page = answer(client, first, "violence-home", "no")
    assert page.context["kept"]["of"] == str(first.pk)
    assert set(Response.objects.get(pk=first.pk).answers) == {"danger-now", "self-harm", "violence-home"}
    assert Response.objects.get(pk=second.pk).answers == {"danger-now": NOT_SURE}


def test_the_start_leads_back_to_the_other_answers(client: Client, two: tuple[Response, Response]) -> None:
    first, _second = two
    page = client.get(START)
    assert [one.pk for one, _on in page.context["others"]] == [first.pk]
    assert "Other answers are here, too: for someone you love" in page.content.decode()
    assert "For someone you love, begun" in page.content.decode()
    page = client.post(RESUME, {"of": str(first.pk)}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/3/" and page.context["kept"]["of"] == str(first.pk)


def test_a_set_that_nobody_answered_is_not_offered(client: Client) -> None:
    begin(client)
    begin(client)
    assert client.get(START).context["others"] == []


def test_every_form_says_whose_answers_it_holds(client: Client, two: tuple[Response, Response]) -> None:
    _first, second = two
    for address in (FIRST, "/assessment/keep/", "/assessment/delete/"):
        html = client.get(address).content.decode()
        assert html.count(f'name="of" value="{second.pk}"') == html.split("<main")[1].count('method="post"')


def test_a_form_of_deleted_answers_writes_into_no_others(client: Client, two: tuple[Response, Response]) -> None:
    first, second = two
    client.post("/assessment/delete/", {"of": str(first.pk)})
    page = answer(client, first, "violence-home", "yes")
    assert page.request["PATH_INFO"] == START and "There are no answers here" in page.content.decode()
    assert Response.objects.get().pk == second.pk and not Response.objects.get().answers


def test_nobody_elses_answers_are_opened_by_their_number(client: Client, two: tuple[Response, Response]) -> None:
    stranger = Client()
    begin(stranger)
    answer(stranger, two[0], "violence-home", "yes")
    assert "violence-home" not in Response.objects.get(pk=two[0].pk).answers


def test_a_warning_that_was_seen_is_not_shown_again_for_changing_tabs(client: Client) -> None:
    first = begin(client)
    page = answer(client, first, "danger-now", ["violence"])
    assert page.request["PATH_INFO"].endswith("/safety/")
    client.post("/assessment/safety/", {"of": str(first.pk)})
    begin(client)
    page = client.post(RESUME, {"of": str(first.pk)}, follow=True)
    assert page.request["PATH_INFO"] == "/assessment/2/"
