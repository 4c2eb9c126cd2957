"""What views answer with when a page is the same for everyone."""

from __future__ import annotations

from django.http import HttpResponse

from guides.publishing.page_cache import Page


class PublishedResponse(HttpResponse):
    """A page that is the same for everyone. The middleware keeps it until something new is published."""

    def __init__(self, page: Page):
        super().__init__(page.body)
        self.page = page
