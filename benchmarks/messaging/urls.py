"""Links in messages lead here."""

from django.urls import include, path

urlpatterns = [path("", include("messaging.urls"))]
