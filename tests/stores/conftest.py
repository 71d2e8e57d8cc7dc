"""One office in Shanghai, its manager, and an afternoon that stands still."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import User
from stores.models import Store
from tests.factories import OFFICE, StoreFactory, manager_of

# Monday, two in the afternoon in Shanghai.
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def office() -> Store:
    return StoreFactory(hours=OFFICE)


@pytest.fixture
def hua(office: Store) -> User:
    """Manages the office."""
    return manager_of(office)
