"""The peer: a Django site as startproject makes it, with django-formtools' wizard over our questionnaire.

One form for each question, a condition for each that is not always asked, as its documentation writes them. The JSON
file that ``BENCH_QUESTIONNAIRE`` names is read, and nothing of this project but that. ``BENCH_DATABASE_URL`` is a
PostgreSQL database; run as a program it makes the tables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

HERE = Path(__file__).resolve().parent
DATABASE = urlsplit(os.environ.get("BENCH_DATABASE_URL", ""))
NOT_SURE = "not_sure"
settings.configure(
    SECRET_KEY="only for a benchmark on loopback",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE.path[1:],
            "USER": DATABASE.username,
            "HOST": DATABASE.hostname,
            "PORT": DATABASE.port,
            "CONN_MAX_AGE": 60,
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "formtools",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [HERE],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

# The views can be imported only where Django is set up.
from django import forms  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from formtools.wizard.views import NamedUrlSessionWizardView, SessionWizardView  # noqa: E402

QUESTIONS: list[dict[str, Any]] = json.loads(Path(os.environ["BENCH_QUESTIONNAIRE"]).read_text())["questions"]


def form_of(question: dict[str, Any]) -> type[forms.Form]:
    """A form with one field, for the question as it is asked about a loved one in English."""
    choices = [(choice["key"], choice["text"]["en"]["loved"]) for choice in question["choices"]]
    about = {"label": question["text"]["en"]["loved"]}
    field: forms.Field
    if question["kind"] == "one":
        field = forms.ChoiceField(choices=[*choices, (NOT_SURE, "Not sure")], widget=forms.RadioSelect, **about)
    else:
        several = [*choices, ("", "None of these"), (NOT_SURE, "Not sure")]
        field = forms.MultipleChoiceField(choices=several, widget=forms.CheckboxSelectMultiple, **about)
    return type("QuestionForm", (forms.Form,), {"answer": field})


def condition_of(question: dict[str, Any]) -> Callable[[Any], bool] | None:
    """When it is asked: with the choices of earlier ones, or after "not sure"."""
    if helped := question.get("helps"):
        return lambda wizard: NOT_SURE in answer_to(wizard, helped)
    if when := question.get("shows_when"):
        return lambda wizard: holds(when, wizard)
    return None


def holds(when: dict[str, Any], wizard: Any) -> bool:
    ((kind, inner),) = when.items()
    if kind == "in":
        key, wanted = inner
        return not {*wanted, NOT_SURE}.isdisjoint(answer_to(wizard, key))
    return (any if kind == "any" else all)(holds(part, wizard) for part in inner)


def answer_to(wizard: Any, key: str) -> list[str]:
    given = (wizard.get_cleaned_data_for_step(key) or {}).get("answer") or []
    return [given] if isinstance(given, str) else given


FORMS = [(question["key"], form_of(question)) for question in QUESTIONS]
CONDITIONS = {question["key"]: condition for question in QUESTIONS if (condition := condition_of(question))}


class Pages:
    template_name = "wizard.html"

    def done(self, form_list: list[forms.Form], **_more: Any) -> HttpResponse:
        request = self.request  # type: ignore[attr-defined]
        return render(request, "done.html", {"answers": [form.cleaned_data["answer"] for form in form_list]})


class OneAddress(Pages, SessionWizardView):
    """A form is answered with the next page."""


class Named(Pages, NamedUrlSessionWizardView):
    """Each question has an address; a form leads on to the next."""


named = Named.as_view(FORMS, condition_dict=CONDITIONS, url_name="step", done_step_name="done")
urlpatterns = [
    path("plain/", OneAddress.as_view(FORMS, condition_dict=CONDITIONS)),
    path("named/", named),
    path("named/<step>/", named, name="step"),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
else:
    application = get_wsgi_application()
