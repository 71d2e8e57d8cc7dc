"""CSV, TSV and JSON. A cell of a spreadsheet that begins like a formula is kept a text by an
apostrophe, which comes off again when the file is brought back: telephone numbers begin so, too."""

from typing import Any

from import_export.formats import base_formats
from tablib import Dataset

# Full-width signs too: spreadsheets in East Asian languages take them for the narrow ones.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
APOSTROPHE = "'"
# Without it, Excel takes Chinese for something else.
BOM = "\ufeff"


def escaped(cell: Any) -> Any:
    """Numbers are numbers, also below zero."""
    if isinstance(cell, str) and begins_like_a_formula(cell):
        return APOSTROPHE + cell
    return cell


def unescaped(cell: str) -> str:
    rest = cell[1:]
    return rest if cell.startswith(APOSTROPHE) and begins_like_a_formula(rest) else cell


def begins_like_a_formula(text: str) -> bool:
    """Some programs drop blanks before they look, and some an apostrophe of our own."""
    return text.lstrip(" \u3000" + APOSTROPHE).startswith(FORMULA_SIGNS)


class _Escaping(base_formats.TextFormat):
    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        safe = Dataset(headers=[escaped(one) for one in dataset.headers])
        for row in dataset:
            safe.append([escaped(cell) for cell in row])
        return BOM + str(safe.export(self.get_title(), **kwargs))


class CSV(_Escaping, base_formats.CSV):
    CONTENT_TYPE = "text/csv; charset=utf-8"


class TSV(_Escaping, base_formats.TSV):
    CONTENT_TYPE = "text/tab-separated-values; charset=utf-8"


class JSON(base_formats.JSON):
    """No spreadsheet: what stands in it is what it is."""

    CONTENT_TYPE = "application/json; charset=utf-8"


FORMATS: dict[str, type[base_formats.TextFormat]] = {"csv": CSV, "tsv": TSV, "json": JSON}
