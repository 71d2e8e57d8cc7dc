from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.common.appended import Appended

from .payment import Payment


class GatewayNotice(Appended):
    """What came in at a gateway's callback, and whether it was believed. Of the body only the
    digest is kept: it may name the person who paid."""

    gateway = models.CharField(_("gateway"), max_length=20)
    event_id = models.CharField(_("event"), max_length=120, blank=True)
    # "stripe:evt_1", of what was believed only: each counts once.
    counted_key = models.CharField(max_length=150, null=True, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("payment"),
    )
    accepted = models.BooleanField(_("believed"))
    # A code of payments.errors, or "repeated".
    refusal = models.CharField(_("why not"), max_length=40, blank=True)
    # SHA-256, hexadecimal.
    digest = models.CharField(_("digest"), max_length=64)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("notice of a gateway")
        verbose_name_plural = _("notices of gateways")
        ordering = ["-id"]
        indexes = [models.Index(fields=["received_at"], name="notice_by_time")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.received_at):%Y-%m-%d %H:%M} {self.gateway} {self.kind}"
