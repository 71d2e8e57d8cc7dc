from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        # Subscribes to the news of the apps below.
        from accounts.backends import loaded_with_user

        from . import checks, receivers, talks  # noqa: F401
        from .selectors.reading import unread_with_user

        loaded_with_user(unread_with_user)
