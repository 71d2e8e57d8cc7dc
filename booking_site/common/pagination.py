"""``?page=1&limit=20`` for lists, on pages and in the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from .errors import Invalid

M = TypeVar("M", bound=Model)
R = TypeVar("R")
DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100
# Beyond this an OFFSET costs more than any reader gains; also keeps integers inside the database's.
LARGEST_PAGE = 100_000


@dataclass(frozen=True)
class Page(Generic[R]):
    rows: list[R]
    number: int
    limit: int
    total: int


def paginate(rows: QuerySet[M], query: Mapping[str, str], *, limit: int = DEFAULT_LIMIT) -> Page[M]:
    """One page of ``rows``, which must have a total order. Two queries."""
    number, limit = page_and_limit(query, limit=limit)
    first = (number - 1) * limit
    return Page(list(rows[first : first + limit]), number, limit, rows.count())


def page_and_limit(query: Mapping[str, str], *, limit: int = DEFAULT_LIMIT) -> tuple[int, int]:
    """What a query asks for. Raises Invalid."""
    number = _positive(query, "page", 1, LARGEST_PAGE)
    return number, _positive(query, "limit", limit, LARGEST_LIMIT)


def _positive(query: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if len(text) > 9 or not (text.isascii() and text.isdigit() and 1 <= int(text) <= largest):
        message = _("Must be a whole number from 1 to %(largest)s.") % {"largest": largest}
        raise Invalid(errors={name: [message]})
    return int(text)
