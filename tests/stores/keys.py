"""Keys for tests, and the systems that call with them."""

from typing import Any

from booking_site.common.actors import Actor
from stores.models import ApiKey, Store
from stores.scopes import SCOPES
from stores.services import make_key
from tests.callers import Caller, caller

from .conftest import NOW


def key_for(store: Store, *scopes: str, by: Any, **facts: Any) -> tuple[ApiKey, str]:
    """A row and the key itself, good for everything unless scopes are named."""
    facts = {"name": "Till", "at": NOW} | facts
    made = make_key(store, scopes=scopes or SCOPES, by=Actor.of(by), **facts)
    return made.row, made.key


def system(key: str) -> Caller:
    return caller(authorization=f"Api-Key {key}")
