"""What cancelling costs, typed in step by step: from so many minutes before the start on, so much
of the price. All empty is no rule of one's own."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from stores.rules import EARLIEST_FEE_MINUTES, MOST_FEE_STEPS

from .figures import figure

# Enough for most; whoever has as many, or more, gets another.
FEWEST_ROWS = 2

Steps = Sequence[Sequence[int]]


class FeeRow(NamedTuple):
    """The names of the two fields of one step."""

    minutes: str
    percent: str


def fee_rows(steps: Steps | None) -> list[FeeRow]:
    """One for each step there is, and room for more."""
    count = min(max(FEWEST_ROWS, len(steps or ()) + 1), MOST_FEE_STEPS)
    return [FeeRow(f"fee-{one}-minutes", f"fee-{one}-percent") for one in range(1, count + 1)]


def fee_fields(rows: Sequence[FeeRow]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for row in rows:
        fields[row.minutes] = figure(_("From, minutes before the start"), EARLIEST_FEE_MINUTES)
        fields[row.percent] = figure(_("Of the price it costs, in %"), 100)
    return fields


def fees_as_typed(rows: Sequence[FeeRow], steps: Steps | None) -> dict[str, int]:
    """What the fields hold at first. A rule of one's own without a step says: it costs nothing."""
    shown = [(0, 0)] if steps is not None and not steps else steps or ()
    typed: dict[str, int] = {}
    for row, (minutes, percent) in zip(rows, shown, strict=False):
        typed |= {row.minutes: minutes, row.percent: percent}
    return typed


def half_typed(rows: Sequence[FeeRow], typed: Mapping[str, Any]) -> list[str]:
    """The fields left empty beside one that is filled in; wrong ones are no part of ``typed``."""
    pairs = [row for row in rows if set(row) <= set(typed)]
    return [
        one
        for row in pairs
        for one, other in (row, reversed(row))
        if typed[one] is None and typed[other] is not None
    ]


def fees_from(rows: Sequence[FeeRow], typed: Mapping[str, Any]) -> list[list[int]] | None:
    """As it is kept: ``[[minutes before the start, percent], …]``, None where nothing is said."""
    steps = [[typed[row.minutes], typed[row.percent]] for row in rows]
    said = [step for step in steps if None not in step]
    return sorted(said, reverse=True) or None
