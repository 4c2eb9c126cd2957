from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class FrameConfig(AppConfig):
    name = "config"
    verbose_name = _("Frame")


class OrderedAdmin(admin_apps.AdminConfig):
    """Django's admin, with our order of its pages. It is named in the settings, so it is nobody's default."""

    default = False
    default_site = "config.admin_site.Site"
