"""What every form of the console has in common."""

from django import forms


class CursorForm(forms.Form):
    """Shown again with errors, it puts the cursor where the first one is."""

    def full_clean(self) -> None:
        super().full_clean()
        self.place_cursor()

    def place_cursor(self) -> None:
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True
