from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from realtors.models import Listing, Realtor
from stores.models import Store

from .session import Session


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self, at: datetime) -> "HoldQuerySet":
        return self.filter(expires_at__gt=at)

    def of_times(self) -> "HoldQuerySet":
        """Of a realtor's time, not of a seat."""
        return self.filter(session=None)

    def expired(self, at: datetime) -> "HoldQuerySet":
        return self.filter(expires_at__lte=at)


class Hold(models.Model):
    """A promise for a few minutes while the customer fills in the form. It claims what the booking
    would; whoever has the token may book it or let it go. One of a ``session`` claims a seat of it,
    and nobody's time: who will sit there is said with the booking."""

    token = models.CharField(max_length=43, unique=True)
    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="holds", verbose_name=_("store")
    )
    realtor = models.ForeignKey(
        Realtor, on_delete=models.CASCADE, related_name="holds", verbose_name=_("realtor")
    )
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=pgettext_lazy("course", "session"),
    )
    # What is to be seen or done; a house is kept with its host's time.
    listing = models.ForeignKey(
        Listing,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name=_("listing"),
    )
    realtor_named = models.BooleanField(_("chosen by the customer"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="holds",
        verbose_name=_("account"),
    )
    # Of a guest: a keyed digest of the network they came from, so that one cannot hold a whole day.
    network = models.CharField(max_length=32, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    duration_minutes = models.PositiveIntegerField(_("minutes"))
    expires_at = models.DateTimeField(_("expires"))
    created_at = models.DateTimeField(_("created"))

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        indexes = [
            models.Index(fields=["store", "expires_at"], name="hold_by_expiry"),
            models.Index(fields=["network", "expires_at"], name="hold_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.starts_at.astimezone(self.store.zone):%Y-%m-%d %H:%M}"
