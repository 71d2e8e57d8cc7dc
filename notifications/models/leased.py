"""What is carried by workers that may die at any moment."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeliveryStatus(models.TextChoices):
    PENDING = "pending", _("waiting to be sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer needed")
    DEAD = "dead", _("could not be sent")


class DropReason(models.TextChoices):
    """Why a letter need not be sent any more; kept where others say what went wrong."""

    FORGOTTEN = "forgotten", _("the person is no longer known here")
    UNTRUE = "untrue", _("no longer true")
    SUPERSEDED = "superseded", _("a newer letter says it")
    LATE = "late", _("too late to be of use")
    NO_DEVICE = "no_device", _("the app is no longer there")
    NO_WAY = "no_way", _("no push service reaches this kind of device")


def due_at(at: datetime) -> Q:
    """To be tried now, and in nobody's hands; a lease that ran out is a worker that died."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    return free & Q(status=DeliveryStatus.PENDING, next_try_at__lte=at)


class Leased(models.Model):
    """Nothing but these columns decides what is due."""

    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True
