"""The database is asked whether it knows what the product relies on."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from booking_site.common import checks


@pytest.mark.django_db
def test_the_database_of_the_tests_has_what_it_takes():
    assert [one for one in run_checks(databases=["default"]) if one.id == "common.E001"] == []


@pytest.mark.django_db
def test_a_zone_that_mariadb_does_not_know_is_answered_by_nothing(django_assert_num_queries):
    """What the check relies on: no error, only NULL. SQLite brings its own and is not asked."""
    if connection.vendor == "sqlite":
        with django_assert_num_queries(0):
            assert checks.time_zones_are_loaded(databases=["default"]) == []
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT CONVERT_TZ('2026-01-01', 'UTC', 'Nowhere/At_all')")
        assert cursor.fetchone() == (None,)


def test_a_database_without_time_zones_is_told_and_how_to_help_it(monkeypatch):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

        def execute(self, statement):
            assert "CONVERT_TZ" in statement

        def fetchone(self):
            return (None,)

    class Unloaded:
        vendor = "mysql"
        cursor = Cursor

    monkeypatch.setattr(checks, "connections", {"default": Unloaded()})

    (found,) = checks.time_zones_are_loaded(databases=["default"])

    assert found.is_serious()
    assert "mariadb-tzinfo-to-sql" in found.hint
