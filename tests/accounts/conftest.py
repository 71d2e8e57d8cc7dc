"""Mei is a customer with an app; Wang is another one, to whom nothing of hers belongs."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User

from .people import app_with, make_user, tokens_of


@pytest.fixture
def mei(db: None) -> User:
    return make_user("mei@example.com", phone="+8613800138000", display_name="Mei")


@pytest.fixture
def wang(db: None) -> User:
    return make_user("wang@example.com", display_name="Wang")


@pytest.fixture
def anyone(db: None) -> APIClient:
    """Somebody's app without a token."""
    return APIClient()


@pytest.fixture
def meis_app(mei: User) -> APIClient:
    return app_with(tokens_of("mei@example.com")["access"])


@pytest.fixture
def wangs_app(wang: User) -> APIClient:
    return app_with(tokens_of("wang@example.com")["access"])
