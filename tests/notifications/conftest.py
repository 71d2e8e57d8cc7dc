"""The engine's store and people; Wei can be written to, and so can whoever books through here."""

import pytest

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world


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
