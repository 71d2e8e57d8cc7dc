import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RefreshToken(models.Model):
    """One refresh token of an app: used once, then dead; using it twice kills its family.

    Kept as a row because neither token library rotates safely when two requests race: here one
    of them wins ``UPDATE … WHERE used_at IS NULL``.
    """

    jti = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.UUIDField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refresh_tokens"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("app sign-in")
        verbose_name_plural = _("app sign-ins")

    def __str__(self) -> str:
        return str(self.jti)
