"""The Celery application. Its settings are the ``CELERY_*`` names in config/settings.py."""

import os
import sys
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from django.conf import settings

from config.broker import forgive_lost_connections
from runner.keys_fit import why_not

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if settings.MISSING_KEYS:
    sys.exit(settings.MISSING_KEYS)
if not settings.HOSTED and (why := why_not(settings.DATA, os.environ)):
    sys.exit(why)  # bin/up starts it again until they are right; it would never look at them anew
forgive_lost_connections()
if not settings.HOSTED:  # bin/up runs as root, too, where it is all there is
    warnings.filterwarnings("ignore", category=SecurityWarning)
app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
