from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models import Participant

from .delivery import Channel
from .device import Device
from .leased import Leased


class NudgeQuerySet(models.QuerySet["Nudge"]):
    def with_facts(self) -> "NudgeQuerySet":
        return self.select_related("participant__user", "device")


class Nudge(Leased):
    """That messages wait for somebody, on its way to them by one way; by push, to one of their
    devices. What it says, and to which address, is read when it is sent: words may be taken back
    until then."""

    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="nudges", verbose_name=_("for")
    )
    # Of the newest message they are told of.
    seq = models.PositiveBigIntegerField(_("up to"))
    channel = models.CharField(_("by"), max_length=10, choices=Channel)
    device = models.ForeignKey(
        Device,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="nudges",
        verbose_name=_("device"),
    )
    # As in Delivery.
    device_key = models.PositiveBigIntegerField(default=0, editable=False)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("hint at messages")
        verbose_name_plural = _("hints at messages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "seq", "channel", "device_key"], name="nudged_once"
            )
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="nudge_by_next_try")]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.seq}"
