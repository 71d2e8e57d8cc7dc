"""Ann manages one store, Bea another; Olga operates the whole site."""

import pytest
from django.test import Client
from django.test.client import ClientHandler

from accounts.models import User
from tests.factories import UserFactory

from .places import Place, furnish

# Every client would load the middleware anew, and that of static files reads all their names.
HANDLER = ClientHandler(enforce_csrf_checks=False)


@pytest.fixture
def ours(db: None) -> Place:
    """Ann's."""
    return furnish("Ann", 1)


@pytest.fixture
def theirs(db: None) -> Place:
    """Bea's."""
    return furnish("Bea", 2)


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
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
