"""One store, its two realtors, and two customers with accounts; the rest is in world.py."""

import pytest

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store

from . import world


@pytest.fixture
def store(db: None) -> Store:
    """Open from nine to six; nobody works there yet."""
    return world.open_store()


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei")


@pytest.fixture
def ming(store: Store) -> Realtor:
    return world.hire(store, "Ming")


@pytest.fixture
def fang(db: None) -> User:
    """A customer with an account."""
    return world.register("Fang")


@pytest.fixture
def bo(db: None) -> User:
    """A customer whose account has a verified phone: Qiang's."""
    return world.register("Bo", phone=world.QIANG, phone_verified=True)
