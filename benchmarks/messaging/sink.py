"""The mail server of the speed run: aiosmtpd, which takes everything and keeps nothing. Argument: its port."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Any

from aiosmtpd.controller import Controller

logging.getLogger("mail.log").setLevel(logging.ERROR)


class Taker:
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 taken"


if __name__ == "__main__":
    controller = Controller(Taker(), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()
