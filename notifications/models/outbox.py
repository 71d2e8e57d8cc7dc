from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment


class Kind(models.TextChoices):
    """What happened: the news of appointments.events, payments.events and reviews.events, and
    reminders, whose time has come."""

    CREATED = "created", _("booked")
    ASSIGNED = "assigned", _("given to a realtor")
    UNASSIGNED = "unassigned", _("taken from a realtor")
    CONFIRMED = "confirmed", _("confirmed")
    RESCHEDULED = "rescheduled", _("moved")
    STARTED = "started", _("started")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("marked as no-show")
    REMINDER = "reminder", _("about to begin")
    REVIEWED = "reviewed", _("reviewed")
    REPLIED = "replied", _("review answered")
    PAID = "paid", _("paid for")
    PAYMENT_SUCCEEDED = "payment_succeeded", _("payment received")
    PAYMENT_FAILED = "payment_failed", _("payment failed")
    REFUND_DONE = "refund_done", _("money sent back")
    REFUND_STUCK = "refund_stuck", _("refund needs a person")
    VIEWING_FEEDBACK = "viewing_feedback", _("feedback on a viewing")
    CANCEL_REQUESTED = "cancel_requested", _("to be called off, one side says")
    CANCEL_REQUEST_CHANGED = "cancel_request_changed", _("what became of that")

    @property
    def event_name(self) -> str:
        """What receivers of webhooks call it: ``appointment.created``."""
        return EVENT_NAMES.get(self, f"appointment.{self.value}")


EVENT_NAMES = {
    Kind.PAID: "booking.paid",
    Kind.PAYMENT_SUCCEEDED: "payment.succeeded",
    Kind.PAYMENT_FAILED: "payment.failed",
    Kind.REFUND_DONE: "refund.done",
    Kind.REFUND_STUCK: "refund.stuck",
    Kind.VIEWING_FEEDBACK: "viewing.feedback",
    Kind.CANCEL_REQUESTED: "order.cancel_requested",
    Kind.CANCEL_REQUEST_CHANGED: "order.cancel_request_changed",
}


class OutboxEvent(models.Model):
    """One piece of news, written in the transaction that made it true: both are there or neither.
    Whoever passes it on passes on ``uid``, by which the other side knows a repetition."""

    uid = models.UUIDField(_("id of the news"), unique=True, default=uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=30, choices=Kind)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="news", verbose_name=_("appointment")
    )
    # Ids, times and reasons as they were then; names and addresses are read when they are needed.
    facts = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")
        ordering = ["id"]
        indexes = [models.Index(fields=["appointment", "kind"], name="news_by_appointment")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_kind_display()}"
