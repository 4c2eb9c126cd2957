"""Runs Celery with a clock that is one hour ahead."""

from __future__ import annotations

import sys
import time

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    sys.argv[0] = "celery"
    with time_machine.travel(time.time() + 3600, tick=True):
        main()
