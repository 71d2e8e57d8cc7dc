"""One store, its two realtors, and two customers with accounts; the rest is in world.py."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from appointments.models import Session
from booking_site.common import events
from realtors.models import Listing, Realtor
from stores.models import Store

from . import world
from .courses import session_at, teach


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


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], list[Any]]:
    """``told = heard(AppointmentCancelled)``: what is published of that kind from now on."""

    def listen(kind: type) -> list[Any]:
        told: list[Any] = []
        receivers = [*events._receivers[kind], told.append]
        monkeypatch.setitem(events._receivers, kind, receivers)
        return told

    return listen


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course: an hour for 100 yuan, confirmed as soon as it is paid."""
    return teach(store)


@pytest.fixture
def lesson(piano: Listing) -> Session:
    """Two seats, on Monday at ten."""
    return session_at(piano, world.clock("10:00"), capacity=2)
