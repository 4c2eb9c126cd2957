"""Asking for help in short steps: forth and back without loss, one topic a page, and never a dead end."""

from __future__ import annotations

import html
from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from assessments.demo import load
from assessments.models import Response
from directory.models import Program, ServiceArea
from portal.forms.asking import AskForm
from portal.views.asking_steps import ASKING, STEPS
from portal.views.own import our_hours
from referral.handoffs import hand_offs
from referral.hours import OFFICE, Work
from referral.models import ConsentWording, Referral

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now", "rows"), pytest.mark.slow]
GIVEN: list[dict[str, Any]] = [
    {"relation": "loved_one", "concern": "substance_use", "age": "adult"},
    {"contact_name": "Rosa Sample", "patient_name": "Leo", "zip_code": "91101", "language": "es"},
    {"phone": "626-555-0142", "by_text": "on", "times": ["evening", "weekend"], "voicemail": "no"},
    {"message": "He is shaking."},
    {"share": "on", "signed_name": "Rosa Sample"},
]


def send(client: Client, number: int, **changed: Any) -> Any:
    return client.post(f"/referral/step/{number}/", {**GIVEN[number - 1], **changed})


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_five_short_steps_open_one_request() -> None:
    client = Client()
    assert "Step 1 of 5" in words(client.get("/referral/"))
    for number in range(1, 5):
        assert send(client, number).headers["Location"] == f"/referral/step/{number + 1}/"
    assert send(client, 5).headers["Location"] == "/referral/thanks/"
    referral = Referral.objects.get()
    assert (referral.contact.name, referral.patient.name, referral.message) == ("Rosa Sample", "Leo", "He is shaking.")
    assert (referral.contact.times, referral.contact.channels()) == (["evening", "weekend"], ["sms"])
    assert referral.consents.get().signed_name == "Rosa Sample"
    assert ASKING not in client.session


def test_going_back_loses_nothing_and_needs_nothing() -> None:
    client = Client()
    for number in (1, 2):
        send(client, number)
    back = client.post("/referral/step/3/", {"phone": "626", "back": "1"})
    assert back.headers["Location"] == "/referral/step/2/"
    assert 'value="Rosa Sample"' in words(client.get("/referral/step/2/"))
    assert 'value="626"' in words(client.get("/referral/step/3/"))


def test_each_step_tells_its_own_faults_alone() -> None:
    client = Client()
    faulty = send(client, 1, relation="")
    page = words(faulty)
    assert faulty.status_code == 422 and "Please say who this is for." in page and "ZIP code" not in page
    send(client, 1)
    faulty = send(client, 3, by_text="", phone="12")
    assert "does not look like a phone number" in words(faulty) and 'value="12"' in words(faulty)


def test_a_step_that_was_left_out_is_shown_before_anything_is_sent() -> None:
    client = Client()
    send(client, 1)
    send(client, 3)
    assert send(client, 5).headers["Location"] == "/referral/step/2/"
    assert not Referral.objects.exists()


def test_an_unchecked_box_is_unchecked_and_a_number_that_is_none_leads_to_the_start() -> None:
    client = Client()
    send(client, 3, by_email="on", email="rosa@example.org")
    send(client, 3)
    assert "by_email" not in client.session[ASKING]
    assert client.get("/referral/step/9/").headers["Location"] == "/referral/"


def test_what_was_typed_ends_with_the_browser() -> None:
    client = Client()
    send(client, 1)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert "Rosa" not in words(Client().get("/referral/step/2/"))


def test_asking_again_leads_to_the_open_request() -> None:
    client = Client()
    for number in range(1, 6):
        send(client, number)
    page = words(client.get("/referral/"))
    assert "You have already sent us a request" in page and Referral.objects.get().public_code in page


def test_the_hidden_box_is_shown_once_more_and_then_sent() -> None:
    client = Client()
    for number in range(1, 5):
        send(client, number)
    again = send(client, 5, website="http://example.org")
    assert again.status_code == 422 and "a hidden box was filled in" in words(again)
    assert send(client, 5, again="on").headers["Location"] == "/referral/thanks/"
    assert Referral.objects.get().unusual


def test_a_family_outside_the_area_gets_a_national_hand_off() -> None:
    assert ServiceArea.objects.exists()
    client = Client()
    for number in range(1, 6):
        send(client, number, **({"zip_code": "10001"} if number == 2 else {}))
    for path in ("/referral/thanks/", "/status/"):
        page = words(client.get(path))
        assert "https://findtreatment.gov" in page and "1-800-662-4357" in page and 'href="tel:988"' in page
    assert "De todos modos leemos su solicitud" in words(client.get("/es/referral/thanks/"))


def test_where_no_program_was_found_the_page_is_no_dead_end() -> None:
    client = Client()
    for number in range(1, 6):
        send(client, number)
    assert "findtreatment" not in words(client.get("/status/"))
    Referral.objects.update(status="closed", closing="no_program")
    assert "We did not find a program." in words(client.get("/status/"))


def test_lines_of_a_state_come_first_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"key": "x", "url": "", "phone": "1", "states": ["NY"], "en": {"name": "A line of the state", "what": "x"}}
    everywhere = {**row, "states": [], "en": {"name": "All", "what": ""}}
    monkeypatch.setattr("referral.handoffs._rows", lambda: [everywhere, row])
    assert [each.name for each in hand_offs("NY", "es")] == ["A line of the state", "All"]
    assert [each.name for each in hand_offs("CA", "en")] == ["All"]


def test_every_field_of_the_form_stands_in_one_step() -> None:
    asked = [name for _name, _heading, names in STEPS for name in names]
    assert sorted(asked) == sorted(set(AskForm.base_fields) - {"key"})


def test_who_lives_outside_the_area_hears_it_before_sending() -> None:
    client, line = Client(), "You live outside the area that we know best."
    for number in (1, 2):
        send(client, number)
    assert line not in words(client.get("/referral/step/3/"))
    send(client, 2, zip_code="10001")
    assert line in words(client.get("/referral/step/3/"))


def test_a_promise_is_one_hour_on_one_clock_that_is_named() -> None:
    client, promise = Client(), "by 5:00 p.m. on Thursday, Mar 5 (Pacific Time)"
    assert promise in words(client.get("/referral/"))
    for number in range(1, 6):
        send(client, number, **({"zip_code": "10001", "times": []} if number in (2, 3) else {}))
    assert f"{promise[1:]}, and only in the ways you chose." in words(client.get("/referral/thanks/"))
    assert promise in words(client.get("/status/"))


def test_thanks_speaks_of_a_consent_only_to_who_signed() -> None:
    for share, line in (("on", "You signed a consent, so we ask"), ("", "We help you choose which programs to call.")):
        client = Client()
        for number in range(1, 6):
            send(client, number, **({"share": share, "message": share} if number in (4, 5) else {}))
        assert line in words(client.get("/referral/thanks/"))


def test_another_zip_code_on_the_own_page_moves_the_request_there() -> None:
    client, line = Client(), "You live outside the area that we know best."
    for number in range(1, 6):
        send(client, number, **({"zip_code": "10001"} if number == 2 else {}))
    assert line in words(client.get("/status/"))
    near = {"phone": "626-555-0142", "by_text": "on", "zip_code": "91101", "language": "en", "voicemail": "no"}
    assert client.post("/status/reach/", near).status_code == 302
    assert line not in words(client.get("/status/")) and Referral.objects.get().service_area is not None


def test_the_own_page_names_the_pause_outside_any_fold() -> None:
    client = Client()
    for number in range(1, 6):
        send(client, number)
    page = words(client.get("/status/"))
    folded = page[page.index("<summary>How we reach you") : page.index("Pause messages, or choose days and hours")]
    assert folded.count("<details") + 1 == folded.count("</details>")


@pytest.mark.parametrize("address", ["/r/unknown/", "/status/"])
def test_no_page_offers_a_call_twice(address: str, settings: Any) -> None:
    page = words(Client().get(address))
    assert page.lower().count("call us") == 1


def test_what_was_said_stands_there_to_be_checked_before_sending() -> None:
    client = Client()
    for number in range(1, 5):
        send(client, number)
    page = words(client.get("/referral/step/5/"))
    shown = page[page.index("Check before you send") :]
    for said in (
        "Someone I love",
        "Rosa Sample",
        "Leo",
        "91101",
        "626-555-0142",
        "Evening",
        "He is shaking.",
        ">text<",
    ):
        assert said.lower() in shown.lower(), said
    assert 'href="/referral/step/3/"' in shown and "loved_one" not in shown
    assert "Check before you send" not in words(client.get("/referral/step/4/"))


def test_nothing_of_calls_is_shown_to_who_gave_no_phone() -> None:
    client = Client()
    mailed = {"phone": "", "email": "rosa@example.org", "by_email": "on", "voicemail": "no"}
    for number in range(1, 5):
        client.post(f"/referral/step/{number}/", mailed if number == 3 else GIVEN[number - 1])
    page = words(client.get("/referral/step/5/"))
    assert "rosa@example.org" in page and "If no one answers" not in page and "When may we call?" not in page


def test_the_program_where_it_began_stands_in_the_request() -> None:
    program = Program.objects.public().earliest("pk")
    client = Client()
    shown = words(client.get(program.get_absolute_url()))
    asking = f"/referral/?program={program.slug}"
    assert asking in shown and f'name="program" value="{program.slug}"' in words(client.get(asking))
    client.post("/referral/step/1/", {**GIVEN[0], "program": program.slug})
    for number in (2, 3):
        send(client, number)
    assert f"I looked at this program: {program}." in words(client.get("/referral/step/4/"))
    assert f"I looked at this program: {program}." in words(client.get(asking + "&all=1"))
    assert "I looked at" not in words(client.get("/referral/?all=1&program=no%00ne"))


def test_consent_says_that_no_answers_are_in_it_and_our_hours_stand_by_the_phone() -> None:
    page = words(Client().get("/referral/?all=1"))
    assert "From here we share no answers to the questions about care." in page
    with override("en"):
        assert our_hours(Work("America/Los_Angeles", OFFICE)) == (
            "Monday to Friday, 9:00 a.m. to 5:00 p.m. (Pacific Time)"
        )
        some = Work("America/Los_Angeles", {0: (time(9), time(12)), 5: (time(9), time(12))})
        assert our_hours(some).startswith("Monday, 9:00 a.m. to 12:00 p.m.; Saturday, 9:00 a.m. to 12:00 p.m.")


def test_which_of_two_sets_of_answers_goes_along_is_chosen(now: datetime) -> None:
    load(now)
    client = Client()
    for voice in ("loved", "me"):
        client.post("/assessment/", {"voice": voice})
        client.post("/assessment/1/", {"question": "danger-now", "answer": [""]})
    Response.objects.update(determination={"level": "iop", "range": None, "safety": []})
    other = Response.objects.get(voice="loved")
    for number in (1, 2, 3):
        send(client, number)
    for path in ("/referral/step/4/", "/referral/?all=1"):
        page = words(client.get(path))
        assert "The answers for you, begun" in page and "The answers for someone you love, begun" in page
        assert "checked" not in str(client.get(path).content).split("answers_of")[1][:200]
    assert send(client, 4, share_answers="on", answers_of="nobody's").status_code == 422
    assert "Choose which answers go along" in words(send(client, 4, share_answers="on"))
    send(client, 4, share_answers="on", answers_of=str(other.pk))
    assert "The answers for someone you love, begun" in words(client.get("/referral/step/5/"))
    send(client, 5)
    assert Referral.objects.get().response_id == other.pk


def test_the_words_of_consent_speak_of_answers_only_with_a_box() -> None:
    for language, said in (("en", "only if there is a box for them"), ("es", "solo si donde firmo hay una casilla")):
        wording = ConsentWording.objects.current("share", language)
        assert wording.version == 3 and said in wording.body
        assert "what I told you" not in wording.label and "lo que les conté" not in wording.label
