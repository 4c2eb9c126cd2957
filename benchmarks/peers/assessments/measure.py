"""Times the decision and the proof, in one process, in interleaved rounds; prints one JSON object.

All is processor time (of all threads), which on a machine that does nothing else is the time that passes, and on a
shared one does not count the others' work. Run by benchmarks/assessments.py with the Python of the peers' environment.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from assessments.engine.definition import Definition
from assessments.engine.document import parse
from assessments.engine.prove import prove
from benchmarks.peers.assessments.brute import brute_force, cut
from benchmarks.peers.assessments.deciders import DECIDERS, answer_all
from benchmarks.peers.assessments.grown import SIZES, grown

SAMPLE = 200
SECONDS = 0.25


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


def decisions(document: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Microseconds for one decision, for each subject and round, over the same answers; checked to be equal."""
    definition = parse(document)
    chance = random.Random(17)
    sample = [answer_all(definition.questions, chance.randrange) for _ in range(SAMPLE)]
    deciders = {name: make(document) for name, make in DECIDERS.items()}
    for answers in sample:
        told = {name: decide(answers) for name, decide in deciders.items()}
        if (
            len(set(map(str, [sorted(one.fired) for one in told.values()]))) != 1
            or len({(one.level, *one.ratings.items()) for one in told.values()}) != 1
        ):
            raise SystemExit(f"The engines differ: {told}")
    taken: dict[str, list[float]] = {name: [] for name in deciders}
    for _ in range(rounds):
        for name, decide in deciders.items():
            done, started = 0, time.process_time()
            while (spent := time.process_time() - started) < SECONDS:
                for answers in sample[:20]:
                    decide(answers)
                done += 20
                sample = sample[20:] + sample[:20]
            taken[name].append(spent / done * 1e6)
    return taken


def proofs(document: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Milliseconds for proofs, each made from a parsed definition that was never seen before."""
    small = cut(document)
    taken: dict[str, list[float]] = {}
    subjects = {"default": document, "cut": small, **{str(n): grown(n) for n in SIZES}}
    for _ in range(rounds):
        for name, subject in subjects.items():
            taken.setdefault(name, []).append(timed(partial(proved, parse(subject))))
        taken.setdefault("brute_force", []).append(timed(partial(brute_force, parse(small))))
    return taken


def proved(definition: Definition) -> None:
    proof = prove(definition)
    if not proof.proved:
        raise SystemExit(f"{definition.key} is not proved: {proof.counterexamples}")


def main() -> None:
    document = json.loads(Path(sys.argv[1]).read_text())
    rounds = int(sys.argv[2])
    decide = {name: statistics.median(values) for name, values in decisions(document, rounds).items()}
    raw = proofs(document, rounds)
    medians = {name: statistics.median(values) for name, values in raw.items()}
    walks = prove(parse(cut(document))).cases
    figures = {
        "evaluate_us": round(decide["ours"], 2),
        "prove_ms": round(medians["default"], 2),
        "prove_ms_worst_round": round(max(raw["default"]), 2),
        "peers_us": {name: round(value, 2) for name, value in decide.items() if name != "ours"},
        "ratios": {
            **{f"vs_{name}": round(value / decide["ours"], 2) for name, value in decide.items() if name != "ours"},
            "prove_vs_brute_force": round(medians["brute_force"] / medians["cut"], 1),
        },
        "brute_force": {
            "walks": walks,
            "brute_force_ms": round(medians["brute_force"], 1),
            "prove_ms": round(medians["cut"], 2),
        },
        "growth_ms": {str(n): round(medians[str(n)], 2) for n in SIZES},
        "growth_walks": {str(n): prove(parse(grown(n))).cases for n in SIZES},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
