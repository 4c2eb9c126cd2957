"""Which static files are served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class ServedFiles(StaticFilesConfig):
    """Static files without those that no page loads: sources, and unminified or newer twins of libraries."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "scss",
        "django_htmx/ext",
        "django_htmx/htmax-*",
        "django_htmx/htmx-4*",
        "django_htmx/htmx-2.js",
        "admin/js/vendor/*/jquery.js",
        "admin/js/vendor/*/xregexp.js",
        "admin/js/vendor/*/select2.full.js",
    ]
