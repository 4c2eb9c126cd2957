import re
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from directory.matching import Wish
from directory.models import Capacity, Location, Organization, Program, ProgramLevel, ServiceArea
from directory.models.zips import place_of
from directory.vocabulary import Payment, Status
from guides.models import LevelOfCare

pytestmark = pytest.mark.django_db
Levels = dict[str, LevelOfCare]


@pytest.fixture
def program(levels: Levels) -> Program:
    organization = Organization.objects.create(slug="sample", name="Sample")
    program = Program.objects.create(slug="elm", name="Elm", organization=organization, status=Status.PUBLIC)
    ProgramLevel.objects.create(program=program, level=levels["iop"])
    return program


@pytest.mark.parametrize("words", [[], ["insurance"], ["self_pay", "insurance", "medi_cal"], list(Payment.values)])
def test_words_come_back_in_the_order_of_their_list(program: Program, words: list[str]) -> None:
    program.payment = words
    program.save()
    program.refresh_from_db()
    assert program.payment == [word for word in Payment.values if word in words]


def test_one_word_is_found_whole_and_not_as_a_part_of_another(program: Program) -> None:
    program.payment = ["medi_cal", "self_pay"]
    program.save()
    assert Program.objects.filter(payment__has="medi_cal").exists()
    for other in ("medi", "cal", "medixcal", "medi%", "self pay", "", "medicare"):
        assert not Program.objects.filter(payment__has=other).exists()


def test_a_word_that_is_not_in_the_list_is_refused_by_name(program: Program) -> None:
    program.payment = ["gold"]
    with pytest.raises(ValidationError, match="gold"):
        program.full_clean()


def test_the_youngest_age_cannot_be_above_the_oldest(program: Program) -> None:
    program.age_min, program.age_max = 30, 20
    with pytest.raises(ValidationError, match="youngest age is above"):
        program.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        program.save()


def test_a_location_without_coordinates_stands_at_its_zip(program: Program) -> None:
    location = Location(organization=program.organization, city="Pasadena", zip="91101")
    location.full_clean()
    assert location.point == place_of("91101").point


@pytest.mark.parametrize(("typed", "state"), [("", "NY"), ("NJ", "NJ")])
def test_a_location_without_a_state_takes_that_of_its_zip(program: Program, typed: str, state: str) -> None:
    location = Location(organization=program.organization, city="New York", zip="10001", state=typed)
    location.full_clean()
    assert location.state == state


def test_a_location_moves_with_its_zip_unless_it_was_placed_by_hand(program: Program) -> None:
    place = Location(organization=program.organization, city="Pasadena", zip="91101")
    place.full_clean()
    place.save()
    place.zip = "90012"
    place.full_clean()
    assert place.point == place_of("90012").point
    place.save()
    place.lat, place.lon, place.zip = 34.05, -118.25, "90013"
    place.full_clean()
    assert place.point == (34.05, -118.25)


@pytest.mark.parametrize(("zip_code", "message"), [("00000", "no such ZIP"), ("9110", "five digits")])
def test_a_location_with_a_wrong_zip_is_told_so(program: Program, zip_code: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Location(organization=program.organization, city="Pasadena", zip=zip_code).full_clean()


def test_an_area_names_the_word_that_is_no_zip() -> None:
    with pytest.raises(ValidationError, match="9110x"):
        ServiceArea(slug="a", zips=["91101", "9110x"]).full_clean()  # type: ignore[misc]


def test_an_area_covers_its_zips_alone() -> None:
    area = ServiceArea.objects.create(slug="a", zips=["91101", "91001"])  # type: ignore[misc]
    assert list(ServiceArea.objects.covering("91001")) == [area]
    assert not ServiceArea.objects.covering("9100")


def test_the_newest_report_of_each_level_is_the_current_one(program: Program, levels: Levels, now: datetime) -> None:
    for level, days, spots in [("iop", 3, 1), ("iop", 1, 2), ("php", 5, 3), ("iop", 1, 4)]:
        at = now - timedelta(days=days)
        Capacity.objects.create(program=program, level=levels[level], spots=spots, reported_at=at)
    assert {(row.level.slug, row.spots) for row in Capacity.objects.current()} == {("iop", 4), ("php", 3)}


def test_a_report_that_says_nothing_is_refused(program: Program, levels: Levels, now: datetime) -> None:
    empty = Capacity(program=program, level=levels["iop"], reported_at=now)
    with pytest.raises(ValidationError, match="openings, the days to wait"):
        empty.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        empty.save()


def test_a_report_for_a_level_not_offered_is_refused(program: Program, levels: Levels, now: datetime) -> None:
    with pytest.raises(ValidationError, match="does not offer this level"):
        Capacity(program=program, level=levels["php"], spots=1, reported_at=now).full_clean()


def test_one_row_of_a_source_comes_in_once(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(source="samhsa", source_id="7")
    with pytest.raises(IntegrityError), transaction.atomic():
        Program.objects.create(slug="b", name="B", organization=program.organization, source="samhsa", source_id="7")


def test_the_text_of_the_language_comes_first_then_english_then_any(samples: None) -> None:
    program = Program.objects.get(slug="sample-orchard-house")
    assert [getattr(program.text(language), "language", None) for language in ("es", "en", "hy")] == ["es", "en", "en"]
    program.texts.filter(language="en").delete()
    assert getattr(program.text("en"), "language", None) == "es"
    program.texts.all().delete()
    assert program.text("en") is None


def test_candidates_are_narrowed_by_level_and_reach_and_by_nothing_else(samples: None, now: datetime) -> None:
    public = Program.objects.public()
    picky = Wish(
        levels=frozenset({"iop"}), payment=frozenset({"medicare"}), schedule=frozenset({"daytime"}), ages=(99, 99)
    )
    assert set(public.candidates(picky)) == set(public.offering("iop"))
    new_york = place_of("10001")
    assert not public.candidates(Wish(near=new_york.point))
    assert public.candidates(Wish(near=new_york.point), reach=None).count() == 12


def test_a_program_with_two_places_is_listed_once(program: Program) -> None:
    for zip_code in ("91101", "91103"):
        place = Location(organization=program.organization, city="Pasadena", zip=zip_code)
        place.full_clean()
        place.save()
        program.locations.add(place)
    assert list(Program.objects.candidates(Wish(near=place_of("91101").point))) == [program]


def test_a_program_with_no_known_level_or_place_stays_a_candidate(program: Program) -> None:
    program.offers.all().delete()
    wish = Wish(levels=frozenset({"residential"}), near=place_of("91101").point)
    assert list(Program.objects.candidates(wish)) == [program]


def test_drafts_and_archived_programs_are_not_public(program: Program) -> None:
    for status in (Status.DRAFT, Status.ARCHIVED):
        Program.objects.update(status=status)
        assert not Program.objects.public()


def test_ranking_takes_the_same_few_queries_for_any_number_of_programs(
    samples: None, now: datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        fits = Program.objects.public().ranked(Wish(levels=frozenset({"iop"})), now=now)
    assert len(fits) == 4


def test_capacity_report_is_immutable_and_deleted_with_its_program(samples: None) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Capacity.objects.update(spots=99)
    program = Program.objects.get(slug="sample-orchard-house")
    assert program.capacities.exists()
    program.delete()
    assert not Capacity.objects.filter(program__slug="sample-orchard-house").exists()


def test_no_column_says_what_a_program_gives_to_be_listed() -> None:
    """Whether a program is listed is its status alone, and nothing here could say what it pays."""
    columns = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("directory").get_models()
        for field in model._meta.get_fields()
    }
    bought = re.compile(
        r"pay|paid|fee\b|price|sponsor|promot|feature|boost|rank|premium|tier|commission|contract|invoice"
    )
    assert {column for column in columns if bought.search(column)} == {"Program.payment"}
    everything = str(Program.objects.public().query).split(" WHERE ")[1].split(" ORDER BY ")[0]
    assert everything == '"directory_program"."status" = public'
