"""The public pages of this app; `home`, the sitemap and robots.txt have their names in the root."""

from django.urls import path

from guides import previews, views
from guides.feeds import LatestGuides

app_name = "guides"
urlpatterns = [
    path("guides/", views.index, name="index"),
    path("guides/feed/", LatestGuides(), name="feed"),
    path("guides/<slug:slug>/", views.guide, name="guide"),
    path("levels/<slug:slug>/", views.level, name="level"),
    path("compare/", views.compare_index, name="compare_index"),
    path("compare/<slug:a>/<slug:b>/", views.compare, name="compare"),
    path("compare/<slug:a>/<slug:b>/<path:more>/", views.compare, name="compare"),
    path("glossary/", views.glossary, name="glossary"),
    path("search/", views.search, name="search"),
    path("draft/<str:token>/", previews.shared_draft, name="draft"),
    path("crisis/", views.crisis, name="crisis"),
]
