"""The form of a policy: an empty field takes the value written faintly in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from stores.rules import SITE_DEFAULT, Policy

from .explaining import site_policy


class FeeStepsField(forms.CharField):
    """One step a line: minutes before the start, then percent. Kept as [[1440, 20], …]."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Cancellation fee"),
            required=False,
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            help_text=_(
                "One step a line: minutes before the start, then percent. “1440 20” means: later "
                "than 24 hours before the start, 20 % are charged. Empty: the site's steps; "
                "“none”: free."
            ),
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{before} {cost}" for before, cost in value) or "none"
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        if text.casefold() == "none":
            return []
        try:
            return [[int(part) for part in _pair(line)] for line in text.splitlines()]
        except ValueError as error:
            raise forms.ValidationError(_("Write two whole numbers a line.")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data or "") != initial)
        except forms.ValidationError:
            return True


def _pair(line: str) -> tuple[str, str]:
    before, cost = line.replace("%", " ").replace(":", " ").split()
    return before, cost


class PolicyForm(forms.ModelForm):
    fee_steps = FeeStepsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = SITE_DEFAULT if self._is_site_row() else site_policy()
        for name, field in self.fields.items():
            if name in default.__dataclass_fields__ and name != "fee_steps":
                _show_default(name, field, default)

    def _is_site_row(self) -> bool:
        return self.instance.pk is not None and self.instance.store_id is None


def _show_default(name: str, field: Any, default: Policy) -> None:
    value = getattr(default, name)
    if name == "auto_confirm":
        yes_or_no = _("yes") if value else _("no")
        field.widget.choices = [
            ("", _("as the site: %(value)s") % {"value": yes_or_no}),
            ("true", _("yes")),
            ("false", _("no")),
        ]
        return
    field.widget.attrs["placeholder"] = str(value)
