"""Ends every part if the process that started them is gone, even when it was killed without warning.

Started by runner/supervise.py with a pipe as its standard input. Each line is the id of a process group,
or that with a minus in front once the group has ended, or "done".
The pipe ends when the supervisor does; unless it said "done" before, whatever still runs is killed.
"""

import os
import signal
import sys


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        if line.strip() == "done":
            return
        group = int(line)
        if group > 0:
            groups.add(group)
        else:
            groups.discard(-group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    main()
