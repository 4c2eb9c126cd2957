"""The system's own settings, with only the apps that messages need."""

import os

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR

INSTALLED_APPS = ["messaging", "privacy", "anymail", "django.contrib.auth", "django.contrib.contenttypes"]
INSTALLED_APPS += ["django.contrib.sessions"]  # whose table privacy encrypts
MIDDLEWARE = []
ROOT_URLCONF = "benchmarks.messaging.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"]}]
ROTATE_ALSO = []
METRICS = []
MESSAGING_CLIENT = f"benchmarks.messaging.owner.{os.environ.get('BENCH_OWNER', 'Owner')}"
MESSAGING_TEMPLATES = "benchmarks.messaging.owner.templates"
MESSAGING_MAIL_LOOKUP = ""
