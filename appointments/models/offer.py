from django.db import models
from django.utils.translation import gettext_lazy as _

from realtors.models import Realtor

from .appointment import Appointment


class OfferStatus(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TIMED_OUT = "timed_out", _("timed out")
    WITHDRAWN = "withdrawn", _("withdrawn")


REFUSED = (OfferStatus.DECLINED, OfferStatus.TIMED_OUT)


class Offer(models.Model):
    """A pending appointment put before one realtor, with the reasons why this one."""

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.CASCADE,
        related_name="offers",
        verbose_name=_("appointment"),
    )
    realtor = models.ForeignKey(
        Realtor, on_delete=models.CASCADE, related_name="offers", verbose_name=_("realtor")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=OfferStatus, default=OfferStatus.OPEN
    )
    # Equal to the appointment while open, null after: at most one open offer each. (MariaDB has
    # no unique index with a condition.)
    open_key = models.PositiveBigIntegerField(null=True, unique=True)
    deadline_at = models.DateTimeField(_("answer by"))
    score = models.JSONField(_("why this realtor"), default=dict)
    # The others who were thought of: [{"realtor_id", "minutes"} or {"realtor_id", "rejected"}, …].
    considered = models.JSONField(_("others considered"), default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["status", "deadline_at"], name="offer_by_deadline"),
            models.Index(fields=["realtor", "created_at"], name="offer_by_realtor"),
        ]

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.realtor}"
