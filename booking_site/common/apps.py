from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "booking_site.common"
    label = "common"
    verbose_name = _("Shared parts")

    def ready(self) -> None:
        # Registers checks.
        from . import checks  # noqa: F401
