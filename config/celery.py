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
if why := why_not(settings.DATA, os.environ):
    sys.exit(why)  # whoever runs it starts it again until they are right; it would never look at them anew
forgive_lost_connections()
if not settings.HOSTED:  # bin/up runs as root, too, where it is all there is
    warnings.filterwarnings("ignore", category=SecurityWarning)
app = Celery("waymark", task_cls="config.tasks:TaskWithKeys")  # by its name: it asks a model
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
