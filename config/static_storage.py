"""Where collected static files lie, and their list beside them: what lies among them is served to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Hashed and packed files; the list of their names is read by the pages' code alone."""

    def __init__(self, *args: Any, **kwargs: Any):
        beside = FileSystemStorage(Path(settings.STATIC_ROOT).parent)
        super().__init__(*args, manifest_storage=beside, **kwargs)
