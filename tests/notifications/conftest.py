"""The engine's store and people; Wei can be written to, and so can whoever books through here."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.models import User
from notifications.models import WebhookDelivery, WebhookEndpoint
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .hooks import hook
from .post import booked
from .receivers import Receiver, receiver


@pytest.fixture
def store(db: None) -> Store:
    """In Shanghai, open from nine to six."""
    return world.open_store()


@pytest.fixture
def wei(store: Store) -> Realtor:
    """Reads English."""
    wei = world.hire(store, "Wei", email="wei@example.com")
    wei.user.locale = "en"
    wei.user.save()
    return wei


@pytest.fixture
def ming(store: Store) -> Realtor:
    """Reads Chinese."""
    return world.hire(store, "Ming", email="ming@example.com")


@pytest.fixture
def fang(db: None) -> User:
    """A customer with an account."""
    return world.register("Fang")


@pytest.fixture
def receivers_inside(settings) -> None:
    """Receivers are on this machine; test_webhooks_guard.py says where else they may not be."""
    settings.WEBHOOK_ALLOW_INSIDE = True


@pytest.fixture
def till() -> Iterator[Receiver]:
    """The store's own machine, to which its news goes."""
    with receiver() as server:
        yield server


@pytest.fixture
def endpoint(store: Store, till: Receiver) -> WebhookEndpoint:
    return hook(store, till.url)


@pytest.fixture
def message(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Of a booking; where nobody can be asked, it is the only one."""
    booked(endpoint.store, world.clock("14:00", world.TUESDAY + timedelta(days=2)))
    return WebhookDelivery.objects.latest("pk")
