"""What `manage.py check --database` says of the database itself."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def time_zones_are_loaded(
    databases: Iterable[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """MariaDB answers NULL to every question about local time until they are, and says nothing."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "mysql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT CONVERT_TZ('2026-01-01 00:00:00', 'UTC', 'Asia/Shanghai')")
            (local,) = cursor.fetchone()
        if local is None:
            found.append(_not_loaded(alias))
    return found


def _not_loaded(alias: str) -> Error:
    return Error(
        f"The database {alias!r} knows no time zones: what staff pick by date would find nothing.",
        hint="mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql",
        id="common.E001",
    )
