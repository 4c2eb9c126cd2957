"""News of the guides for feed readers, in the language of the address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guides.models import Publication


class LatestGuides(Feed[Publication, None]):
    """The twenty guides that were published last."""

    feed_type = Atom1Feed
    title = _("Waymark: guides")
    subtitle = _("Guides to the levels of addiction and mental health care, in plain words.")
    link = "/guides/"

    def get_object(self, *args: object, **kwargs: object) -> None:
        return None

    def items(self) -> list[Publication]:
        language = get_language() or settings.LANGUAGE_CODE
        return list(Publication.objects.filter(language=language).order_by("-published_at", "key")[:20])

    def item_title(self, item: Publication) -> str:
        return item.title

    def item_description(self, item: Publication) -> str:
        return item.summary

    def item_link(self, item: Publication) -> str:
        return item.path

    def item_updateddate(self, item: Publication) -> datetime:
        return item.published_at
