"""Starts the collecting of strings inside the environment, where Babel and Django are."""

from __future__ import annotations

import os

from tools.environment import PYTHON, ensure_environment
from tools.say import ROOT
from tools.steps import one_at_a_time


def messages(arguments: list[str]) -> int:
    with one_at_a_time():
        # Who translates also tests: what tests need stays.
        ensure_environment(dev=True)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "bin" / "tools" / "catalogue.py"), *arguments])
