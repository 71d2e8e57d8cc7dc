"""Stores by the name that stands over their door."""

from typing import Any

from django.utils.text import slugify

from stores.models import Store
from tests.appointments import world


def open_shop(name: str, **options: Any) -> Store:
    """As ``world.open_store``: from nine to six, unless ``options`` say otherwise."""
    store = world.open_store(slugify(name), **options)
    store.name = name
    store.save(update_fields=["name"])
    return store
