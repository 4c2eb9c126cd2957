"""Addresses of the workspace."""

from django.urls import path

from referral.views import doing, queue, workspace

app_name = "staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("referral/<int:pk>/", workspace.detail, name="referral"),
    path("referral/<int:pk>/<slug:deed>/", doing.on_referral, name="do"),
    path("referral/<int:pk>/<slug:kind>/<int:row>/<slug:deed>/", doing.on_row, name="do-row"),
]
