"""The least that can answer: a Django view without middleware, and a WSGI application without Django."""

from collections.abc import Callable, Iterable
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY="only for a benchmark on loopback", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[]
)
django.setup()


def hello(request: HttpRequest) -> JsonResponse:
    answer = JsonResponse({"hello": "world"})
    answer["Content-Length"] = len(answer.content)  # as CommonMiddleware would: who asks waits for so many bytes
    return answer


urlpatterns = [path("hello/", hello)]
bare_django = get_wsgi_application()


def bare_wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = b'{"hello": "world"}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
