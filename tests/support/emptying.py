"""Emptying the database behind a test that commits.

Django deletes from every table, then makes the content types and permissions of all models anew:
a third of a second for each such test, and a server that runs through several of them would hold
content types that are no more. Here those stay, and only tables that hold rows are emptied.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.base.base import BaseDatabaseWrapper

# What follows from the code alone, and is the same before and after every test.
KEPT = {"auth_permission", "django_content_type", "django_migrations"}


@pytest.fixture(scope="session", autouse=True)
def _emptying_only_what_is_full() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", statements)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_all, **_named: None)
        yield


def statements(style: Any, connection: BaseDatabaseWrapper, **options: Any) -> list[str]:
    """In place of ``django.core.management.sql.sql_flush``."""
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(there) - KEPT)
    quoted = connection.ops.quote_name
    looks = " UNION ALL ".join(
        f"SELECT '{name}' FROM (SELECT 1 FROM {quoted(name)} LIMIT 1) one_{number}"
        for number, name in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(looks)
        full = [name for (name,) in cursor.fetchall()]
    return connection.ops.sql_flush(style, full, **options)
