"""Whoever calls, and what there is to call for."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import DjangoDbBlocker

from tests.support.sharing import rolled_back_at_last

from .people import BY_THEN, Scene, set_scene


@pytest.fixture(scope="module")
def _set(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with rolled_back_at_last(django_db_blocker):
        with time_machine.travel(BY_THEN, tick=False):
            scene = set_scene()
        yield scene


@pytest.fixture
def scene(_set: Scene, db: None) -> Iterator[Scene]:
    """What a test changes in its rows is undone; its time stands still."""
    with time_machine.travel(BY_THEN, tick=False):
        yield _set
