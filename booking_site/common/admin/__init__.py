"""What every page of the back office is made of, and the rows that belong to no single app."""

from . import rows  # noqa: F401
from .base import BaseAdmin, ReadOnlyAdmin, ReadOnlyInline, TableInline
from .filters import ChoiceFilter, DateRangeFilter, RelatedFilter
from .scope import ALL_STORES

__all__ = [
    "ALL_STORES",
    "BaseAdmin",
    "ChoiceFilter",
    "DateRangeFilter",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "RelatedFilter",
    "TableInline",
]
