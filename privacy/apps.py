from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from privacy.fields import keys_mark


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        post_migrate.connect(_make_key_check, sender=self)


def _make_key_check(using: str, apps: Any = registry, **_about: Any) -> None:
    try:
        model = apps.get_model("privacy", "KeyCheck")
    except LookupError:  # migrated back to before there was one
        return
    rows = model._base_manager.using(using)
    # Not read: whoever migrates with wrong keys hears so from the page of readiness.
    if not rows.exists():
        rows.create(mark=keys_mark())
