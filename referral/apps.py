from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralConfig(AppConfig):
    name = "referral"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        from guides.publishing.cache import moved_by  # noqa: PLC0415  (models cannot be imported before)

        moved_by(self.get_model("holiday"), self.get_model("officehours"))
