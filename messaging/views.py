"""Pages."""

from django.http import HttpRequest, HttpResponse


def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("")


def sms_status(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
