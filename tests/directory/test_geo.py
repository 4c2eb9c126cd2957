import math
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zipcodes
from hypothesis import given
from hypothesis import strategies as st

from directory.geo import BadZip, Point, box_around, miles_between, zip_in
from directory.models import ZipCode
from directory.models.zips import load_zips, place_of, unknown_zips
from directory.zip_data import places

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zip_code", "city", "zone"),
    [
        ("91101", "Pasadena", "America/Los_Angeles"),
        (" 91101-1234 ", "Pasadena", "America/Los_Angeles"),
        ("10001", "New York", "America/New_York"),
        ("85001", "Phoenix", "America/Phoenix"),
        ("46201", "Indianapolis", "America/Indiana/Indianapolis"),
        ("99546", "Adak", "America/Adak"),
        ("96813", "Honolulu", "Pacific/Honolulu"),
    ],
)
def test_a_zip_has_a_city_and_a_time_zone(zip_code: str, city: str, zone: str) -> None:
    place = place_of(zip_code)
    assert (place.zip, place.city, place.zone) == (zip_code.strip()[:5], city, zone)


@pytest.mark.parametrize("typed", ["", "9110", "911011", "9110a", "٩١١٠١", "91101-12", "Pasadena", "91101; DROP"])
def test_what_is_not_five_digits_is_told_so(typed: str) -> None:
    with pytest.raises(BadZip) as error:
        zip_in(typed)
    assert error.value.reason == "shape"


@pytest.mark.django_db
def test_five_digits_that_are_no_zip_are_told_so() -> None:
    with pytest.raises(BadZip) as error:
        place_of("00000")
    assert error.value.reason == "unknown"


@pytest.mark.django_db
def test_every_zip_stands_on_the_globe_and_in_a_real_zone() -> None:
    assert ZipCode.objects.count() > 40_000
    assert not ZipCode.objects.exclude(lat__range=(-90, 90), lon__range=(-180, 180)).exists()
    for zone in ZipCode.objects.exclude(zone="").values_list("zone", flat=True).distinct():
        ZoneInfo(zone)
    # Military mail, whose "states" are AA, AE and AP, has no zone.
    assert set(ZipCode.objects.filter(zone="").values_list("state", flat=True)) <= {"AA", "AE", "AP"}


@pytest.mark.slow
def test_a_town_named_as_a_zone_gets_the_zone_of_its_state() -> None:
    wrong = {row["zip_code"] for row in zipcodes.list_all() if row["timezone"] == "Napakiak"}
    assert wrong
    assert {place.zone for place in places() if place.zip in wrong} == {"America/Anchorage"}


@pytest.mark.django_db
def test_an_area_asks_once_for_all_its_zips(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert unknown_zips(["91101", "00000", "90012", "9110x"]) == ["00000", "9110x"]


@pytest.mark.django_db
def test_loading_again_makes_the_table_hold_just_that() -> None:
    here = place_of("91101")
    assert load_zips([here._replace(city="Renamed")]) == 1
    assert list(ZipCode.objects.values_list("code", "city")) == [("91101", "Renamed")]


@pytest.mark.parametrize(
    ("a", "b", "miles"),
    [
        # One degree along a meridian, a quarter and a half of the globe.
        (Point(0, 0), Point(1, 0), 69.09),
        (Point(0, 0), Point(0, 90), 3958.8 * math.pi / 2),
        (Point(0, 0), Point(0, 180), 3958.8 * math.pi),
        # Los Angeles to New York, airport to airport, as airlines publish it.
        (Point(33.9425, -118.4081), Point(40.6398, -73.7789), 2475),
    ],
)
def test_distances_agree_with_known_ones(a: Point, b: Point, miles: float) -> None:
    assert miles_between(a, b) == pytest.approx(miles, rel=0.004)


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_the_globe(a: Point, b: Point) -> None:
    assert miles_between(a, b) == pytest.approx(miles_between(b, a), abs=1e-6)
    assert 0 <= miles_between(a, b) <= 3958.8 * math.pi + 1e-6
    assert miles_between(a, a) == 0


@given(points, st.floats(0.1, 3000), st.floats(0, 360), st.floats(0, 1))
def test_the_box_holds_the_whole_circle(center: Point, miles: float, bearing: float, share: float) -> None:
    # A point at this bearing and at a share of the radius, by the direct formula on the sphere.
    angle, heading = miles * share / 3958.8, math.radians(bearing)
    lat = math.asin(
        math.sin(math.radians(center.lat)) * math.cos(angle)
        + math.cos(math.radians(center.lat)) * math.sin(angle) * math.cos(heading)
    )
    lon = math.radians(center.lon) + math.atan2(
        math.sin(heading) * math.sin(angle) * math.cos(math.radians(center.lat)),
        math.cos(angle) - math.sin(math.radians(center.lat)) * math.sin(lat),
    )
    point = Point(math.degrees(lat), (math.degrees(lon) + 540) % 360 - 180)
    box, slack = box_around(center, miles), 1e-6
    assert box.south - slack <= point.lat <= box.north + slack
    if box.west <= box.east:
        assert box.west - slack <= point.lon <= box.east + slack or abs(abs(point.lon) - 180) < slack
    else:
        assert point.lon >= box.west - slack or point.lon <= box.east + slack
