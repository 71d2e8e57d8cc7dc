"""What may not stand in text of one line, such as names, and in text of several: for the API and
for pages alike."""

import unicodedata
from typing import Any

from django import forms

# Control characters and line breaks, which mails and logs act upon.
BREAKING = ("Cc", "Zl", "Zp")
# What turns the direction of the text around it: a name could rewrite the sentence it stands in.
TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def is_odd_in_a_line(sign: str) -> bool:
    return sign in TURNING or unicodedata.category(sign) in BREAKING


def is_odd_in_a_text(sign: str) -> bool:
    """Of what breaks lines, a tab and the ordinary breaks may stand in a text; the rest may not:
    some readers of calendar files would take it for the end of a line."""
    return sign not in "\t\n\r" and is_odd_in_a_line(sign)


class TextFormField(forms.CharField):
    """Text of several lines. Odd characters become blanks, as in ``LineFormField``."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return "".join(" " if is_odd_in_a_text(sign) else sign for sign in text).strip()


class LineFormField(forms.CharField):
    """One line of text. People paste odd characters without seeing them, so pages put blanks in
    their place where the API refuses."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return "".join(" " if is_odd_in_a_line(sign) else sign for sign in text).strip()
