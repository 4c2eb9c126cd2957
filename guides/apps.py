from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidesConfig(AppConfig):
    name = "guides"
    verbose_name = _("Guides")

    def ready(self) -> None:
        from guides.publishing.cache import moved_by  # noqa: PLC0415  (models cannot be imported before)

        moved_by(self.get_model("levelofcare"), self.get_model("leveltext"))
