"""Whoever works in the back office."""

from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest


class Manager:
    """A member of staff and the stores they see; the database is asked once per request.

    ``store_memberships`` is the other side of stores.StoreMembership.user: a name, not an
    import, because stores stand above this package.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user
        # Whether a row, as (model, id), belongs to these stores.
        self.known: dict[tuple[type, Any], bool] = {}
        # Rows that were asked for while one page is made.
        self.rows: dict[tuple[type, Any], Any] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> "Manager":
        known: Manager | None = getattr(request, "_back_office_manager", None)
        if known is None or known.user != request.user:
            known = request._back_office_manager = cls(request)  # type: ignore[attr-defined]
        return known

    @property
    def is_operator(self) -> bool:
        return bool(self.user.is_active and self.user.is_superuser)

    @property
    def store_ids(self) -> list[int]:
        return [pk for pk, _zone, _name in self._stores]

    @property
    def stores(self) -> list[tuple[int, str]]:
        """Id and name of the stores one manages; none for operators, who see all."""
        return [(pk, name) for pk, _zone, name in self._stores]

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the stores one manages; the installation's for operators."""
        zones = [zone for _pk, zone, _name in self._stores]
        return ZoneInfo(zones[0] if zones else settings.DEFAULT_TIME_ZONE)

    @cached_property
    def _stores(self) -> list[tuple[int, str, str]]:
        user: Any = self.user
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return []
        if user.is_superuser:
            return []
        rows = user.store_memberships.order_by("store_id")
        return list(rows.values_list("store_id", "store__time_zone", "store__name"))
