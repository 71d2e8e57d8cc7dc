from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from payments.gateways import Gateway


class GatewayForm(forms.Form):
    """With whom to pay; nothing else is the customer's to say."""

    gateway = forms.ChoiceField(
        label=_("How would you like to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose how to pay."),
            "invalid_choice": _("Please choose how to pay."),
        },
    )

    def __init__(self, *args: Any, offered: list[Gateway], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["gateway"]
        field.choices = [(one.name, one.label) for one in offered]
        if len(offered) == 1:
            self.initial["gateway"] = offered[0].name
