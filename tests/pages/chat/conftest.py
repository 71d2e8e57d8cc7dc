"""Fang talks to Wei, a realtor; Mei is in nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from chat.models import Conversation
from realtors.models import Realtor
from tests.appointments.world import NOW
from tests.chat import files, talk
from tests.factories import UserFactory

from .visits import at_home


@pytest.fixture
def wei_user(wei: Realtor) -> User:
    user = UserFactory(provider=True, display_name="Wei", email="wei@example.com")
    wei.user = user
    wei.save()
    return user


@pytest.fixture
def mei(db: None) -> User:
    """Who is in nothing."""
    return UserFactory(display_name="Mei", email="mei@example.com")


@pytest.fixture
def talking(fang: User, wei_user: User) -> Conversation:
    return talk.between(fang, wei_user, at=NOW)


@pytest.fixture
def hers(fang: User) -> Client:
    return at_home(fang)


@pytest.fixture
def his(wei_user: User) -> Client:
    return at_home(wei_user)


@pytest.fixture
def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("kitchen.jpg", files.picture(), "image/jpeg")


@pytest.fixture
def program() -> SimpleUploadedFile:
    return SimpleUploadedFile("view.jpg", b"MZ\x90\x00" + bytes(200), "image/jpeg")
