"""Lin and Wei talk."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from chat.models import Conversation
from tests.accounts.people import make_user
from tests.chat import talk
from tests.support.browser import OpenPage
from tests.support.server import Server

from .somebody import Somebody, Start


@pytest.fixture
def lin(transactional_db: None) -> User:
    return make_user("lin@example.com", display_name="Lin")


@pytest.fixture
def wei(transactional_db: None) -> User:
    return make_user("wei@example.com", display_name="Wei")


@pytest.fixture
def talking(lin: User, wei: User) -> Conversation:
    return talk.between(lin, wei, at=timezone.now())


@pytest.fixture
def start(open_page: OpenPage, site: Server, talking: Conversation) -> Start:
    """Signed in and in the conversation."""

    def begin(user: User, *, come: bool = True, **options: Any) -> Somebody:
        page = open_page(locale="en-US", **options)
        somebody = Somebody(page, site, talking)
        somebody.sign_in(user)
        if come:
            somebody.come()
            if options.get("java_script_enabled", True):
                somebody.connected()
        return somebody

    return begin
