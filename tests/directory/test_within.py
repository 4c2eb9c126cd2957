"""The distance that the database computes is the distance."""

import random

import pytest

from directory.geo import Point, miles_between
from directory.models import Location, Organization, Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return Organization.objects.create(slug="sample", name="Sample")


def put(organization: Organization, *points: Point) -> list[Location]:
    return [
        Location.objects.create(organization=organization, city="Sample", zip="91101", lat=point.lat, lon=point.lon)
        for point in points
    ]


@pytest.mark.parametrize(
    "center",
    [
        Point(34.1468, -118.1391),
        Point(0, 179.9),
        Point(-16.5, -179.95),
        Point(89.9, 10),
        Point(-90, 0),
        Point(64.8, -147.7),
    ],
)
def test_the_database_finds_what_the_formula_finds_and_no_more(organization: Organization, center: Point) -> None:
    dice = random.Random(repr(center))
    points = [
        Point(max(-90, min(90, center.lat + dice.uniform(-2, 2))), (center.lon + dice.uniform(-3, 3) + 540) % 360 - 180)
        for _ in range(150)
    ]
    put(organization, *points, center)
    for miles in (0.5, 30, 120):
        found = {row.point: row.miles for row in Location.objects.within(center.lat, center.lon, miles) if row.point}
        expected = {point: miles_between(center, point) for point in (*points, center)}
        assert found.keys() == {point for point, far in expected.items() if far <= miles}
        assert found == pytest.approx({point: expected[point] for point in found}, abs=1e-3)


def test_antipodal_place_is_a_distance_not_an_error(organization: Organization) -> None:
    put(organization, Point(-34.1468, 61.8609))
    [row] = Location.objects.within(34.1468, -118.1391, 13_000)
    assert row.miles == pytest.approx(12_437, abs=2)


def test_a_place_without_coordinates_is_never_near(organization: Organization) -> None:
    Location.objects.create(organization=organization, city="Sample", zip="91101")
    assert not Location.objects.within(34.1468, -118.1391, 13_000)


def test_a_program_is_as_near_as_its_nearest_place_and_appears_once(organization: Organization) -> None:
    near, far, away = put(organization, Point(34.15, -118.14), Point(34.3, -118.14), Point(36, -118.14))
    program = Program.objects.create(slug="a", name="A", organization=organization)
    program.locations.set([near, far, away])
    lonely = Program.objects.create(slug="b", name="B", organization=organization)
    lonely.locations.set([away])
    [found] = Program.objects.within(34.1468, -118.1391, 20)
    assert found == program
    assert found.miles == pytest.approx(miles_between(Point(34.1468, -118.1391), Point(34.15, -118.14)), abs=1e-6)
