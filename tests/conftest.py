"""What every test stands on. The people and things of the tests are made in their own modules."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.middleware import csrf

from tests.support.processes import end_with_parent

pytest_plugins = [
    "tests.support.server",
    "tests.support.browser",
    "tests.support.workers",
    "tests.support.emptying",
]

# Two workers share two cores: how long one example takes says nothing about the code.
hypothesis.settings.register_profile("tests", deadline=None, print_blob=True)
hypothesis.settings.load_profile("tests")

HERE = Path(__file__).resolve().parent
# The engine is what must hold on every database: `-m engine` runs on MariaDB and on SQLite. What
# only speaks HTTP with it is not.
MARKS = {
    "appointments": ["engine"],
    "appointments/api": [],
    "races": ["engine", "race"],
    "journeys": ["journey"],
}


# Pages are searched for names that must not be there: no token of a form spells one by chance,
# nor the end of a moment ("Z").
csrf.CSRF_ALLOWED_CHARS = "QXJVKqxzjvk"


def pytest_configure(config: pytest.Config) -> None:
    """A worker whose master was killed would otherwise first finish its test, server and all."""
    if hasattr(config, "workerinput"):
        end_with_parent()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, the innermost that says something."""
    for item in items:
        folders = item.path.relative_to(HERE).parents if item.path.is_relative_to(HERE) else []
        marks = next((MARKS[str(one)] for one in folders if str(one) in MARKS), [])
        for mark in marks:
            item.add_marker(mark)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let fixtures know that the test failed (tests.support.browser takes pictures then)."""
    report = yield
    if call.when == "call":
        item.failed_in_call = report.failed  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Remove what a killed run left beside its SQLite file: it would be read into the new one."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        for ending in ("-wal", "-shm"):
            Path(database["TEST"]["NAME"] + ending).unlink(missing_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_the_servers() -> None:
    """Django's test client builds the middleware anew for every client, and ServeStatic reads the
    whole static folder each time: a quarter of the run. Only real servers serve files."""
    from django.conf import settings

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "servestatic" not in name]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Counters, tickets and presence of one test are not the next one's."""
    cache.clear()


@pytest.fixture
def categories(db: None) -> None:
    """Those of a migration: a test that commits has emptied every table behind it."""
    from django.apps import apps

    migration = import_module("stores.migrations.0002_categories")
    migration.add_categories(apps, None)
