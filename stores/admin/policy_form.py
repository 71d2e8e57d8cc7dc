"""The form of a policy: an empty field takes the value written faintly in it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from stores.models import BookingPolicy
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
    """``of_site``: the site's own figures, where somebody has looked them up already."""

    fee_steps = FeeStepsField()

    def __init__(self, *args: Any, of_site: Policy | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = SITE_DEFAULT if self._is_site_row() else of_site or site_policy()
        # As stored: what is typed in may be nonsense that is about to be refused.
        self.instance.held = self.instance.effective(default)
        for name, field in self.fields.items():
            if name in default.__dataclass_fields__ and name != "fee_steps":
                _show_default(name, field, default)

    def _is_site_row(self) -> bool:
        return self.instance.pk is not None and self.instance.store_id is None


class PolicyFormSet(forms.BaseInlineFormSet):
    """The site's figures are looked up once, for the form there is and the one for adding."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "of_site": self._of_site}

    @cached_property
    def _of_site(self) -> Policy:
        return site_policy()


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
    text = _("%(help)s Empty: %(value)s, as the site has it.")
    if default is SITE_DEFAULT:
        text = _("%(help)s Empty: %(value)s, as usual.")
    field.help_text = text % {"help": field.help_text, "value": value}


def typed_in(sent: Any, fields: Mapping[str, forms.Field]) -> BookingPolicy:
    """A row of the figures of a form that is still being typed in, of a policy's own page or of a
    store's; what is no figure stays empty. Nothing is saved."""
    mark = "grid_minutes"
    prefix = next((name.removesuffix(mark) for name in sent if name.endswith(mark)), "")
    row = BookingPolicy()
    for name, field in fields.items():
        if name not in SITE_DEFAULT.__dataclass_fields__:
            continue
        try:
            value = field.clean(field.widget.value_from_datadict(sent, {}, f"{prefix}{name}"))
        except forms.ValidationError:
            continue
        setattr(row, name, value)
    return row
