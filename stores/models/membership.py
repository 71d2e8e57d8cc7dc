from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking_site.common.history import Kept

from .store import Store


class StoreMembership(models.Model):
    """Binds a staff user to a store they manage."""

    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("store")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="store_memberships",
        verbose_name=_("account"),
    )

    history = Kept(_("history of store managers"))

    class Meta:
        verbose_name = _("store manager")
        verbose_name_plural = _("store managers")
        constraints = [
            models.UniqueConstraint(fields=["store", "user"], name="one_membership_per_store")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.store}"
