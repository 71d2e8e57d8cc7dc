"""What the address of a list may ask of its rows: what its own filters and columns tell anyway.
Django lets any field be asked for by any comparison: a secret could be read sign by sign."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.text import smart_split

COMPARISONS = ("exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte")
# Every word is looked for in every searched column: a database takes only so many conditions.
MOST_WORDS = 20
LONGEST_SEARCH = 200


def is_asked_for(listed: Any, lookup: str, request: HttpRequest) -> bool:
    """Whether a filter, a column or a link of this list asks so."""
    parameters, paths = set(), set(_columns(listed, request))
    for item in listed.get_list_filter(request):
        if isinstance(item, type):
            parameters.add(getattr(item, "parameter_name", None))
            continue
        path = item if isinstance(item, str) else item[0]
        paths.add(path)
        # The two boxes of a range of days.
        parameters |= {f"{path}_from", f"{path}_to"}
    return lookup in parameters or any(lookup in _lookups(listed.model, path) for path in paths)


def _columns(listed: Any, request: HttpRequest) -> Iterator[str]:
    """Fields that are shown as they are; a method of that name may show less."""
    for name in listed.get_list_display(request):
        if not isinstance(name, str) or hasattr(listed, name):
            continue
        try:
            listed.opts.get_field(name)
        except FieldDoesNotExist:
            continue
        yield name


def _lookups(model: Any, path: str) -> set[str]:
    field: Any = get_fields_from_path(model, path)[-1]
    names = {path}
    if field.is_relation:
        names.add(LOOKUP_SEP.join((path, field.target_field.name)))
    return names | {LOOKUP_SEP.join((name, one)) for name in names for one in COMPARISONS}


def shortened(search: str) -> str:
    """Nobody types more than that."""
    words = list(smart_split(search[:LONGEST_SEARCH]))
    return " ".join(words[:MOST_WORDS])
