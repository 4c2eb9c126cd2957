"""Addresses of the workspace."""

from django.urls import path

from workspace.views import buttons, one_referral, queue

app_name = "workspace"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("referral/<int:pk>/", one_referral.detail, name="referral"),
    path("referral/<int:pk>/<slug:deed>/", buttons.on_referral, name="do"),
    path("referral/<int:pk>/<slug:kind>/<int:row>/<slug:deed>/", buttons.on_row, name="do-row"),
]
