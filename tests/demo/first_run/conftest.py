"""The demo after its first run, made once for all tests of this folder."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import DjangoDbBlocker

from booking_site.site.demo.seeding import seed
from tests.support.sharing import rolled_back_at_last

# A Friday evening in Hangzhou, seven weeks before a public holiday.
FRIDAY = datetime(2026, 11, 13, 12, 7, tzinfo=UTC)


@pytest.fixture(scope="package")
def _first_run(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A run takes a minute."""
    with rolled_back_at_last(django_db_blocker):
        seed(at=FRIDAY)
        yield


@pytest.fixture(autouse=True)
def first_run(_first_run: None, db: None) -> None:
    """What a test does to it is undone."""
