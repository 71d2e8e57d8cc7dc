"""A webhook as it is typed in."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from booking_site.common.errors import Refusal
from booking_site.common.lines import LineFormField
from notifications.gateways.webhooks_guard import AddressRefused, Place
from notifications.models import Kind, WebhookEndpoint


class WebhookForm(forms.ModelForm):
    """``place`` is what the address was found to be before the form was opened, or nothing, and
    ``refusal`` why it is nothing."""

    place: ClassVar[Place | None] = None
    refusal: ClassVar[Refusal | None] = None

    events = forms.MultipleChoiceField(
        label=capfirst(_("events")),
        choices=[(kind.event_name, kind.label) for kind in Kind],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        required=False,
        help_text=_("None: all of them."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("store", "name", "url", "events", "is_active")
        field_classes: ClassVar[dict[str, Any]] = {"name": LineFormField}
        help_texts: ClassVar[dict[str, Any]] = {
            "url": _("https, on the public internet. Messages follow Standard Webhooks.")
        }

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url != self.instance.url and (self.place is None or self.place.url != url):
            raise forms.ValidationError(str(self.refusal or AddressRefused.message))
        return url
