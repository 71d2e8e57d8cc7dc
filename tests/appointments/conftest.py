"""One store, its two realtors, and two customers with accounts; the rest is in world.py."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from booking_site.common import events
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


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], list[Any]]:
    """``told = heard(AppointmentCancelled)``: what is published of that kind from now on."""

    def listen(kind: type) -> list[Any]:
        told: list[Any] = []
        receivers = [*events._receivers[kind], told.append]
        monkeypatch.setitem(events._receivers, kind, receivers)
        return told

    return listen
