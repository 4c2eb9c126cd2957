"""The page cache by itself, with a clock and a stamp that the test moves."""

from __future__ import annotations

from dataclasses import replace

from guides.publishing.page_cache import Page, PageCache, Stamp


class World:
    def __init__(self) -> None:
        self.time, self.stamp, self.looks = 0.0, 1, 0
        self.away = False
        self.turns_at = float("inf")

    def look(self) -> Stamp | None:
        self.looks += 1
        return None if self.away else Stamp(self.stamp, self.turns_at)

    def cache(self, capacity: int = 9) -> PageCache:
        return PageCache(self.look, clock=lambda: self.time, wall=lambda: self.time, every=0.5, capacity=capacity)


PAGE = Page.of("<p>one</p>", "en")


def test_the_stamp_is_looked_at_no_more_than_twice_a_second() -> None:
    world = World()
    cache = world.cache()
    for step in range(1000):
        world.time = step / 1000
        cache.page("/")
    assert world.looks == 2


def test_everything_goes_when_the_stamp_moves() -> None:
    world = World()
    cache = world.cache()
    cache.keep("/", PAGE, cache.stamp())
    assert cache.value("site", lambda: "old") == "old"
    world.stamp = 2
    world.time = 0.49
    assert cache.page("/") is PAGE
    world.time = 0.5
    assert cache.page("/") is None
    assert cache.value("site", lambda: "new") == "new"


def test_a_page_made_before_the_stamp_moved_is_not_kept_after() -> None:
    world = World()
    cache = world.cache()
    stamp = cache.stamp()
    world.stamp, world.time = 2, 1.0
    cache.stamp()
    cache.keep("/", PAGE, stamp)
    assert cache.page("/") is None


def test_a_value_made_while_the_stamp_moved_is_not_kept() -> None:
    world = World()
    cache = world.cache()

    def slow() -> str:
        world.stamp, world.time = 2, 1.0
        cache.stamp()
        return "old"

    assert cache.value("site", slow) == "old"
    assert cache.value("site", lambda: "new") == "new"


def test_a_stamp_that_cannot_be_read_changes_nothing() -> None:
    world = World()
    cache = world.cache()
    cache.keep("/", PAGE, cache.stamp())
    world.away, world.time = True, 10.0
    assert cache.page("/") is PAGE


def test_at_the_moment_when_something_turns_it_is_looked_at_once() -> None:
    world = World()
    world.turns_at = 0.2
    cache = world.cache()

    def turn() -> None:
        world.stamp, world.turns_at = 2, float("inf")

    cache.when_due = turn
    cache.keep("/", PAGE, cache.stamp())
    world.time = 0.19
    assert cache.ready("/") is PAGE
    world.time = 0.2
    assert cache.ready("/") is None and cache.page("/") is None and world.stamp == 2


def test_what_cannot_turn_is_tried_again_later_and_the_rest_is_served() -> None:
    world = World()
    world.turns_at = 0.2
    cache = world.cache()
    tried: list[float] = []
    cache.when_due = lambda: tried.append(world.time)
    cache.keep("/", PAGE, cache.stamp())
    for step in range(100):
        world.time = step / 10
        assert cache.page("/") is PAGE
    assert len(tried) <= 20


def test_a_page_is_not_served_after_its_end_whatever_happens() -> None:
    world = World()
    cache = world.cache()
    page = replace(PAGE, until=0.3)
    cache.keep("/", page, cache.stamp())
    cache.stand_by({"/": page})
    world.time = 0.29
    assert cache.ready("/") is cache.page("/") is cache.standing_by("/") is page
    world.away = True
    for world.time in (0.3, 10.0):
        assert cache.ready("/") is cache.page("/") is cache.standing_by("/") is None


def test_the_page_cache_has_an_end_and_nobody_can_fill_it_for_good() -> None:
    cache = World().cache(capacity=2)
    for path in ("/a", "/b", "/c"):
        cache.keep(path, PAGE, cache.stamp())
    assert [cache.page(path) is PAGE for path in ("/a", "/b", "/c")] == [False, True, True]


def test_the_same_words_have_the_same_etag_and_others_another() -> None:
    assert Page.of("<p>one</p>", "en", effort=11).etag == PAGE.etag != Page.of("<p>two</p>", "en").etag
