"""From the bytes of a file to rows of named cells. Whatever is wrong with it is said in words."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from booking_site.common.errors import Invalid
from booking_site.common.lines import is_odd_in_a_line, seems_empty

from .files import unescaped

MOST_BYTES = 1_000_000
MOST_ROWS = 500
LONGEST_CELL = 1000
# Objects that share no key would fill a table as wide as it is long.
MOST_KEYS = 100
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """``number`` is its line in a spreadsheet, headings being the first."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    rows: list[Row]
    # Known columns that an import leaves alone.
    left_alone: list[str]
    # A file that does not say how it is written was taken for Excel's Chinese.
    guessed: bool


def read_table(content: bytes, *, taken: Mapping[str, Any], left_alone: Mapping[str, Any]) -> Table:
    """``taken`` and ``left_alone`` are labels by key; a heading is a key or a label in any language
    of the site. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file is too large: at most 1 MB at once."))
    text, guessed = _decoded(content)
    if "\x00" in text:
        raise Invalid(_("This is no text file. Save the table as CSV first."))
    lines = _from_json(text) if text.lstrip()[:1] in ("[", "{") else _from_csv(text)
    if not lines:
        raise Invalid(_("The file is empty."))
    keys = _keys(lines[0][1], taken, left_alone)
    rows = [_row(number, cells, keys) for number, cells in lines[1:]]
    filled = [row for row in rows if any(row.cells.values())]
    if not filled:
        raise Invalid(_("There are headings and nothing below them."))
    _require_few(len(filled))
    ignored = [key for key in keys if key in left_alone]
    kept = [Row(row.number, _only(row.cells, taken)) for row in filled]
    return Table(kept, [str(left_alone[key]) for key in ignored], guessed)


def _require_few(count: int) -> None:
    if count > MOST_ROWS:
        text = _("%(count)s rows are too many at once: at most %(most)s. Split the file.")
        raise Invalid(text % {"count": count, "most": MOST_ROWS})


def _decoded(content: bytes) -> tuple[str, bool]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = [("utf-16", False)]
    else:
        encodings = [("utf-8-sig", False), ("gb18030", True)]
    for encoding, guessed in encodings:
        try:
            return content.decode(encoding), guessed
        except UnicodeDecodeError:
            continue
    raise Invalid(_("We cannot read the characters of this file. Save it as CSV UTF-8."))


def _from_csv(text: str) -> list[tuple[int, list[str]]]:
    head = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise Invalid(_("This is no complete table: a quotation mark is missing.")) from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(map(str.strip, line))]
    return numbered


def _from_json(text: str) -> list[tuple[int, list[str]]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("This JSON is broken.")) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(_("JSON has to be a list of objects, one for each row."))
    if not rows:
        return []
    _require_few(len(rows))
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if len(keys) > MOST_KEYS:
        raise Invalid(_("JSON has to be a list of objects, one for each row."))
    lines = [[_cell(row.get(key)) for key in keys] for row in rows]
    return list(enumerate([keys, *lines], 1))


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        raise Invalid(_("JSON has to be a list of objects, one for each row."))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _keys(
    headings: list[str], taken: Mapping[str, Any], left_alone: Mapping[str, Any]
) -> list[str]:
    names: dict[str, str] = {}
    for key, label in {**left_alone, **taken}.items():
        names[key.casefold()] = key
        for code, _language in settings.LANGUAGES:
            with translation.override(code):
                names[str(label).casefold()] = key
    found = [names.get(_tidy(one).casefold(), "") for one in headings]
    unknown = [_tidy(one)[:40] for one, key in zip(headings, found, strict=True) if not key]
    if unknown:
        told = _("Unknown columns: %(unknown)s. Known are: %(known)s.")
        known = "、".join(str(label) for label in taken.values())
        raise Invalid(told % {"unknown": "、".join(unknown[:5]), "known": known})
    twice = [key for key, count in Counter(found).items() if count > 1]
    if twice:
        raise Invalid(_("A column stands there twice: %(name)s.") % {"name": twice[0]})
    return found


def _row(number: int, cells: list[str], keys: list[str]) -> Row:
    extra = cells[len(keys) :]
    if any(map(str.strip, extra)):
        text = _("Line %(number)s has more cells than there are headings.")
        raise Invalid(text % {"number": number})
    padded = [*cells, *[""] * (len(keys) - len(cells))]
    found = {key: _tidy(unescaped(cell)) for key, cell in zip(keys, padded, strict=False)}
    if any(len(cell) > LONGEST_CELL for cell in found.values()):
        raise Invalid(_("A cell of line %(number)s is too long.") % {"number": number})
    return Row(number, found)


def _only(cells: Mapping[str, str], keys: Mapping[str, Any]) -> dict[str, str]:
    return {key: cell for key, cell in cells.items() if key in keys}


def _tidy(text: str) -> str:
    """Odd characters become blanks, as on every page; half a character is none, and what nobody
    can see is nothing at all."""
    whole = text.encode("utf-8", "replace").decode()
    shown = "".join(" " if is_odd_in_a_line(sign) else sign for sign in whole).strip()
    return "" if seems_empty(shown) else shown
