from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_delete
from django.forms import Field
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

FROM_PACKAGES = (
    gettext_noop("access attempts"),
    gettext_noop("access failures"),
    gettext_noop("access logs"),
    gettext_noop("Add"),
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Add link"),
    gettext_noop("Add another %(model)s"),
    gettext_noop("Added."),
    gettext_noop("Addition"),
    gettext_noop("Save and add another"),
)
"""Words of packages that come without a Spanish translation, or with one that nobody here says: ours holds them."""


class FrameConfig(AppConfig):
    name = "config"
    verbose_name = _("Frame")

    def ready(self) -> None:
        # Every form, the admin's too: an error says what to do.
        Field.default_error_messages["required"] = _("Please fill this in.")
        post_delete.connect(_end_sessions, sender="mfa.Authenticator")


def _end_sessions(instance: Any, **_about: Any) -> None:
    """Whose app is deleted, in whatever way, is signed out everywhere, and the recovery codes end: a lost phone may
    still be signed in, or have kept them. New recovery codes end nothing."""
    if instance.type == "totp":
        instance.user.end_sessions()
        type(instance).objects.filter(user=instance.user, type="recovery_codes").delete()


class OrderedAdmin(admin_apps.AdminConfig):
    """Django's admin, with our order of its pages. It is named in the settings, so it is nobody's default."""

    default = False
    default_site = "config.admin_site.Site"
