"""Pages for people, in their language."""

from django.urls import path

from messaging import views

app_name = "choices"
urlpatterns = [path("", views.choices, name="page")]
