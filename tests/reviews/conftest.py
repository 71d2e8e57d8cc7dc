"""A store with Wei and Ming on a Monday; Fang has an account, Lan and Qiang are guests."""

import pytest

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world


@pytest.fixture
def store(db: None) -> Store:
    return world.open_store()


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei")


@pytest.fixture
def ming(store: Store) -> Realtor:
    return world.hire(store, "Ming")


@pytest.fixture
def fang(db: None) -> User:
    return world.register("Fang", phone="+8613800000009")
