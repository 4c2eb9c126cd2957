"""Families that answer a questionnaire over HTTP on loopback, each as fast as it is answered, for some seconds.

A step is the time from sending an answer until the next page is there: with us the form and the page that it leads to.
What is answered follows from the number of the walk and the question, so every site is given the same answers.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

NOT_SURE = "not_sure"
PATIENCE = 60.0  # seconds until all have begun, and until the last has its answer
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Choices(NamedTuple):
    """What a question can be answered with."""

    several: bool
    keys: tuple[str, ...]
    of_danger: bool


class Failed(Exception):
    """A page that should not have come."""


@dataclass
class Walked:
    """What came of it: seconds of each step, walks that reached the end, and what went wrong."""

    steps: list[float] = field(default_factory=list)
    whole: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.steps)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Page(NamedTuple):
    """A page at the end of its redirects."""

    path: str
    body: bytes

    def hidden(self) -> dict[str, str]:
        """The hidden fields of its forms."""
        return {name.decode(): html.unescape(value.decode()) for name, value in HIDDEN.findall(self.body)}


class Visitor:
    """One connection that is kept, with the cookies and the address of whoever walks on it."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.address = port, dict[str, str](), ""
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, fields: Mapping[str, str | list[str]] | None = None) -> Page:
        """Get a page, or send a form, and follow where it leads. Raises `Failed` for all but a page."""
        for _ in range(5):
            status, place, body = await self._once(path, fields)
            if status == 200:
                return Page(path, body)
            if status != 302:
                raise Failed(f"{path} answered {status}")
            path, fields = place, None
        raise Failed(f"{path} leads in a circle")

    async def _once(self, path: str, fields: Mapping[str, str | list[str]] | None) -> tuple[int, str, bytes]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._line
        body = b"" if fields is None else urlencode(fields, doseq=True).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"X-Forwarded-For: {self.address}",
            *([f"Cookie: {cookies}"] if cookies else []),
            *([] if fields is None else ["Content-Type: application/x-www-form-urlencoded"]),
            f"Content-Length: {len(body)}",
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length, place = 0, ""
        for name, _, value in (line.partition(": ") for line in head[1:]):
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "location":
                place = value
            elif name.lower() == "set-cookie":
                cookie, _, said = value.partition(";")[0].partition("=")
                self.cookies[cookie] = said
        return int(head[0].split(" ")[1]), place, await reader.readexactly(length)

    def close(self) -> None:
        if self._line:
            self._line[1].close()


def given(walk: int, key: str, choices: Choices) -> list[str]:
    """What the family with this number answers to a question: one in ten times that it is not sure.

    Nine of ten are in no danger, so that few meet a crisis page, which only we have.
    """
    chance = random.Random(f"{walk}:{key}")
    if choices.of_danger and chance.random() < 0.9:
        return [""] if choices.several else [choices.keys[0]]
    if chance.random() < 0.1:
        return [NOT_SURE]
    if not choices.several:
        return [chance.choice(choices.keys)]
    return chance.sample(choices.keys, chance.choice([0, 1, 1, 2])) or [""]


class Site:
    """A site to walk through: where it begins, how its pages are answered, and where it ends."""

    start = ""

    def __init__(self, name: str, port: int, questions: Mapping[str, Choices]) -> None:
        self.name, self.port, self.questions = name, port, questions

    async def begin(self, visitor: Visitor) -> Page:
        """The first question."""
        return await visitor.ask(self.start)

    async def past(self, visitor: Visitor, page: Page) -> Page | None:
        """The page with the next question, past whatever is no question; None at the end."""
        raise NotImplementedError

    def asked(self, page: Page) -> tuple[str, str]:
        """The question of a page, and the name of the field that takes its answer."""
        raise NotImplementedError


async def begin(site: Site, visitor: Visitor, number: int) -> Page:
    """Another family on this connection opens the first question."""
    visitor.cookies.clear()
    visitor.address = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    return await site.begin(visitor)


async def walk(site: Site, visitor: Visitor, page: Page | None, number: int, until: float, walked: Walked) -> None:
    """Answer from this page to the end, or until the time is over. Raises `Failed`."""
    while page and (asked_at := time.perf_counter()) < until:
        key, name = site.asked(page)
        fields: dict[str, str | list[str]] = {**page.hidden(), name: given(number, key, site.questions[key])}
        page = await visitor.ask(page.path, fields)
        walked.steps.append(time.perf_counter() - asked_at)
        page = await site.past(visitor, page)
    walked.whole += page is None


def load(site: Site, *, families: int, seconds: float, seed: int, cpu: Callable[[], float] = lambda: 0.0) -> Walked:
    """So many families at once, each followed by another, for about `seconds` after all of them have begun.

    `cpu` says how much processor time the site has used so far.
    """
    walked = Walked()

    async def all_of_them() -> None:
        gate = asyncio.Barrier(families)
        try:
            async with asyncio.timeout(seconds + PATIENCE):
                await asyncio.gather(*(one(place, gate) for place in range(families)))
        except TimeoutError:
            walked.errors.append("TimeoutError: the site does not answer")
        walked.cpu += cpu()

    async def one(place: int, gate: asyncio.Barrier) -> None:
        visitor, number = Visitor(site.port), seed * 1_000_000 + place * 10_000
        try:
            page = await begin(site, visitor, number)
            if await gate.wait() == 0:
                walked.cpu -= cpu()
            begun = time.perf_counter()
            while time.perf_counter() < begun + seconds:
                await walk(site, visitor, page, number, begun + seconds, walked)
                number += 1
                page = await begin(site, visitor, number)
            walked.seconds = max(walked.seconds, time.perf_counter() - begun)
        except (Failed, OSError, asyncio.IncompleteReadError, KeyError, ValueError) as error:
            walked.errors.append(f"{type(error).__name__}: {error}")
            await gate.abort()
        except asyncio.BrokenBarrierError:
            pass
        finally:
            visitor.close()

    asyncio.run(all_of_them())
    return walked
