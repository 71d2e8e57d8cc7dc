from django.db import models
from django.utils.translation import gettext_lazy as _

from stores.models import Store


class DispatchPool(models.Model):
    """The row a store's bookings and assignments queue up on, so that refusals are polite and
    lines are served in order. Written first, before any other row is looked at."""

    store = models.OneToOneField(
        Store,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="pool",
        verbose_name=_("store"),
    )
    # Written, not only locked: two nodes of a cluster do not see each other's locks, but they do
    # see that both have written this row, and one of them begins again.
    changed_at = models.DateTimeField(_("last change"))

    class Meta:
        verbose_name = _("dispatch pool")
        verbose_name_plural = _("dispatch pools")

    def __str__(self) -> str:
        return str(self.store)
