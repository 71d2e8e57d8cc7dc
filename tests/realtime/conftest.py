"""A store with Wei, who works there, and Fang, who has an account; both can open sockets.

One server for all tests of a worker: a socket's process lives long, whoever comes and goes. What a
test writes itself reaches it through Redis, or without one by its comparing positions.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from accounts.models import User
from accounts.services import issue_tokens
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.pages.shops import open_shop
from tests.support.server import Server, StartServer

from .client import Client

# The layer as it is, and one that drops a fifth of all hints and doubles or delays another.
LAYERS: dict[str, dict[str, str]] = {"clean": {}, "lossy": {"LOSSY_LAYER": "0.2,0.1,0.1"}}


@pytest.fixture
def site(
    request: pytest.FixtureRequest, standing_server: StartServer, transactional_db: None
) -> Iterator[Server]:
    """Nothing may break in it while a test uses it. On a clean layer, unless a module asks for both
    (``on_both_layers``)."""
    server = standing_server(**LAYERS[getattr(request, "param", "clean")])
    before = len(server.written())
    yield server
    assert "Traceback" not in server.written()[before:], server.written()[-6000:]


on_both_layers = pytest.mark.parametrize("site", list(LAYERS), indirect=True)


@pytest.fixture
def store(transactional_db: None) -> Store:
    return open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei")


@pytest.fixture
def fang(transactional_db: None) -> User:
    return world.register("Fang", phone="+8613800000009")


def session_of(user: User) -> str:
    """Signed in on pages: the key of a session as sign-in makes it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def cookie_of(user: User) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"


def bearer_of(user: User) -> dict[str, str]:
    pair = issue_tokens(user, by=Actor.of(user), at=timezone.now())
    return {"Authorization": f"Bearer {pair.access}"}


@dataclass
class Sockets:
    """Opens sockets on a server; all are closed at the end of the test."""

    stack: ExitStack

    def open(self, server: Server, user: User | None = None, **options: Any) -> Client:
        """As a page of this user does it, unless told otherwise."""
        if user is not None:
            options = {"cookie": cookie_of(user), "origin": server.url} | options
        return self.stack.enter_context(Client(server.ws_url, **options))


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    with ExitStack() as stack:
        yield Sockets(stack)


@pytest.fixture
def edge() -> Callable[[Callable[[], Any]], Any]:
    """Writes as a request does: in one transaction, with everything that comes last in it."""
    return run_in_transaction
