"""Fang books a seat of Wei's course at Nanjing Road; Bo has an account, too, Hua is the manager."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.utils import translation

from accounts.models import User
from appointments.models import Appointment, Session
from booking_site.common import events
from booking_site.common.actors import Actor
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.payments import money


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language the test before has left: refusals are told apart by their words."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _at_eight() -> Iterator[None]:
    """Signatures are as old as the clock of the machine says."""
    with time_machine.travel(money.NOW, tick=False):
        yield


@pytest.fixture
def store(db: None) -> Store:
    return world.open_store(fee_steps=[[1440, 50]])


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei", commission_percent=10)


@pytest.fixture
def fang(db: None) -> User:
    return world.register("Fang")


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


@pytest.fixture
def hua(store: Store) -> Actor:
    return world.manager(store)


@pytest.fixture
def salsa(wei: Realtor) -> Session:
    """Tomorrow at nine, 300 yuan in advance."""
    return money.session(money.course(wei))


@pytest.fixture
def seat(salsa: Session, fang: User) -> Appointment:
    """Fang's, pending and unpaid."""
    return money.seat(salsa, fang)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], list[Any]]:
    """``told = heard(PaymentSucceeded)``: what is published of that kind from now on."""

    def listen(kind: type) -> list[Any]:
        told: list[Any] = []
        receivers = [*events._receivers[kind], told.append]
        monkeypatch.setitem(events._receivers, kind, receivers)
        return told

    return listen
