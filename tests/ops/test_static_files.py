"""Of the static files is served what pages load, and nothing that is only for us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware

from config.static_storage import Collected


def test_the_list_of_the_files_is_not_served(settings: Any, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "look.css").write_text("p { color: red }")
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "collected", [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static_storage.Collected"}}
    call_command("collectstatic", "--noinput", verbosity=0)
    names = Collected().hashed_files
    assert list(names) == ["look.css"] and (tmp_path / "collected" / names["look.css"]).is_file()
    served = set(WhiteNoiseMiddleware(lambda request: None).files)
    assert served and not [path for path in served if not path.startswith("/static/look.")]
