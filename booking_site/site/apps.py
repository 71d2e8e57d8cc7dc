from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "booking_site.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self) -> None:
        # Says what may stand in the settings of the apps below.
        from . import known_settings  # noqa: F401
