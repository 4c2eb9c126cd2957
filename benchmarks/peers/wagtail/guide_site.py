"""The peer: a Wagtail site as ``wagtail start`` makes it, with one published page, and one draft of sixty blocks.

``GUIDE_ROWS`` names a JSON list of HTML pieces, ``GUIDE_BLOCKS`` the kinds and values of the draft's blocks
(`benchmarks.editing`), ``GUIDE_DATABASES`` the folder of the SQLite file. Run with ``prepare`` it fills the file, with
``form`` it asks for the form of the draft in this process and prints JSON.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

WAGTAIL = (
    "admin",
    "images",
    "documents",
    "snippets",
    "users",
    "embeds",
    "search",
    "contrib.forms",
    "contrib.redirects",
)
DJANGO = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
ROUNDS = 15

settings.configure(
    SECRET_KEY="only for a benchmark on loopback",
    ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    ROOT_URLCONF="urls",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{os.environ['GUIDE_DATABASES']}/wagtail.sqlite3",
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "explainer",
        *(f"wagtail.{name}" for name in WAGTAIL),
        "wagtail",
        "modelcluster",
        "taggit",
        *(f"django.contrib.{name}" for name in DJANGO),
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.debug",
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    STATIC_URL="/static/",
    WAGTAIL_SITE_NAME="Explainer",
    WAGTAILADMIN_BASE_URL="http://127.0.0.1",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from explainer.models import SHAPES, ExplainerPage  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402


def prepare() -> None:
    call_command("migrate", verbosity=0)
    User.objects.create_superuser("editor", password="only for a benchmark")
    root = Page.objects.get(depth=1)
    pieces = [{"type": "piece", "value": html} for html in json.loads(Path(os.environ["GUIDE_ROWS"]).read_text())]
    page = root.add_child(instance=ExplainerPage(title="Guide", slug="guide", body=json.dumps(pieces)))
    Site.objects.update(root_page=page)
    written = json.loads(Path(os.environ["GUIDE_BLOCKS"]).read_text())["blocks"]
    sixty = [{"type": block["type"], "value": _value(block)} for block in written]
    page.add_child(instance=ExplainerPage(title="Draft", slug="draft", body=json.dumps(sixty), live=False))


def _value(block: dict[str, Any]) -> dict[str, Any]:
    """The values of a block as Wagtail keeps them: every item a row of cells, none of them without a value."""
    shape = SHAPES[block["type"]]
    value = {cell["name"]: block[cell["name"]] or "" for cell in shape["cells"]}
    for cell in shape["cells"]:
        if cell["kind"] == "codes" and not isinstance(value[cell["name"]], list):
            value[cell["name"]] = []
    if shape["items"]:
        first = shape["items"][0]["name"]
        rows = [{first: item} if len(shape["items"]) == 1 else item for item in block["items"]]
        value["items"] = [{name: cell or "" for name, cell in row.items()} for row in rows]
    return value


def form() -> None:
    client = Client()
    client.force_login(User.objects.get())  # type: ignore[arg-type]  # a user of this site, not of ours
    url = f"/admin/pages/{ExplainerPage.objects.get(slug='draft').pk}/edit/"
    asked: list[str] = []

    def notice(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    size = len(client.get(url).content)
    with connection.execute_wrapper(notice):
        assert client.get(url).status_code == 200
    taken, used = [], []
    for _ in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        client.get(url)
        taken.append(time.perf_counter() - begun)
        used.append(time.process_time() - worked)
    figures = {"form_ms": taken, "form_cpu_ms": used}
    told = {name: round(1000 * statistics.median(values), 1) for name, values in figures.items()}
    print(json.dumps({**told, "queries": len(asked), "bytes": size}))


if __name__ == "__main__":
    {"prepare": prepare, "form": form}[sys.argv[1]]()
else:
    application = get_wsgi_application()
