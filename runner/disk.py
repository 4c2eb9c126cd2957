"""Whether there is room on a disk: asked by what runs all parts, and by the page of readiness. Plain Python."""

from __future__ import annotations

import shutil
from pathlib import Path

LEAST_ROOM = 16 << 20  # bytes; with less the next form may be lost


def is_full(folder: Path, least: int = LEAST_ROOM) -> bool:
    """Whether fewer than `least` bytes are free where `folder` lies. What cannot be asked is not called full."""
    try:
        return shutil.disk_usage(folder).free < least
    except OSError:
        return False
