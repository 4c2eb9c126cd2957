"""The phone rings: what is typed is kept, the same family is shown, and consent is recorded as it was given."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.models import Program
from messaging.letter import Letter
from messaging.models import Permission
from privacy.models import AccessEvent
from referral.actions.common import NotCovered
from referral.actions.drafts import KEPT_FOR, forget_old
from referral.actions.placements import accept_placement
from referral.actions.sending import send_to_program
from referral.models import Consent, ConsentWording, Disclosure, IntakeDraft, Referral, TimelineEntry
from referral.timeline import for_staff
from workspace.correct_form import CorrectForm

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW, SAVE = "/staff/new/", "/staff/new/save/"
CALL = {
    "relation": "self",
    "contact_name": "Marco Sample",
    "phone": "626-555-0199",
    "birth_year": "1988",
    "concern": "substance_use",
    "urgency": "soon",
    "zip_code": "91101",
    "language": "en",
    "by_phone": "on",
    "voicemail": "no",
    "method": "none",
    "mine": "on",
}
SAID = {
    "method": "verbal",
    "read_in": "en",
    "read_aloud": "on",
    "signed_name": "Marco Sample",
    "signed_as": "self",
    "categories": ["contact"],
    "witness": "Sam Supervisor",
}


def typed(**more: Any) -> dict[str, Any]:
    return {**CALL, "key": str(uuid.uuid4()), **more}


@pytest.fixture
def call(rows: None, staff: Client) -> Callable[..., Any]:
    return lambda **more: staff.post(NEW, typed(**more))


def test_a_call_opens_a_referral_that_is_mine(call: Callable[..., Any], navigator: Any) -> None:
    answer = call(referrer="Dr. Sample, clinic, 626-555-0100", message="He wants to stop.")
    referral = Referral.objects.get()
    assert answer.status_code == 302 and answer.headers["Location"].endswith(f"/staff/referral/{referral.pk}/")
    assert (referral.assigned_to, referral.status, referral.urgency) == (navigator, "active", "soon")
    assert (referral.patient.birth_year, referral.patient.age, referral.patient.name) == (
        "1988",
        "adult",
        "Marco Sample",
    )
    assert referral.referrer.startswith("Dr. Sample")
    assert not referral.consents.exists()
    first = referral.timeline.earliest("pk")
    assert for_staff(first) == "Opened from a call. May be reached by: phone. Someone else called for the family."


@pytest.mark.parametrize(
    ("referrer", "subject"), [("", "Thank you for calling"), ("A school", "We received your request")]
)
def test_whoever_called_is_thanked_and_not_told_that_it_was_received(
    call: Callable[..., Any], post: Callable[..., list[Letter]], referrer: str, subject: str
) -> None:
    call(by_email="on", by_text="", by_phone="", email="rosa@example.org", referrer=referrer)
    assert [each.content.subject for each in post(timezone.now())] == [subject]


def test_what_is_typed_is_kept_as_a_draft_and_comes_back(rows: None, staff: Client) -> None:
    key = str(uuid.uuid4())
    staff.post(SAVE, {"key": key, "contact_name": "Mar", "phone": "62", "times": ["evening"]})
    page = staff.get(f"{NEW}?draft={key}").content.decode()
    assert 'value="Mar"' in page and 'value="62"' in page and "Draft saved:" in page
    assert "Mar" in staff.get(NEW).content.decode()  # it stands in the list of one's drafts


def test_a_draft_stands_in_its_address_and_not_in_the_list_beside_itself(rows: None, staff: Client) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    htmx = {"HX-Request": "true"}
    staff.post(SAVE, {"key": first, "contact_name": "Marco"})
    answer = staff.post(SAVE, {"key": second, "contact_name": "Rosa"}, headers=htmx)
    assert answer["HX-Replace-Url"] == f"{NEW}?draft={second}"
    assert f"draft={first}" in answer.content.decode() and second not in answer.content.decode()
    page = staff.get(answer["HX-Replace-Url"]).content.decode()
    assert f'name="key" value="{second}" data-kept' in page and f'href="{NEW}?draft={second}"' not in page


def test_a_draft_belongs_to_whoever_types_it(
    rows: None, staff: Client, make_user: Callable[..., Any], sign_in: Callable[[Any], Client]
) -> None:
    key = str(uuid.uuid4())
    staff.post(SAVE, {"key": key, "contact_name": "Marco"})
    other = sign_in(make_user("olga", "Navigators"))
    assert "Marco" not in other.get(f"{NEW}?draft={key}").content.decode()
    other.post(SAVE, {"key": key, "contact_name": "Olga"})
    other.post(SAVE, {"key": key, "discard": "1"})
    assert IntakeDraft.objects.get().typed["contact_name"] == ["Marco"]


def test_a_refused_call_keeps_all_that_was_typed(call: Callable[..., Any]) -> None:
    answer = call(zip_code="", by_phone="")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Enter the ZIP code" in page and 'value="Marco Sample"' in page
    assert IntakeDraft.objects.count() == 1 and not Referral.objects.exists()


def test_a_draft_opens_one_referral_and_is_gone(rows: None, staff: Client) -> None:
    sent = typed()
    staff.post(SAVE, sent)
    for _again in range(2):
        assert staff.post(NEW, sent).status_code == 302
    assert Referral.objects.count() == 1 and not IntakeDraft.objects.exists()
    staff.post(SAVE, sent)  # what was still on its way
    assert not IntakeDraft.objects.exists()


@pytest.mark.parametrize(
    ("known", "sign"),
    [
        ({"phone": "(626) 555-0142"}, "Same phone"),
        ({"email": "ROSA@example.org"}, "Same email"),
        ({"contact_name": "rosa sample"}, "Same name"),
    ],
)
def test_the_same_family_shows_while_typing(
    make_referral: Callable[..., Referral], staff: Client, navigator: Any, known: dict[str, str], sign: str
) -> None:
    referral = make_referral()
    sent = {"key": str(uuid.uuid4()), **known}
    for _twice in range(2):
        beside = staff.post(SAVE, sent, headers={"HX-Request": "true"}).content.decode()
        assert sign in beside and referral.public_code in beside and "Open this one" in beside
    assert AccessEvent.objects.filter(actor=navigator, subject=referral.key, action="searched").count() == 1


def test_another_year_of_birth_is_another_person(call: Callable[..., Any], staff: Client) -> None:
    call()
    sent = {"key": str(uuid.uuid4()), "contact_name": "Marco Sample"}
    beside = [
        staff.post(SAVE, {**sent, "birth_year": year}, headers={"HX-Request": "true"}).content.decode()
        for year in ("1988", "1990")
    ]
    assert "Same name and year of birth" in beside[0] and "Marco Sample" not in beside[1]


def test_a_spoken_yes_is_recorded_with_every_element(call: Callable[..., Any], staff: Client, navigator: Any) -> None:
    call(**SAID)
    consent = Consent.objects.get()
    assert (consent.method, consent.signed_name, consent.signed_as) == ("verbal", "Marco Sample", "self")
    assert (consent.witness, consent.recorded_by, consent.wording.language) == ("Sam Supervisor", navigator, "en")
    assert consent.expires_at == consent.signed_at + timedelta(days=30)
    page = staff.get(f"/staff/referral/{consent.referral_id}/").content.decode()
    for element in (
        "Said on the phone",
        "Sam Supervisor",
        "for themselves",
        consent.discloser,
        "At any time, on their",
    ):
        assert element in page
    line = consent.referral.timeline.get(kind=TimelineEntry.Kind.CONSENT_SIGNED)
    assert for_staff(line).startswith("Marco Sample said yes to sharing with programs that we ask")


def test_the_words_read_follow_the_language_of_the_call(call: Callable[..., Any], staff: Client) -> None:
    said = {name: value for name, value in SAID.items() if name != "read_in"}
    call(**{**said, "language": "es"})
    referral = Referral.objects.get()
    assert referral.consents.get().wording.language == "es"
    form = staff.get(f"/staff/referral/{referral.pk}/form/consent/").context["form"]
    assert form["read_in"].value() == "es"


def test_what_may_be_sent_is_read_aloud_in_the_language_of_the_call(call: Callable[..., Any], staff: Client) -> None:
    both = {code: ConsentWording.objects.current("text", code).body for code in ("en", "es")}
    page = staff.get(NEW).content.decode()
    for code, words in both.items():
        assert f'lang="{code}">{html.escape(words)}' in page
    call(language="es", by_text="on")
    assert Permission.objects.get(channel="sms").wording.endswith(both["es"])


def test_a_draft_in_spanish_has_the_spanish_words_chosen(rows: None, staff: Client) -> None:
    key = str(uuid.uuid4())
    staff.post(SAVE, typed(key=key, language="es"))
    assert staff.get(f"{NEW}?draft={key}").context["form"]["read_in"].value() == "es"


def test_the_rule_about_minors_stands_beside_who_signs(rows: None, staff: Client) -> None:
    page = staff.get(NEW).content.decode()
    at = page.index('name="signed_as"')
    assert "Under 12, a parent." in page[at - 600 : at + 1200]


def test_paper_holds_from_its_day_for_named_programs_only(
    call: Callable[..., Any], program: Program, navigator: Any, nora: Any, now: datetime
) -> None:
    day = timezone.localdate() - timedelta(days=10)
    paper = {**SAID, "method": "paper", "signed_on": str(day), "kept_where": "Cabinet 2", "recipients": program.name}
    call(**paper)
    consent = Consent.objects.get()
    assert timezone.localdate(consent.signed_at) == day and consent.kept_where == "Cabinet 2" and not consent.witness
    assert list(consent.recipients.all()) == [program] and not consent.any_program
    other = Program.objects.public().exclude(pk=program.pk).earliest("pk")
    with pytest.raises(NotCovered):
        send_to_program(consent.referral_id, other, ["contact"], actor=nora, now=timezone.now())
    assert send_to_program(consent.referral_id, program, ["contact"], actor=nora, now=timezone.now())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"signed_as": "parent"}, "No one consents for an adult as a parent."),
        ({"signed_as": "guardian"}, "Write what shows that they may consent"),
        ({"birth_year": ""}, "Ask for the person’s age or year of birth first."),
        ({"signed_name": ""}, "Enter the full name of whoever consents."),
        ({"method": "paper"}, "Write where the paper is kept."),
        ({"recipients": "No such program"}, "No listed program is called “No such program”."),
        ({"until": "2020-01-01"}, "Choose a day after today"),
    ],
)
def test_a_consent_that_does_not_count_opens_nothing(
    call: Callable[..., Any], changed: dict[str, str], sentence: str
) -> None:
    answer = call(**{**SAID, **changed})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Referral.objects.exists() and IntakeDraft.objects.count() == 1


def test_a_consent_is_recorded_later_and_replaces_the_last(taken: Referral, staff: Client) -> None:
    taken.patient.birth_year = "1980"
    taken.patient.save()
    at = f"/staff/referral/{taken.pk}/consent/"
    answer = staff.post(at, {**SAID, "version": Referral.objects.get(pk=taken.pk).version})
    assert answer.status_code == 302
    assert [each.method for each in Consent.objects.live(timezone.now())] == ["verbal"]


def test_a_disclosure_keeps_what_was_shown(taken: Referral, nora: Any, program: Program, now: datetime) -> None:
    asked = send_to_program(taken.pk, program, ["contact"], actor=nora, now=now)
    accept_placement(asked.pk, actor=nora, now=now)
    contact = taken.contact
    contact.phone = "+16265550100"
    contact.save()
    first, second = (dict(each.copy["en"]) for each in Disclosure.objects.order_by("pk"))
    assert first["About"] == "Alcohol or drug use" and "Phone" not in first
    assert second["Phone"] == "(626) 555-0142"


def test_old_drafts_are_forgotten(staff: Client, rows: None) -> None:
    staff.post(SAVE, {"key": str(uuid.uuid4()), "contact_name": "Marco"})
    at = IntakeDraft.objects.get().saved_at
    assert forget_old(now=at + KEPT_FOR) == 0
    assert forget_old(now=at + KEPT_FOR + timedelta(seconds=1)) == 1


def corrected(referral: Referral, **more: Any) -> dict[str, Any]:
    """The form of a correction as the page would send it."""
    form = CorrectForm.initial_of(Referral.objects.get(pk=referral.pk))
    boxes = {name: "on" for name in ("by_email", "by_text", "by_phone") if form.pop(name)}
    return {**form, **boxes, "version": Referral.objects.get(pk=referral.pk).version, **more}


def test_a_name_phone_age_and_language_are_corrected_with_what_they_were(taken: Referral, staff: Client) -> None:
    more = {"contact_name": "Rosario Sample", "phone": "626-555-0143", "birth_year": "1990", "language": "es"}
    assert staff.post(f"/staff/referral/{taken.pk}/correct/", corrected(taken, **more)).status_code == 302
    referral = Referral.objects.get(pk=taken.pk)
    assert (referral.contact.name, referral.contact.phone) == ("Rosario Sample", "+16265550143")
    assert referral.contact.language == "es"
    assert (referral.patient.name, referral.patient.birth_year, referral.patient.age) == (
        "Rosario Sample",
        "1990",
        "adult",
    )
    line = for_staff(referral.timeline.get(kind=TimelineEntry.Kind.CONTACT_CHANGED))
    assert line.startswith("Corrected: ") and "name of the contact (was: Rosa Sample)" in line
    assert "phone (was: (626) 555-0142)" in line and "year of birth" in line


def test_a_correction_on_an_old_page_changes_nothing(taken: Referral, staff: Client) -> None:
    old = corrected(taken, contact_name="Somebody", version=1)
    assert staff.post(f"/staff/referral/{taken.pk}/correct/", old).status_code == 409
    assert Referral.objects.get(pk=taken.pk).contact.name == "Rosa Sample"


def test_another_name_under_the_person_on_the_phone_is_questioned(call: Callable[..., Any]) -> None:
    answer = call(contact_name="Lucía Sample", patient_name="Tomás")
    assert answer.status_code == 422 and "Choose “Someone they love”, or clear that name." in answer.content.decode()
    assert 'value="Tomás"' in answer.content.decode() and not Referral.objects.exists()
    assert call(contact_name="Lucía Sample", patient_name="Lucía").status_code == 302, (
        "the same person may be typed twice"
    )


def test_a_school_calls_for_a_family_that_is_called_itself(call: Callable[..., Any]) -> None:
    school = {"relation": "family", "contact_name": "Rosa Sample", "patient_name": "Leo", "birth_year": "2012"}
    refused = call(**school, by_text="on", **{**SAID, "signed_name": "Rosa Sample"}).content.decode()
    for words in (
        "Write who calls: name and role.",
        "Only the family can allow this.",
        "The family consents itself.",
    ):
        assert words in refused
    assert not Referral.objects.exists()
    call(**school, referrer="Mrs. Park, school counselor, 626-555-0100")
    referral = Referral.objects.get()
    assert (referral.relation, referral.contact.name, referral.patient.name) == ("loved_one", "Rosa Sample", "Leo")
    assert referral.referrer.startswith("Mrs. Park") and referral.contact.channels() == []
    assert not referral.consents.exists()


GONE = {"zip_code": "", "language": "", "concern": "", "relation": "", "by_phone": "", "birth_year": ""}


def shown(staff: Client, referral: Referral) -> str:
    page = staff.get(f"/staff/referral/{referral.pk}/").content.decode()
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def test_who_hangs_up_after_the_name_is_whose_the_box_says(
    call: Callable[..., Any], staff: Client, navigator: Any
) -> None:
    refused = call(phone="").content.decode()
    assert "so that we can reach them" in refused and "reach you" not in refused
    assert call(**GONE, phone="", later="1", contact_name="").status_code == 422 and not Referral.objects.exists()
    call(**GONE, phone="", later="1", contact_name="Beatriz Sample")
    referral = Referral.objects.get()
    assert referral.assigned_to == navigator and referral.tasks.get().kind == "no_way"
    for path in ("/staff/", f"/staff/referral/{referral.pk}/"):
        page = staff.get(path).content.decode()
        assert "Beatriz Sample" in page and "No way to reach them yet" in page


def test_a_found_number_ends_the_search_for_one(call: Callable[..., Any], staff: Client) -> None:
    call(**GONE, phone="", later="1", contact_name="Beatriz Sample")
    referral = Referral.objects.get()
    found = corrected(referral, contact_name="Beatriz Sample", phone="626-555-0143")
    assert staff.post(f"/staff/referral/{referral.pk}/correct/", found).status_code == 302
    assert not referral.tasks.open().filter(kind="no_way").exists()
    contact, told = Referral.objects.get().contact, shown(staff, referral)
    assert contact.not_asked == ["relation", "language", "voicemail", "ways"] and not contact.is_callable
    assert contact.program_ways() == {} and not referral.followups.exists()
    for words in ("Not asked yet how we may reach them. Read each sentence aloud", "May be contacted by not asked"):
        assert words in told
    referral.refresh_from_db()
    asked = corrected(referral, by_phone="on", language="es", voicemail="no", relation="self")
    assert staff.post(f"/staff/referral/{referral.pk}/correct/", asked).status_code == 302
    contact = Referral.objects.get().contact
    assert contact.not_asked == [] and contact.is_callable and referral.followups.exists()


def test_nothing_is_said_that_was_not_asked(call: Callable[..., Any], staff: Client) -> None:
    call(**GONE, phone="", later="1", contact_name="Uma Sample")
    referral, told = Referral.objects.get(), shown(staff, Referral.objects.get())
    assert "themselves" not in told and "there now" not in told
    assert "not asked for whom" in told and "For not asked" in told
    found = corrected(
        referral,
        contact_name="Uma Sample",
        patient_name="Ivo",
        relation="loved_one",
        zip_code="91101",
        phone="626-555-0143",
    )
    assert staff.post(f"/staff/referral/{referral.pk}/correct/", found).status_code == 302
    told = shown(staff, referral)
    assert "for Ivo" in told and "there now" in told and "not asked for whom" not in told
    assert 'name="relation"' not in staff.get(f"/staff/referral/{referral.pk}/form/correct/").content.decode()


def test_a_saved_draft_is_said(rows: None, staff: Client) -> None:
    page = staff.post(SAVE, typed(), follow=True).content.decode()
    assert "Draft saved. Only you see it" in page


def test_a_social_worker_is_called_back_with_an_extension(call: Callable[..., Any], staff: Client) -> None:
    worker = {"relation": "family", "referrer": "Odell Example, social worker", "caller_phone": "626 555 0188 ext 12"}
    assert call(**{**GONE, **worker, "caller_phone": "ext 12"}, later="1").status_code == 422
    call(**{**GONE, **worker}, later="1", phone="", contact_name="Rosa Sample")
    referral = Referral.objects.get()
    assert 'href="tel:+16265550188;ext=12"' in staff.get(f"/staff/referral/{referral.pk}/").content.decode()
    page = shown(staff, referral)
    assert "Odell Example, social worker: (626) 555-0188 ext. 12" in page
    assert "outside our area" not in page and "opted out" not in page
    assert "language not asked" in page and "ZIP code not asked" in page
    assert referral.tasks.get().text.startswith("Call Odell Example, social worker, (626) 555-0188 ext. 12.")
    for asked in ("Odell", "626-555-0188", "0188"):
        assert "Rosa Sample" in staff.post("/staff/search/", {"q": asked}).content.decode()
    assert referral.followups.count() == 0


def test_who_hangs_up_is_in_the_queue_with_name_and_phone(call: Callable[..., Any], staff: Client) -> None:
    assert call(**GONE).status_code == 422
    answer = call(**GONE, later="1", message="She is alone in the garage.", urgency="urgent")
    referral = Referral.objects.get()
    assert answer.status_code == 302 and referral.urgency == "urgent"
    assert not referral.contact.is_callable and referral.contact.is_called_back and not referral.followups.exists()
    assert for_staff(referral.timeline.earliest("pk")) == "Opened from a call. Not asked yet how we may reach them."
    assert "May be contacted by not asked" in shown(staff, referral)
    told = referral.tasks.get(kind="call").text
    assert told.startswith("Ask for: Who is this for?; What is it about?; ZIP code; Language; How may we contact")
    for path in ("", "ask/", "write/"):
        assert staff.get(f"/staff/referral/{referral.pk}/{path}").status_code in (200, 404)
    assert "Ask for: Who is this for?" in staff.get(f"/staff/referral/{referral.pk}/").content.decode()


def test_anothers_number_is_asked_about_before_it_is_saved(
    taken: Referral, make_referral: Callable[..., Referral], staff: Client, navigator: Any
) -> None:
    other = make_referral(contact_name="Olivia Prueba", phone="+16265550199", email="", message="He took pills.")
    path = f"/staff/referral/{taken.pk}/correct/"
    sent = corrected(taken, phone="626-555-0199")
    asked = staff.post(path, sent)
    page = asked.content.decode()
    assert asked.status_code == 422 and f"Olivia Prueba ({other.public_code}): same phone." in page
    assert "He took pills." not in page
    assert Referral.objects.get(pk=taken.pk).contact.phone == "+16265550142"
    assert AccessEvent.objects.filter(actor=navigator, subject=other.key, action="searched").exists()
    assert staff.post(path, {**sent, "shared": "on"}).status_code == 302
    assert Referral.objects.get(pk=taken.pk).contact.phone == "+16265550199"
    # What stood there before is asked of no more.
    assert staff.post(path, corrected(taken, contact_name="Rosario")).status_code == 302


def test_gender_is_corrected_like_the_rest_of_who_they_are(taken: Referral, staff: Client) -> None:
    path = f"/staff/referral/{taken.pk}/"
    assert 'name="gender"' in staff.get(f"{path}form/correct/").content.decode()
    assert staff.post(f"{path}correct/", corrected(taken, gender="women")).status_code == 302
    assert staff.post(f"{path}correct/", corrected(taken, gender="men")).status_code == 302
    assert Referral.objects.get(pk=taken.pk).patient.gender == "men"
    line = for_staff(taken.timeline.filter(kind=TimelineEntry.Kind.CONTACT_CHANGED).latest("pk"))
    assert line == "Corrected: gender (was: woman or girl)."


def test_who_may_be_seventeen_is_asked_for_the_birthday_with_all_else(call: Callable[..., Any]) -> None:
    year = str(timezone.localdate().year - 18)
    said = {**SAID, "relation": "loved_one", "patient_name": "Marcus", "birth_year": year, "signed_as": "loved_one"}
    page = call(**{name: value for name, value in said.items() if name != "read_aloud"}).content.decode()
    assert f"Born in {year}, they are 17 or 18. Ask for the month and day of birth." in page
    assert "Someone who loves an adult may share only what they told us." in page
    assert "Read the words aloud. Check this once they said yes to them." in page


def test_today_says_how_many_calls_are_open_as_drafts(staff: Client, rows: None) -> None:
    for name in ("Walter", "Olivia"):
        staff.post(SAVE, {"key": str(uuid.uuid4()), "contact_name": name})
    assert "2 calls are open as drafts" in staff.get("/staff/").content.decode()
