"""What may not stand in text of one line, such as names, and in text of several: for the API and
for pages alike."""

import unicodedata
from typing import Any

from django import forms

# Control characters and line breaks, which mails and logs act upon.
BREAKING = ("Cc", "Zl", "Zp")
# What turns the direction of the text around it: a name could rewrite the sentence it stands in.
TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))

# Nothing to see: control and format characters, blanks, and marks that stand on no letter.
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me")
# Letters and signs by their category that are drawn as nothing.
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def is_odd_in_a_line(sign: str) -> bool:
    return sign in TURNING or unicodedata.category(sign) in BREAKING


def is_odd_in_a_text(sign: str) -> bool:
    """Of what breaks lines, a tab and the ordinary breaks may stand in a text; the rest may not:
    some readers of calendar files would take it for the end of a line."""
    return sign not in "\t\n\r" and is_odd_in_a_line(sign)


def seems_empty(text: str) -> bool:
    """Whether nobody would see anything: blanks, joiners, fillers, marks on no letter."""
    return all(sign in FILLERS or unicodedata.category(sign) in UNSEEN for sign in text)


class TextFormField(forms.CharField):
    """Text of several lines. Odd characters become blanks, as in ``LineFormField``."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        shown = "".join(" " if is_odd_in_a_text(sign) else sign for sign in text).strip()
        return "" if seems_empty(shown) else shown


class LineFormField(forms.CharField):
    """One line of text. People paste odd characters without seeing them, so pages put blanks in
    their place where the API refuses. What nobody can see is nothing at all."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        shown = "".join(" " if is_odd_in_a_line(sign) else sign for sign in text).strip()
        return "" if seems_empty(shown) else shown
