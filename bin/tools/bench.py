"""Runs one benchmark of benchmarks/ in an environment that is set up for it."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from tools.assets import ensure_assets
from tools.environment import PYTHON, ensure_environment
from tools.say import ROOT, Stop
from tools.steps import one_at_a_time

NOT_RUN_ALONE = ("__init__", "editing", "frame", "guarded", "load", "publishing", "searching", "served", "staff")


def bench(arguments: list[str]) -> NoReturn:
    """Run the benchmark that the first argument names; the rest goes to benchmarks/frame.py."""
    modules = [file.stem for file in (ROOT / "benchmarks").glob("*.py") if file.stem not in NOT_RUN_ALONE]
    names = sorted([*modules, *(file.parent.name for file in (ROOT / "benchmarks").glob("*/run.py"))])
    if not arguments or arguments[0] not in names:
        raise Stop(f"Name a benchmark: {', '.join(names)}.")
    with one_at_a_time():
        ensure_environment(dev=False)
        ensure_assets()
    # In place of this process: whoever ends bin/bench ends the benchmark, whose guard then ends all that it started.
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "benchmarks.frame", *arguments])
