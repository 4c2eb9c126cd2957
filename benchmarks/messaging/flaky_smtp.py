"""An SMTP server that does what servers do on bad days, by a seed.

Every message that it keeps is one line in a file: time, Message-ID, recipient; the line is on disk before the answer.
Run as ``python -m benchmarks.messaging.flaky_smtp PORT FILE SEED SWITCH``; without the file SWITCH it behaves.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path

# Of each message: what happens, how often.
FAULTS = {
    "421": 0.005,  # at MAIL, and the line closes
    "451": 0.005,  # at RCPT
    "550": 0.005,  # at RCPT
    "452": 0.002,  # mailbox full
    "dropped_kept": 0.005,  # after DATA the message is kept, and the line closes before 250
    "dropped_lost": 0.005,  # after DATA the message is thrown away, and the line closes before 250
}
AT_RCPT = {
    "451": b"451 4.7.1 later\r\n",
    "550": b"550 5.1.1 no such user\r\n",
    "452": b"452 4.2.2 full\r\n",
}


class Server:
    def __init__(self, file: Path, seed: int, switch: Path):
        self.out = file.open("a", buffering=1)
        self.random, self.switch = random.Random(seed), switch

    def fault(self) -> str:
        if not self.switch.exists():
            return ""
        drawn, edge = self.random.random(), 0.0
        for name, share in FAULTS.items():
            edge += share
            if drawn < edge:
                return name
        return ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 bench\r\n")
        fault, to = "", ""
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                fault = self.fault()
                if fault == "421":
                    writer.write(b"421 4.3.2 closing\r\n")
                    return
                writer.write(b"250 ok\r\n")
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                writer.write(AT_RCPT.get(fault, b"250 ok\r\n"))
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                await writer.drain()
                content = await reader.readuntil(b"\r\n.\r\n")
                if fault != "dropped_lost":
                    self._keep(content, to)
                if fault.startswith("dropped"):
                    return
                writer.write(b"250 kept\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()

    def _keep(self, content: bytes, to: str) -> None:
        head = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        name = next(
            line.partition(":")[2].strip() for line in head.splitlines() if line.lower().startswith("message-id:")
        )
        self.out.write(f"{time.time()}\t{name}\t{to}\n")


async def main() -> None:
    port, file, seed, switch = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    server = Server(file, seed, switch)
    await (await asyncio.start_server(server.serve, "127.0.0.1", port, limit=2**20)).serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
