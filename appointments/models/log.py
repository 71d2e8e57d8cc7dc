from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.common.appended import Appended

from .appointment import Appointment


class Action(models.TextChoices):
    CREATED = "created", _("booked")
    QUEUED = "queued", _("put in line")
    ASSIGNED = "assigned", _("given to a realtor")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    TIMED_OUT = "timed_out", _("not answered in time")
    REQUEUED = "requeued", _("back in line")
    REASSIGNED = "reassigned", _("given to another realtor by staff")
    RESCHEDULED = "rescheduled", _("moved")
    ARRIVED = "arrived", _("arrived")
    STARTED = "started", _("started")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("marked as no-show")
    PAID = "paid", _("paid")
    REFUNDED = "refunded", _("refunded")
    CANCEL_ASKED = "cancel_asked", _("asked the other side to call it off")
    CANCEL_REFUSED = "cancel_refused", _("refused to call it off")
    CANCEL_TAKEN_BACK = "cancel_taken_back", _("no longer wants to call it off")
    DISPUTED = "disputed", _("put before staff")
    DECIDED = "decided", _("decided by staff")
    NEEDS_PERSON = "needs_person", _("everybody declined; staff will take care")


class AppointmentEvent(Appended):
    """The operation log: who did what to which appointment, why and when. Only ever added to."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="log", verbose_name=_("appointment")
    )
    action = models.CharField(_("what"), max_length=20, choices=Action)
    from_status = models.CharField(_("from"), max_length=12, blank=True)
    to_status = models.CharField(_("to"), max_length=12, blank=True)
    actor_kind = models.CharField(_("who"), max_length=10)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    details = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("operation log")
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="log_by_time")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_action_display()}"
