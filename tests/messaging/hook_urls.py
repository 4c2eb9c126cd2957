"""The addresses of an installation that uses django-anymail's providers."""

from django.urls import include, path

from config.urls import urlpatterns as usual

urlpatterns = [path("hooks/", include("anymail.urls")), *usual]
