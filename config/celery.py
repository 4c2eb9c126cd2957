"""The Celery application. Its settings are the ``CELERY_*`` names in config/settings.py."""

import os
import sys

from celery import Celery
from django.conf import settings

from config.broker import forgive_lost_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if settings.MISSING_KEYS:
    sys.exit(settings.MISSING_KEYS)
forgive_lost_connections()
app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
