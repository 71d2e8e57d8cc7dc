from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_TOKEN = 512


class Platform(models.TextChoices):
    IOS = "ios", "iOS"
    ANDROID = "android", "Android"
    WEB = "web", _("browser")
    HARMONY = "harmony", "HarmonyOS"


class DeviceQuerySet(models.QuerySet["Device"]):
    def reachable(self) -> "DeviceQuerySet":
        return self.filter(disabled_at=None)


class Device(models.Model):
    """An app of somebody's that pushes reach, under the token that its push service gave it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="devices",
        verbose_name=_("whose"),
    )
    platform = models.CharField(_("platform"), max_length=10, choices=Platform)
    token = models.CharField(max_length=LONGEST_TOKEN, editable=False)
    # Unique instead of the token: MariaDB takes letters of different case for the same.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("registered"))
    last_used_at = models.DateTimeField(_("last seen"))
    # The push service said that nobody is there any more.
    disabled_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_platform_display()} {self.pk}"


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
