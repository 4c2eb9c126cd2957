"""The peer: a Django site as startproject makes it, whose page is put together from rows at each request.

``GUIDE_ROWS`` names a JSON list of HTML pieces; run by itself it loads them into a SQLite file in the folder that
``GUIDE_DATABASES`` names.
"""

import json
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

HERE = Path(__file__).resolve().parent
settings.configure(
    SECRET_KEY="only for a benchmark on loopback",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{os.environ['GUIDE_DATABASES']}/template_view.sqlite3",
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE]}],
)
django.setup()


def guide(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT html FROM piece ORDER BY place")
        pieces = [html for (html,) in cursor.fetchall()]
    return render(request, "guide.html", {"pieces": pieces})


urlpatterns = [path("guide/", guide)]


def load_rows() -> None:
    rows = json.loads(Path(os.environ["GUIDE_ROWS"]).read_text())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE piece (place integer PRIMARY KEY, html text NOT NULL)")
        cursor.executemany("INSERT INTO piece VALUES (%s, %s)", list(enumerate(rows)))


if __name__ == "__main__":
    load_rows()
else:
    application = get_wsgi_application()
