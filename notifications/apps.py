from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        # Subscribes to the news of the apps below, and registers checks.
        from accounts.backends import loaded_with_user
        from chat.gateways.presence import told_by

        from . import checks, receivers  # noqa: F401
        from .consumers.carrier import carry
        from .gateways.hints import carried_by
        from .selectors.reading import standing_with_user
        from .selectors.seen import seen

        carried_by(carry)
        told_by(seen)
        loaded_with_user(standing_with_user)
