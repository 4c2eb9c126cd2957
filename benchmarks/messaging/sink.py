"""The mail server of the speed run: aiosmtpd, which takes everything and notes when and for whom.

``python -m benchmarks.messaging.sink PORT FILE``: a line of FILE is the time in seconds, a tab, and the receiver.
"""

from __future__ import annotations

import logging
import signal
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.ERROR)


class Taker:
    def __init__(self, out: TextIO):
        self.out = out

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.out.write(f"{time.time()}\t{envelope.rcpt_tos[0]}\n")
        return "250 taken"


if __name__ == "__main__":
    with Path(sys.argv[2]).open("a", buffering=1) as out:
        controller = Controller(Taker(out), hostname="127.0.0.1", port=int(sys.argv[1]))
        controller.start()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
        controller.stop()
