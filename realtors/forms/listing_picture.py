"""A picture of a listing, chosen by whose listing it is."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking_site.common.errors import Invalid
from booking_site.common.lines import LineFormField
from booking_site.common.pictures import Picture
from realtors.gateways.pictures import FIELD, listing_pictures_from
from realtors.listing_rules import LONGEST_CAPTION


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("A picture"),
        help_text=_("JPEG, PNG or WebP, twelve at most. Where it was taken is removed."),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "data-shrink": "1600"}
        ),
    )
    caption = LineFormField(
        label=_("What it shows"),
        required=False,
        max_length=LONGEST_CAPTION,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pictures: list[Picture] = []

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        try:
            self.pictures = listing_pictures_from(file.read(settings.UPLOAD_MAX_BYTES + 1))
        except Invalid as refusal:
            raise forms.ValidationError(refusal.errors[FIELD]) from refusal
        return file
