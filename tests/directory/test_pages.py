"""What a family meets under /programs/."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from directory import demo
from directory.models import Capacity, Program
from guides.models import LevelOfCare, SiteDetails, SiteText
from guides.publishing.cache import page_cache
from guides.workflow.actions import publish_reference

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Levels = dict[str, LevelOfCare]


@pytest.fixture
def today(levels: Levels) -> Iterator[None]:
    details = SiteDetails.objects.create(help_phone="", sample=True)
    SiteText.objects.create(details=details, language="en", service_area="Here", public_coverage="Medi-Cal")
    publish_reference(by=None, now=timezone.now())
    demo.load(timezone.now())
    page_cache.forget()
    yield
    page_cache.forget()


def names(html: str) -> list[str]:
    return re.findall(r'class="card-title"><a href="[^"]*">([^<]*)</a>', html)


def ticked(html: str) -> list[str]:
    return re.findall(r'value="([a-z_,-]+)"[^>]*(?:checked|selected)', html)


def shown(client: Client, **search: object) -> str:
    """The list after this search, as a browser gets to it."""
    answer = client.post("/programs/", search)
    assert answer.status_code == 302, answer.context["form"].errors
    return client.get(answer["Location"].split("#")[0]).content.decode()


def test_every_public_program_is_listed_before_anything_is_asked(client: Client, today: None) -> None:
    Program.objects.filter(slug="sample-canyon-medical-unit").update(status="draft")
    html = client.get("/programs/").content.decode()
    assert len(names(html)) == 11 and "Sample Canyon Medical Unit" not in html
    assert "No payment changes this order." in html
    assert html.count("Sample, not a real program") == 11


def test_a_search_leaves_no_trace_in_any_address(client: Client, today: None) -> None:
    answer = client.post("/programs/", {"zip": "91101", "levels": "iop", "concern": "both", "age": "30"})
    assert answer["Location"] == "/programs/#found"
    html = client.get("/programs/").content.decode()
    links = "".join(re.findall(r'(?:href|action)="([^"]*)"', html))
    assert "91101" not in links and "iop" not in re.sub(r"/levels/[a-z-]+/", "", links)


def test_the_search_is_still_there_on_coming_back_until_it_is_cleared(client: Client, today: None) -> None:
    shown(client, zip="91101", levels="iop", payment=["medi_cal", "insurance"])
    again = client.get("/programs/").content.decode()
    assert 'value="91101"' in again
    assert ticked(again) == ["iop", "insurance", "medi_cal"]
    assert client.post("/programs/", {"clear": "1", "zip": "91101"}).status_code == 302
    assert 'value="91101"' not in client.get("/programs/").content.decode()


def test_session_keeps_the_search_and_nothing_else(client: Client, today: None) -> None:
    shown(client, zip="91101", name="Somebody", miles="")
    assert client.session["directory.search"] == {"zip": ["91101"]}


def test_results_say_why_with_distance_and_the_age_of_the_capacity(client: Client, today: None) -> None:
    html = shown(client, zip="91105", levels="iop", payment="medi_cal", concern="substance_use", age="30")
    assert names(html)[0] == "Sample Arroyo Evening Program"
    assert "Less than 1 mile away." in html
    assert "4 openings, as reported 2 days ago." in html
    assert "Accepts: Medi-Cal or Medicaid." in html
    fits, rest = html.split("Programs that do not match, and why")
    assert "Sample Willow Teen Program" in rest and "Sample Willow Teen Program" not in fits


def test_each_line_says_yes_no_or_not_known_by_a_mark_and_in_words(client: Client, today: None) -> None:
    html = shown(client, zip="91105", levels="iop", payment="medi_cal", concern="substance_use", age="30")
    lines = re.findall(r'<li class="reason reason-(\w+) is-(\w+)">(.*?)</li>', html, re.S)
    said = {"yes": "Yes:", "no": "No:", "unknown": "We do not know:"}
    weighed = [(answer, text) for kind, answer, text in lines if kind != "note"]
    assert {answer for answer, _text in weighed} == set(said)
    assert not [text for answer, text in weighed if said[answer] not in text]
    assert not any(word in text for kind, _answer, text in lines if kind == "note" for word in said.values())


def test_an_age_group_shows_no_program_for_teens_to_an_adult(client: Client, today: None) -> None:
    html = shown(client, levels="iop", ages="18-64")
    fits, rest = html.split("Programs that do not match, and why")
    assert "Sample Willow Teen Program" in rest and "Sample Willow Teen Program" not in fits
    assert "Ages 18 to 64" in html
    assert "Ages 18 to 64" not in shown(client, levels="iop", ages="18-64", age="15").split("<ol")[0]


def test_who_is_known_to_be_a_woman_is_shown_no_program_for_men(client: Client, today: None) -> None:
    """Where it is not known, the row says for whom the program is."""
    program = Program.objects.public().filter(offers__level__slug="iop", age_max=None).first()
    assert program is not None
    Program.objects.filter(pk=program.pk).update(only_for="men")
    fits, _title, rest = shown(client, levels="iop", gender="women").partition("Programs that do not match, and why")
    assert program.name in rest and program.name not in fits and "Women" in fits
    row = shown(client, levels="iop").split(program.name)[1].split('<ul class="reasons">')[0]
    assert "Men only" in row


def test_an_old_report_is_shown_as_not_known_with_its_age(client: Client, today: None) -> None:
    html = shown(client, levels="outpatient", concern="mental_health")
    assert "The last report was made 12 days ago." in html
    assert "3 openings" not in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9110", "A ZIP code has five digits"),
        ("Pasadena", "A ZIP code has five digits"),
        ("00000", "We do not know this ZIP code"),
    ],
)
def test_a_bad_zip_gets_a_sentence_and_keeps_all_that_was_typed(
    client: Client, today: None, typed: str, sentence: str
) -> None:
    answer = client.post("/programs/", {"zip": typed, "levels": "residential", "languages": "es"})
    html = answer.content.decode()
    assert answer.status_code == 200 and sentence in html
    assert f'value="{typed}"' in html
    assert ticked(html) == ["residential", "es"]
    assert "We have not searched yet" in html and not names(html), "no list seems to be the answer"


def chips(html: str) -> list[str]:
    return re.findall(r'name="without" value="([^"]*)"', html)


def test_every_filter_is_a_removable_chip_and_never_in_a_url(client: Client, today: None) -> None:
    html = shown(client, zip="91101", miles="10", levels=["iop", "php"], payment=["medi_cal"], age="30")
    assert chips(html) == ["levels:iop", "levels:php", "zip:91101", "miles:10", "age:30", "payment:medi_cal"]
    for words in ("Near 91101", "Within 10 miles", "Age 30", "Medi-Cal or Medicaid"):
        assert re.search(rf"</span> {words}<svg", html), words
    for gone, left in [
        ("levels:iop", ["levels:php", "zip:91101", "miles:10", "age:30", "payment:medi_cal"]),
        ("zip:91101", ["levels:php", "age:30", "payment:medi_cal"]),
        ("magic:1", ["levels:php", "age:30", "payment:medi_cal"]),
        ("levels:php", ["age:30", "payment:medi_cal"]),
    ]:
        answer = client.post("/programs/", {"without": gone})
        assert answer["Location"] == "/programs/#found"
        assert chips(client.get("/programs/").content.decode()) == left


def test_range_of_levels_stays_a_range_when_sent_again(client: Client, today: None) -> None:
    html = shown(client, levels=["iop", "php"])
    assert ticked(html) == ["iop,php"]
    assert names(shown(client, levels="iop,php")) == names(html)


def test_more_filters_are_open_only_when_one_of_them_is_set(client: Client, today: None) -> None:
    more = r'<details class="more"( open)?><summary>More filters'
    for search, opened in (({"zip": "91101", "levels": "iop"}, ""), ({"languages": "es"}, " open")):
        found = re.search(more, shown(client, **search))
        assert found and (found[1] or "") == opened


def test_medi_cal_and_opioids_never_fit_programs_for_others(client: Client, today: None) -> None:
    html = shown(client, zip="91101", concern="substance_use", payment="medi_cal", languages="es", age="30")
    whole, rest = html.split("These may fit: ask them")
    partly, others = rest.split("Programs that do not match, and why")
    assert len(names(whole)) == int(re.findall(r"(\d+) program(?:s match| matches)", html)[0]) > 0
    for program in Program.objects.all():
        known = program.concern and (program.age_min, program.age_max) != (None, None)
        listed_ways = known and "medi_cal" in program.payment
        if program.concern == "mental_health":
            assert program.name in names(others)
        elif program.name not in names(others):
            assert (program.name in names(whole)) == (listed_ways and "es" in program.languages)
    assert "Does not list Medi-Cal or Medicaid." in partly
    assert not re.search(r"reason-(fact|need) is-(no|unknown)", whole) and re.search(r"is-(no|unknown)", partly)


def test_a_distance_without_a_zip_asks_for_the_zip(client: Client, today: None) -> None:
    assert "type a ZIP code too" in client.post("/programs/", {"miles": "5"}).content.decode()


def test_unknown_level_is_a_form_error(client: Client, today: None) -> None:
    assert client.post("/programs/", {"levels": "magic"}).status_code == 200
    assert client.get("/programs/?level=magic").status_code == 200


def test_a_guide_may_link_to_the_programs_of_its_level(client: Client, today: None) -> None:
    html = client.get("/programs/?level=php").content.decode()
    assert set(names(html)) == {"Sample Foothill Day Program", "Sample Verdugo Mind Center"}
    assert "directory.search" not in client.session


def test_far_away_the_list_says_that_it_had_to_look_farther(client: Client, today: None) -> None:
    html = shown(client, zip="10001")
    assert "No program matches within 100 miles." in html
    assert len(names(html)) == 12


def test_nothing_fits_is_said_with_a_way_on(client: Client, today: None) -> None:
    html = shown(client, levels="medically-managed", age="5")
    assert "0 programs match" in html
    assert "You can also ask us to help you look." in html
    assert "Programs that do not match, and why" in html


def test_a_page_that_was_turned_too_far_is_the_last_page(client: Client, today: None) -> None:
    assert client.get("/programs/?page=99").status_code == 200
    assert client.get("/programs/?page=x").status_code == 200


def test_neither_page_is_kept_by_a_cache_where_a_search_is_in_it(client: Client, today: None) -> None:
    assert "no-store" in client.get("/programs/")["Cache-Control"]


def test_a_program_page_tells_all_and_hides_what_is_not_public(client: Client, today: None) -> None:
    html = client.get("/programs/sample-magnolia-home/").content.decode()
    assert "Women only" in html and "Medi-Cal or Medicaid, Grants or public funds" in html
    assert "12 Sample Magnolia Place" not in html and "Call for the street address." in html
    assert "sample-magnolia-home@example.org" not in html
    assert "A wait of about 14 days, as reported 2 days ago." in html
    assert "This program is invented." in html
    assert "No program pays to be listed here" in html


def test_expired_licence_says_so_and_how_to_check(client: Client, today: None) -> None:
    html = client.get("/programs/sample-sierra-medication-clinic/").content.decode()
    assert "expired on" in html
    assert "SAMHSA’s list of opioid treatment programs" in html


def test_what_is_not_known_is_said_to_be_not_known(client: Client, today: None) -> None:
    Program.objects.update(payment=[], family_sessions=None)
    html = client.get("/programs/sample-bridge-online-care/").content.decode()
    assert html.count("We do not know. Call to ask.") >= 2
    assert "We do not know if there are openings. Call to ask." in html


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_a_program_that_is_not_public_has_no_page(client: Client, today: None, status: str) -> None:
    Program.objects.update(status=status)
    assert client.get("/programs/sample-orchard-house/").status_code == 404


def test_the_spanish_pages_carry_the_spanish_texts(client: Client, today: None) -> None:
    assert "Un hogar con atención día y noche" in client.get("/es/programs/").content.decode()
    assert "El día tiene un ritmo fijo" in client.get("/es/programs/sample-orchard-house/").content.decode()


def test_a_text_in_another_language_says_which(client: Client, today: None) -> None:
    Program.objects.get(slug="sample-orchard-house").texts.filter(language="es").delete()
    assert '<p class="lead" lang="en">' in client.get("/es/programs/sample-orchard-house/").content.decode()


def test_a_new_report_counts_at_once(client: Client, today: None, levels: Levels) -> None:
    program = Program.objects.get(slug="sample-bridge-online-care")
    Capacity.objects.create(program=program, level=levels["iop"], spots=1, reported_at=timezone.now())
    assert "1 opening, as reported today." in client.get(program.get_absolute_url()).content.decode()


def test_a_page_costs_the_same_queries_for_any_number_of_programs(
    client: Client, today: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        client.get("/programs/")
    with django_assert_max_num_queries(18):
        client.get("/programs/sample-arroyo-evening-program/")


def test_printed_page_has_phone_address_url_and_questions(client: Client, today: None) -> None:
    html = client.get("/programs/sample-arroyo-evening-program/").content.decode()
    numbers = re.findall(r'<a class="([^"]*)" href="tel:[^"]+">[^(]*\(626\) 555-0111</a>', html)
    assert len(numbers) == 2, "right under the title, and where the address stands"
    assert sum("print" in classes.split() for classes in numbers) == 1
    # The sheet hides buttons on paper unless they say "print", and writes web addresses out.
    sheet = (settings.BASE_DIR / "static" / "scss" / "_base.scss").read_text(encoding="utf-8")
    assert ".btn:not(.print)" in sheet and "attr(href)" in sheet
    assert 'href="https://example.org/sample-arroyo-evening-program"' in html and "45 Sample Bridge Street" in html
    assert "What to ask when you call" in html
    assert '<a href="tel:988">988</a>' in html.split('only-print">')[1], "and whom to call in a crisis"


def test_a_program_on_paper_says_where_its_page_is(client: Client, today: None) -> None:
    path = "/programs/sample-arroyo-evening-program/"
    assert f"<br>{settings.BASE_URL}{path}</p>" in client.get(path).content.decode()


def test_a_clinic_with_the_medicine_is_shown_whatever_its_level(client: Client, today: None) -> None:
    html = shown(client, levels="iop", medications=["buprenorphine", "methadone"])
    clinic = html[html.index("Sample Sierra Medication Clinic") :]
    assert "Sample Sierra Medication Clinic" in names(html.split('id="others"')[0])
    assert "Offers medication for opioid use: Methadone or Buprenorphine." in clinic[:4000]
    assert "Sample Sierra Medication Clinic" not in shown(client, levels="iop")


def test_what_to_ask_a_program_fits_what_is_known_of_it(client: Client, today: None) -> None:
    evenings = client.get("/programs/sample-arroyo-evening-program/").content.decode()
    assert "Who is there at night" not in evenings and "a number to call at night" in evenings
    assert "Who is there at night" in client.get("/programs/sample-canyon-medical-unit/").content.decode()
    for slug in ("sample-arroyo-evening-program", "sample-canyon-medical-unit"):
        page = client.get(f"/programs/{slug}/")
        has_opening = any(offer["standing"] == "open" for offer in page.context["offers"])
        assert ("Is the opening still free" in page.content.decode()) == has_opening


def test_care_in_two_steps_is_marked_and_ordered(client: Client, today: None) -> None:
    for near in ({}, {"zip": "91001"}):
        html = shown(client, levels=["medically-managed", "residential"], first="medically-managed", **near)
        found = html.split('id="others"')[0]
        first, then = found.index("Sample Canyon Medical Unit"), found.index("Sample Orchard House")
        assert first < then
        assert ">First</span>" in found[first:then] and ">Then</span>" in found[then:]
    assert ">First</span>" not in shown(client, levels=["medically-managed", "residential"])


def test_the_search_for_opioids_finds_medicine_and_a_medical_unit(client: Client, today: None) -> None:
    html = shown(client, levels="iop", medications=["buprenorphine", "methadone"]).split('id="others"')[0]
    found = names(html)
    assert {"Sample Canyon Medical Unit", "Sample Sierra Medication Clinic"} <= set(found)
    assert found.index("Sample Canyon Medical Unit") < found.index("Sample Foothill Day Program")


def test_a_place_where_people_stay_has_no_office_hours(client: Client, today: None) -> None:
    unit = client.get("/programs/sample-canyon-medical-unit/").content.decode()
    assert "Day and night for those who stay there" in unit and "Daytime, " not in unit
    online = client.get("/programs/sample-bridge-online-care/").content.decode()
    assert "Care by video or phone. Call to ask if that includes where you live." in online
    listed = shown(client, zip="91101", levels="outpatient").split("Sample Bridge Online Care")[1]
    assert "Offers care by video or phone." in listed.split('class="card program"')[0]
