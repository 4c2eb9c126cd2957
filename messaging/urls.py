"""Addresses of this room. What machines and links in messages call has no language prefix."""

from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("m/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("hooks/sms/status/", views.sms_status, name="sms-status"),
]
