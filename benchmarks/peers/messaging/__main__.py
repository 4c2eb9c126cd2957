"""``python -m benchmarks.peers.messaging PEER prepare | work | backlog COUNT START | plan COUNT AT GAP START``."""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> None:
    peer = import_module(f"benchmarks.peers.messaging.{sys.argv[1]}")
    verb, numbers = sys.argv[2], sys.argv[3:]
    if verb in ("prepare", "work"):
        getattr(peer, verb)()
    elif verb == "backlog":
        peer.backlog(int(numbers[0]), int(numbers[1]))
    else:
        peer.plan(int(numbers[0]), float(numbers[1]), float(numbers[2]), int(numbers[3]))


if __name__ == "__main__":
    main()
