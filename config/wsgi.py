"""The WSGI application that granian serves."""

import os
import sys

from config.replacing import slow_to_fail
from config.without_keys import stand_in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = stand_in(os.environ)
if application is None:
    with slow_to_fail():
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application

        if settings.MISSING_KEYS:
            sys.exit(settings.MISSING_KEYS)
        handler = get_wsgi_application()

        # Models can be imported only now.
        from guides.publishing import standby
        from guides.publishing.cache import page_cache
        from guides.publishing.front import PublishedFront

        application = PublishedFront(handler, page_cache)
        standby.start()
