"""What receivers of webhooks are sent: that something happened, to what, and how it stood then.
Thin on purpose: whoever wants names asks the API for them, with rights of their own."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from notifications.gateways.webhooks import Message
from notifications.models import WebhookDelivery, WebhookEndpoint

TEST = "webhook.test"


def message_of(delivery: WebhookDelivery, *, at: datetime) -> Message:
    """The same words at every try; only the signature is of ``at``."""
    body = _body(delivery.event_name, delivery.event.at, delivery.facts)
    return _message(delivery.endpoint, delivery.message_id, body, at)


def ping_of(endpoint: WebhookEndpoint, *, at: datetime) -> Message:
    body = _body(TEST, at, {"store_id": str(endpoint.store_id)})
    return _message(endpoint, f"msg_{uuid4().hex}", body, at)


def _message(endpoint: WebhookEndpoint, id: str, body: bytes, at: datetime) -> Message:
    secrets = tuple(endpoint.secrets(at))
    return Message(endpoint.url, id, int(at.timestamp()), body, secrets)


def _body(type: str, at: datetime, data: dict[str, Any]) -> bytes:
    told = {"type": type, "timestamp": at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()
