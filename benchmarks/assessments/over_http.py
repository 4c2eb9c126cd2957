"""Whole questionnaires over HTTP by 50 families at once, on PostgreSQL, beside the wizard of django-formtools.

What makes it fair: the same questions, conditions and answers; one PostgreSQL server with fsync, a database each; the
same granian with two workers of four threads; the same families, in turns, in this one process, which shares the
machine's cores with them. Each keeps sessions as it does by default: formtools has the answers in the session's row, as
they are; we have them beside it, encrypted. Each does its own work at an answer: we decide again and look for danger,
show a crisis page where there is some, and at the end the result; the wizard checks all forms again at its end, and has
a page of one line.

There are two of its views. `formtools` gives each question an address, as we do, so that Back and a reload work:
an answer leads on to the next page. `formtools_one_address` answers a form with the next page: one request instead of
two, and a reload sends the answer again.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.assessments.families import Choices, Failed, Page, Site, Visitor, Walked, begin, given, load
from benchmarks.frame import ROOT, cpu_seconds, interleaved, peer
from benchmarks.guarded import Guard, work_folder
from benchmarks.messaging.services import Postgres, Process, free_port, listens, wait_for

QUESTIONNAIRE = ROOT / "assessments" / "questionnaires" / "level-of-care.json"
AT_ONCE = 50
SECONDS, LONG = 4.0, 12.0  # with 50 at once it takes longer until somebody is at the end
GRANIAN = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2", "--blocking-threads", "4"]
COUNTING = "shared_preload_libraries='pg_stat_statements'\n"
SITES = ("waymark", "formtools", "formtools_one_address")


class Ours(Site):
    """This project's pages."""

    start = "/assessment/"

    async def begin(self, visitor: Visitor) -> Page:
        page = await visitor.ask(self.start)
        return await visitor.ask(page.path, {**page.hidden(), "voice": "loved"})

    async def past(self, visitor: Visitor, page: Page) -> Page | None:
        while page.path == "/assessment/safety/":
            page = await visitor.ask(page.path, page.hidden())
        if page.path == "/assessment/check/":
            await visitor.ask("/assessment/result/")
            return None
        return page

    def asked(self, page: Page) -> tuple[str, str]:
        return page.hidden()["question"], "answer"


class Formtools(Site):
    """The wizard with an address for each question."""

    start = "/named/"

    async def past(self, visitor: Visitor, page: Page) -> Page | None:
        return None if b"All is answered" in page.body else page

    def asked(self, page: Page) -> tuple[str, str]:
        hidden = page.hidden()
        step = next((value for name, value in hidden.items() if name.endswith("-current_step")), "")
        if not step:
            raise Failed(f"{page.path} asks nothing")
        return step, f"{step}-answer"


class OneAddress(Formtools):
    """The wizard that answers with the next page."""

    start = "/plain/"


def run(rounds: int) -> dict[str, Any]:
    """step_p95_ms, steps_per_s and errors with 50 at once, queries_per_step of one alone, ratios, and growth."""
    with work_folder() as (folder, guard):
        postgres, running = Postgres(folder, guard, more=COUNTING), list[Process]()
        try:
            sites, pids = _start(folder, guard, postgres, running)
            return _measured(sites, pids, postgres, rounds)
        finally:
            for process in running:
                process.stop(5)
            postgres.stop()


def _start(
    folder: Path, guard: Guard, postgres: Postgres, running: list[Process]
) -> tuple[dict[str, Site], dict[str, int]]:
    """Make both sites and serve them."""
    ours, theirs = free_port(), free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "DJANGO_"))}
    environment = {
        **own,
        "WAYMARK_DATA": str(folder / "data"),
        "WAYMARK_BASE_URL": f"http://127.0.0.1:{ours}",
        "WAYMARK_DATABASE_URL": postgres.create("waymark"),
        "WAYMARK_BEHIND_PROXY": "yes",  # each family has an address of its own: one that has started often has to wait
    }
    stack = [sys.executable, "-m", "runner.stack", "--prepare", "--port", str(ours)]
    subprocess.run(
        [*stack, "--data", environment["WAYMARK_DATA"]], cwd=ROOT, env=environment, check=True, stdout=sys.stderr
    )
    python = peer("formtools")
    wizard = {
        **own,
        "PYTHONPATH": str(ROOT),
        "BENCH_DATABASE_URL": postgres.create("formtools"),
        "BENCH_QUESTIONNAIRE": str(QUESTIONNAIRE),
    }
    site = "benchmarks.peers.formtools.wizard_site"
    subprocess.run([str(python), "-m", site], cwd=ROOT, env=wizard, check=True, stdout=sys.stderr)
    for name, program, port, application, variables in (
        ("waymark", Path(sys.executable), ours, "config.wsgi:application", environment),
        ("formtools", python, theirs, f"{site}:application", wizard),
    ):
        command = [str(program.parent / "granian"), *GRANIAN, "--no-access-log", "--port", str(port), application]
        running.append(Process(name, command, variables, folder / f"{name}.log", guard))
    for port in (ours, theirs):
        wait_for("a site", partial(listens, port), 60)
    questions = {
        one["key"]: Choices(
            one["kind"] == "many", tuple(each["key"] for each in one["choices"]), one["role"] == "safety"
        )
        for one in json.loads(QUESTIONNAIRE.read_text())["questions"]
    }
    sites = {
        "waymark": Ours("waymark", ours, questions),
        "formtools": Formtools("formtools", theirs, questions),
        "formtools_one_address": OneAddress("formtools", theirs, questions),
    }
    pids = {name: running[name != "waymark"].running.pid for name in sites}
    return sites, pids


def _measured(sites: dict[str, Site], pids: dict[str, int], postgres: Postgres, rounds: int) -> dict[str, Any]:
    errors: list[str] = []
    seeds = iter(range(1, 1000))

    def figures(name: str, families: int) -> dict[str, float]:
        seconds = LONG if families == AT_ONCE else SECONDS
        used = partial(cpu_seconds, pids[name])
        walked = load(sites[name], families=families, seconds=seconds, seed=next(seeds), cpu=used)
        errors.extend(walked.errors)
        return _figures(walked)

    for site in sites.values():  # what a process reads once is read
        load(site, families=8, seconds=1.5, seed=next(seeds))
    queries = {name: _queries(site, postgres, next(seeds)) for name, site in sites.items()}
    grown = {str(count): figures("waymark", count) for count in (1, 10)}
    named = {str(count): figures("formtools", count) for count in (1, 10)}
    many = interleaved({name: partial(figures, name, AT_ONCE) for name in SITES}, rounds)
    ours = many["waymark"]
    grown[str(AT_ONCE)], named[str(AT_ONCE)] = ours, many["formtools"]
    for error in sorted(set(errors))[:5]:
        print(error, file=sys.stderr)
    return {
        **{name: ours[name] for name in ("step_p50_ms", "step_p95_ms", "steps_per_s", "cpu_ms")},
        "queries_per_step": queries["waymark"]["per_step"],
        "queries_per_walk": queries["waymark"]["per_walk"],
        "errors": len(errors),
        "ratios": {
            "vs_formtools": _ratio(ours, many["formtools"]),
            "vs_formtools_one_address": _ratio(ours, many["formtools_one_address"]),
            "p95_vs_formtools": round(many["formtools"]["step_p95_ms"] / ours["step_p95_ms"], 2),
        },
        "http_growth": grown,
        "http_peers": {
            "formtools": {**many["formtools"], "queries": queries["formtools"], "growth": named},
            "formtools_one_address": {**many["formtools_one_address"], "queries": queries["formtools_one_address"]},
        },
    }


def _figures(walked: Walked) -> dict[str, float]:
    return {
        "steps_per_s": round(len(walked.steps) / walked.seconds, 1),
        "step_p50_ms": round(1000 * walked.percentile(0.5), 1),
        "step_p95_ms": round(1000 * walked.percentile(0.95), 1),
        "cpu_ms": round(1000 * walked.cpu / max(len(walked.steps), 1), 2),
        "whole": walked.whole,
    }


def _ratio(ours: dict[str, float], theirs: dict[str, float]) -> float:
    return round(ours["steps_per_s"] / theirs["steps_per_s"], 2)


def _queries(site: Site, postgres: Postgres, seed: int) -> dict[str, float]:
    """What the server was asked for one family alone, BEGIN and COMMIT too.

    Per step: from an answer to the next question; the mean has in it what is looked at twice a second, however many
    families there are. Per walk: from the first page to the last, with start, crisis pages and result.
    """
    with psycopg.connect(postgres.url, autocommit=True) as line:
        line.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

        def asked() -> int:
            row = line.execute(
                "SELECT coalesce(sum(calls), 0)::int FROM pg_stat_statements JOIN pg_database ON oid = dbid "
                "WHERE datname = %s",
                [site.name],
            ).fetchone()
            return int(row[0]) if row else 0

        before = asked()
        steps = asyncio.run(_one_walk(site, seed, asked))
        return {
            "per_step": statistics.median(steps),
            "per_step_mean": round(statistics.mean(steps), 2),
            "per_walk": asked() - before,
        }


async def _one_walk(site: Site, seed: int, asked: Callable[[], int]) -> list[int]:
    """Walk once from start to end; what was asked at each step."""
    visitor, number, found = Visitor(site.port), seed * 1_000_000, list[int]()
    page: Page | None = await begin(site, visitor, number)
    while page:
        key, name = site.asked(page)
        fields: dict[str, str | list[str]] = {**page.hidden(), name: given(number, key, site.questions[key])}
        before = asked()
        page = await visitor.ask(page.path, fields)
        found.append(asked() - before)
        page = await site.past(visitor, page)
    visitor.close()
    return found
