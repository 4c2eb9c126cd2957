"""The WSGI application that granian serves."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if settings.MISSING_KEYS:
    sys.exit(settings.MISSING_KEYS)
handler = get_wsgi_application()

# Models can be imported only now.
from guides.publishing import standby  # noqa: E402
from guides.publishing.cache import page_cache  # noqa: E402
from guides.publishing.front import PublishedFront  # noqa: E402

application = PublishedFront(handler, page_cache)
standby.start()
