"""It is Monday, eight in the morning in Shanghai, in front of a store with Wei and Ming.

The people are those of the engine's tests: Lan and Qiang are guests, Fang has an account.
"""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .shops import open_shop
from .visitor import Visitor

ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(world.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def store(db: None) -> Store:
    """Open from nine to six; nobody works there yet."""
    return open_shop("Nanjing Road")


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei")


@pytest.fixture
def ming(store: Store) -> Realtor:
    return world.hire(store, "Ming")


@pytest.fixture
def fang(db: None) -> User:
    """A customer with an account."""
    return world.register("Fang", email="fang@example.com", phone="+8613800000009")


@pytest.fixture
def lan(db: None) -> Visitor:
    """A guest at a browser, reading English."""
    return Visitor(Client(headers=ENGLISH))


@pytest.fixture
def qiang(db: None) -> Visitor:
    """Another guest at another browser."""
    return Visitor(Client(headers=ENGLISH), phone=world.QIANG, name="Qiang")


@pytest.fixture
def fang_at_home(fang: User) -> Visitor:
    """Fang, signed in."""
    visitor = Visitor(Client(headers=ENGLISH), phone="+8613800000009", name="Fang")
    visitor.client.force_login(fang)
    return visitor
