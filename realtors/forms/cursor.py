"""What every form of the console has in common."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms


class CursorForm(forms.Form):
    """Shown again with errors, it puts the cursor where the first one is."""

    # Where a field is called otherwise than the fact it becomes.
    shown_as: ClassVar[Mapping[str, str]] = {}

    def full_clean(self) -> None:
        super().full_clean()
        self.place_cursor()

    def add_refusal(self, errors: Mapping[str, Iterable[Any]]) -> None:
        """The service's complaints, at the fields that people see."""
        for name, complaints in errors.items():
            field = self.shown_as.get(name, name)
            for complaint in complaints:
                self.add_error(field if field in self.fields else None, str(complaint))
        self.place_cursor()

    def place_cursor(self) -> None:
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True
