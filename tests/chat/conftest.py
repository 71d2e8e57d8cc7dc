"""Lin is a customer and talks to Wei, a realtor of a store that Guan manages. Mei has an account
and is in nothing. Bao looks after the whole site."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import translation

from accounts.models import User
from booking_site.common import pace
from chat.models import Conversation
from realtors.models import Realtor
from stores.models import Store
from tests.chat import talk
from tests.factories import RealtorFactory, StoreFactory, UserFactory, manager_of

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    """What was said in one test is not the next one's haste."""
    pace._buckets.clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language the test before has left: refusals are told apart by their words."""
    with translation.override("en"):
        yield


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory(name="Nanjing Road")


@pytest.fixture
def lin(db: None) -> User:
    return UserFactory(display_name="Lin", email="lin@example.com")


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory(display_name="Mei", email="mei@example.com")


@pytest.fixture
def realtor(store: Store) -> Realtor:
    user = UserFactory(provider=True, display_name="Wei", email="wei@example.com")
    return RealtorFactory(store=store, user=user, name="Wei")


@pytest.fixture
def wei(realtor: Realtor) -> User:
    assert realtor.user is not None
    return realtor.user


@pytest.fixture
def guan(store: Store) -> User:
    return manager_of(store, display_name="Guan", email="guan@example.com")


@pytest.fixture
def bao(db: None) -> User:
    return UserFactory(operator=True, display_name="Bao", email="bao@example.com")


@pytest.fixture
def lin_and_wei(lin: User, wei: User) -> Conversation:
    return talk.between(lin, wei, at=NOW)
