from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .delivery import Channel
from .notification import Type

KINDS = tuple(type_.kind for type_ in Type)
# What must reach everybody: that the site will be closed, that the terms change.
FIXED = frozenset({(Type.SYSTEM.kind, Channel.IN_APP.value)})


class NotificationPreference(models.Model):
    """Somebody wants to hear of a kind of news by this way, or not. Only what differs from the
    default, which is yes, has a row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notification_preferences",
        verbose_name=_("whose"),
    )
    kind = models.CharField(
        _("of what"), max_length=30, choices=[(type_.kind, type_.label) for type_ in Type]
    )
    channel = models.CharField(_("by"), max_length=10, choices=Channel)
    enabled = models.BooleanField(_("wanted"), default=False)

    class Meta:
        verbose_name = _("wish of notifications")
        verbose_name_plural = _("wishes of notifications")
        ordering = ["user_id", "kind", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preferred_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.channel} {self.enabled}"
