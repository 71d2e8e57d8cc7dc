"""Webhooks of the tests' store, and what is on its way there."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from booking_site.common.actors import SYSTEM
from notifications import webhook_limits
from notifications.gateways.webhooks_guard import Place
from notifications.keys import sealed
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.services.webhooks import add_webhook
from notifications.timed_webhooks import run_due_webhooks
from stores.models import Store
from tests.appointments.world import NOW

# The bytes 0 to 31, and 100 to 131.
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="


def place(url: str) -> Place:
    """As if it had been looked up."""
    return Place(url, "http", "hooks.example", 80, "/", ("93.184.215.14",))


def hook(store: Store, url: str, *, at: datetime = NOW, **more: Any) -> WebhookEndpoint:
    facts: dict[str, Any] = {"name": "Till", "secret": SECRET} | more
    return add_webhook(store, place=place(url), by=SYSTEM, at=at, **facts)


def bare_hook(store: Store, url: str = "https://hooks.example.com/in", **more: Any) -> Any:
    facts = {"name": "Till", "secret_sealed": sealed(SECRET), "created_at": NOW} | more
    return WebhookEndpoint.objects.create(store=store, url=url, **facts)


def asked_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that is looked up in a request."""
    seen: list[str] = []
    real = webhook_limits.look_up

    def watched(url: str) -> Place:
        seen.append(url)
        return real(url)

    monkeypatch.setattr(webhook_limits, "look_up", watched)
    return seen


@contextmanager
def all_waiting() -> Iterator[None]:
    """As many requests wait for names and answers as may."""
    with ExitStack() as stack:
        for _number in range(webhook_limits.WAITING_AT_ONCE):
            stack.enter_context(webhook_limits.one_of_few())
        yield


def post_due(at: datetime = NOW) -> None:
    run_due_webhooks(at=at)


def states(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    """``[("created", "sent"), …]``, oldest first."""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk")
    return list(rows.values_list("event__kind", "status"))


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def next_try(delivery: WebhookDelivery) -> datetime:
    at: datetime = again(delivery).next_try_at
    return at + timedelta(seconds=1)
