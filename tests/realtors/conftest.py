"""Wei works in one office, whose manager is Hua; it is Monday, two in the afternoon."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import translation

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store
from tests.factories import OFFICE, RealtorFactory, StoreFactory, manager_of

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language the test before has left: refusals are told apart by their words."""
    with translation.override("en"):
        yield


@pytest.fixture
def office() -> Store:
    return StoreFactory(hours=OFFICE)


@pytest.fixture
def wei(office: Store) -> Realtor:
    return RealtorFactory(store=office, name="Wei", phone="+8613700000001", email="wei@example.com")


@pytest.fixture
def hua(office: Store) -> User:
    return manager_of(office)
