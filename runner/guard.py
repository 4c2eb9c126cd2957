"""Ends every part if the process that started them is gone, even when it was killed without warning.

Started by runner/supervise.py, and by benchmarks, with a pipe as its standard input. Each line is the id of a process
group, or that with a minus in front once the group has ended, or the path of a folder that nobody needs afterwards, or
"done". The pipe ends when the supervisor does; unless it said "done" before, whatever still runs is killed, and the
folders are removed.
"""

import os
import shutil
import signal
import sys
import time


def main() -> None:
    groups: set[int] = set()
    folders: set[str] = set()
    for line in sys.stdin:
        word = line.strip()
        if word == "done":
            return
        if word.startswith("/"):
            folders.add(word)
            continue
        group = int(word)
        if group > 0:
            groups.add(group)
        else:
            groups.discard(-group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    for folder in folders:
        _remove(folder)


def _remove(folder: str) -> None:
    # What was killed a moment ago may have children that still write there until they notice.
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return
        time.sleep(0.1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    main()
