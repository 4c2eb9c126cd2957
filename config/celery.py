"""The Celery application. Its settings are the ``CELERY_*`` names in config/settings.py."""

import os

from celery import Celery
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# What a worker holds while its connection breaks is delivered again after the visibility timeout, and the next nudge
# comes sooner. Kombu would hand it back over the broken connection: that fails, and ends the worker.
Channel.do_restore = False

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
