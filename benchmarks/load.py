"""A bounded HTTP load on loopback: a few connections that each ask again as soon as they are answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """What bounced: counts by status, bytes of bodies, and every answer's time in seconds."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    body_bytes: int = 0
    times: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return sum(self.statuses.values())

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def load(port: int, path: str, *, seconds: float, connections: int = 8, headers: str = "") -> Load:
    """Ask 127.0.0.1:`port` for `path` for about `seconds`. `headers` are full lines that end with CRLF."""
    result = Load()
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
    begun = time.perf_counter()
    asyncio.run(_all(port, request, begun + seconds, connections, result))
    result.seconds = time.perf_counter() - begun
    return result


async def _all(port: int, request: bytes, until: float, connections: int, result: Load) -> None:
    await asyncio.gather(*(_one(port, request, until, result) for _ in range(connections)))


async def _one(port: int, request: bytes, until: float, result: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (asked := time.perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _length(head)
            if length:
                await reader.readexactly(length)
            status = int(head[9:12])
            result.statuses[status] = result.statuses.get(status, 0) + 1
            result.body_bytes += length
            result.times.append(time.perf_counter() - asked)
    finally:
        writer.close()


def _length(head: bytes) -> int:
    lower = head.lower()
    place = lower.find(b"content-length:")
    if place < 0:
        if lower[9:12] in (b"304", b"204"):
            return 0
        raise ValueError("the server sends bodies of unknown length")
    return int(lower[place + 15 : lower.index(b"\r\n", place)])
