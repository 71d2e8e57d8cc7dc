from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealtorsConfig(AppConfig):
    name = "realtors"
    verbose_name = _("Realtors")

    def ready(self) -> None:
        # Subscribes to the news of the apps below.
        from . import receivers  # noqa: F401
