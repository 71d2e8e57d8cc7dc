"""What goes in and comes out where webhooks are concerned."""

from typing import Any

from rest_framework import serializers

from booking_site.common.api.inputs import IdField, LineField
from booking_site.common.api.times import InstantField
from notifications.gateways.webhooks import Answer
from notifications.gateways.webhooks_guard import LONGEST_URL
from notifications.models import EVENTS, WebhookDelivery
from notifications.services.webhooks import Changes

LONGEST_SECRET = 100
LONGEST_NAME = 100


class WebhookChangeShape(serializers.Serializer):
    """``events``: what to hear of; an empty list is everything."""

    name = LineField(max_length=LONGEST_NAME)
    url = serializers.CharField(max_length=LONGEST_URL)
    events = serializers.ListField(
        child=serializers.ChoiceField(EVENTS), max_length=2 * len(EVENTS), required=False
    )
    isActive = serializers.BooleanField(source="is_active", required=False)


class SecretWishShape(serializers.Serializer):
    """A secret of the receiver's choice: ``whsec_`` and 24 to 64 bytes in base64."""

    secret = serializers.CharField(
        max_length=LONGEST_SECRET, required=False, allow_blank=True, allow_null=True
    )


class WebhookWishShape(WebhookChangeShape, SecretWishShape):
    """``store_id`` may be left out by whoever manages a single store."""

    store_id = IdField(required=False)


class OfStoreShape(serializers.Serializer):
    store_id = IdField(required=False)


class WebhookShape(serializers.Serializer):
    """``disabled_reason``: `gone` or `failing` where nobody switched it off, else empty."""

    id = serializers.CharField(source="pk")
    store_id = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    isActive = serializers.BooleanField(source="is_active")
    disabled_reason = serializers.CharField()
    created_at = InstantField(store="store", read_only=True)
    updated_at = InstantField(store="store", read_only=True)


class WebhookWithSecretShape(WebhookShape):
    """``secret`` is told in this answer and never again. Until ``previous_secret_until`` messages
    carry a signature by the one before too."""

    secret = serializers.CharField()
    previous_secret_until = InstantField(
        store="store", source="previous_until", read_only=True, allow_null=True
    )


class WebhookDeliveryShape(serializers.Serializer):
    """``status``: `pending`, `sent`, `dead` after the last try, or `dropped` because the webhook
    was switched off. ``message_id`` is the header `webhook-id` of every try."""

    id = serializers.CharField(source="pk")
    message_id = serializers.CharField()
    type = serializers.CharField(source="event_name")
    appointment_id = serializers.CharField(source="event.appointment_id")
    status = serializers.CharField()
    attempts = serializers.IntegerField()
    next_try_at = serializers.SerializerMethodField()
    last_status_code = serializers.IntegerField(allow_null=True)
    last_error = serializers.CharField()
    sent_at = InstantField(store="endpoint.store", read_only=True, allow_null=True)
    created_at = InstantField(store="endpoint.store", read_only=True)

    def get_next_try_at(self, delivery: WebhookDelivery) -> str | None:
        if delivery.status != "pending":
            return None
        return delivery.next_try_at.astimezone(delivery.endpoint.store.zone).isoformat()


class WebhookTestShape(serializers.Serializer):
    """``status_code`` is null where no answer came; ``error`` says why, and is empty for 2xx."""

    delivered = serializers.BooleanField()
    status_code = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()


def answer_of_test(answer: Answer) -> dict[str, Any]:
    row = {
        "delivered": not answer.error,
        "status_code": answer.status,
        "error": answer.error,
    }
    return WebhookTestShape(row).data


def changes_in(body: dict[str, Any]) -> Changes:
    """Of a partial body, but the address, which has to be looked up first."""
    return Changes(
        name=body.get("name"), events=body.get("events"), is_active=body.get("is_active")
    )
