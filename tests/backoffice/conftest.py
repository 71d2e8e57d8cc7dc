"""Ann manages one store, Beatrix another; Olga operates the whole site."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import User
from appointments.models import Session
from appointments.services import open_session
from booking_site.common.actors import SYSTEM
from realtors.models import Listing
from tests.factories import UserFactory
from tests.support.sharing import rolled_back_at_last

from .places import Place, furnish, start_at

# Every client would load the middleware anew, and that of static files reads all their names.
HANDLER = ClientHandler(enforce_csrf_checks=False)


@pytest.fixture(scope="module")
def _anns(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """Made once a file; test_saving_again, whose tests commit, makes places of its own."""
    with rolled_back_at_last(django_db_blocker):
        yield furnish("Ann", 1)


@pytest.fixture(scope="module")
def beas(_anns: Place) -> Place:
    """For a file whose tests all need Beatrix's: rolled back with Ann's.

    The name is too long to stand in a page's random tokens by chance.
    """
    return furnish("Beatrix", 2)


@pytest.fixture
def ours(_anns: Place, db: None) -> Place:
    """Ann's, in objects of the test's own: none finds what another has set on one."""
    return deepcopy(_anns)


@pytest.fixture
def theirs(db: None) -> Place:
    """Beatrix's."""
    return furnish("Beatrix", 2)


@pytest.fixture
def course(ours: Place) -> Listing:
    course = Listing.objects.get(store=ours.store)
    course.needs_approval, course.capacity, course.price = False, 2, 80
    course.save()
    return course


@pytest.fixture
def session(ours: Place, course: Listing) -> Session:
    """In five days at three in the afternoon, for two."""
    starts_at = start_at(ours.store, days=5, hour=15)
    return open_session(course, starts_at=starts_at, by=SYSTEM, at=timezone.now())


@pytest.fixture
def fang(db: None) -> User:
    return UserFactory(display_name="Fang", email="fang@example.com")


@pytest.fixture
def olga(db: None) -> User:
    return UserFactory(operator=True, display_name="Olga Operator")


@pytest.fixture
def operator(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def ann(ours: Place) -> Client:
    return signed_in(ours.manager)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.handler = HANDLER
    client.force_login(user, backend="accounts.backends.PasswordBackend")
    return client
