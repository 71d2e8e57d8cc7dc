"""Where stores want to hear of their appointments by machine, and what is on its way there.

What is sent holds ids, a code and a status, and no personal data: when somebody's account is
erased there is nothing to forget here.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.keys import SecretLost, opened
from stores.models import Store

from .outbox import Kind, OutboxEvent

if TYPE_CHECKING:
    from accounts.models import User

# What an endpoint can ask for, in the words of the payload.
EVENTS = tuple(kind.event_name for kind in Kind)


class OffReason(models.TextChoices):
    """Why nothing is sent there any more, where it was not a person who said so."""

    GONE = "gone", _("the receiver said that it is gone (410)")
    FAILING = "failing", _("every try has failed for days")


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def active(self) -> "WebhookEndpointQuerySet":
        return self.filter(is_active=True)

    def managed_by(self, user: "User") -> "WebhookEndpointQuerySet":
        return self.filter(store__in=Store.objects.managed_by(user))


class WebhookEndpoint(models.Model):
    """An address of a store's own. ``secret_sealed`` is only ever read to sign, and shown once."""

    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("store")
    )
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    # Of EVENTS; none: all of them, also those that are yet to be invented.
    events = models.JSONField(_("events"), default=list, blank=True)
    secret_sealed = models.TextField(editable=False)
    # Signs beside the new one until then, so that receivers can change over without a gap.
    previous_sealed = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # The first failure after which nothing has come through.
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("switched off"), null=True, blank=True, editable=False)
    disabled_reason = models.CharField(
        _("why it was switched off"), max_length=10, choices=OffReason, blank=True, editable=False
    )
    # When its managers are to be told of that, if they have not been.
    notice_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    notice_sent_at = models.DateTimeField(_("managers told"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    # By whoever runs the store, or by itself where it was switched off; no try changes it.
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-id"]
        indexes = [models.Index(fields=["notice_due_at"], name="webhook_by_notice")]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> str:
        return opened(self.secret_sealed)

    def secrets(self, at: datetime) -> list[str]:
        """Those that are valid, the newest first."""
        found = [self.secret]
        if self.previous_until is not None and at < self.previous_until:
            with suppress(SecretLost):
                found.append(opened(self.previous_sealed))
        return found

    def wants(self, event: OutboxEvent) -> bool:
        return not self.events or Kind(event.kind).event_name in self.events


class WebhookStatus(models.TextChoices):
    PENDING = "pending", _("waiting to be sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer needed")
    DEAD = "dead", _("could not be sent")


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def free(self, at: datetime) -> "WebhookDeliveryQuerySet":
        """To be tried now, and in nobody's hands; a lease that ran out is a worker that died."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.filter(free, status=WebhookStatus.PENDING, next_try_at__lte=at)

    def with_parts(self) -> "WebhookDeliveryQuerySet":
        return self.select_related("endpoint__store", "event__appointment")


class WebhookDelivery(models.Model):
    """One piece of news on its way to one endpoint; as with letters, nothing but these columns
    decides what is due."""

    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    event = models.ForeignKey(
        OutboxEvent,
        on_delete=models.CASCADE,
        related_name="webhook_deliveries",
        verbose_name=_("news"),
    )
    # Ids and status as they were in the transaction of the news: every try says the same.
    facts = models.JSONField(_("details"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=WebhookStatus, default=WebhookStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    lease_owner = models.CharField(max_length=32, blank=True, editable=False)
    last_status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="posted_once")]
        indexes = [models.Index(fields=["status", "next_try_at"], name="webhook_by_next_try")]

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.event_name}"

    @property
    def event_name(self) -> str:
        return Kind(self.event.kind).event_name

    @property
    def message_id(self) -> str:
        """The same at every try and every replay: by it receivers know a repetition."""
        return f"msg_{self.event.uid.hex}_{self.endpoint_id}"
