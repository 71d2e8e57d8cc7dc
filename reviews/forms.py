"""What customers, realtors and whoever reads reviews fill in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appointments.forms import KindForm
from booking_site.common.errors import Invalid
from booking_site.common.lines import TextFormField
from booking_site.common.pictures import Picture
from reviews.gateways.pictures import FIELD, photo_from
from reviews.models import Aspect, ReportReason
from reviews.rules import (
    HIGHEST,
    LONGEST_COMMENT,
    LONGEST_REPLY,
    LONGEST_REPORT,
    LOWEST,
    MOST_PHOTOS,
)

STARS = [(stars, str(stars)) for stars in range(LOWEST, HIGHEST + 1)]
CHOOSE_STARS = {
    "required": _("Please choose one to five stars."),
    "invalid_choice": _("Please choose one to five stars."),
}
PREFIX = "aspect_"
KINDS = "image/jpeg,image/png,image/webp"


class ReviewForm(KindForm):
    rating = forms.TypedChoiceField(choices=STARS, coerce=int, error_messages=CHOOSE_STARS)
    comment = TextFormField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=_("Everybody can read it, with the first letter of your name."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for aspect in Aspect:
            self.fields[f"{PREFIX}{aspect}"] = forms.TypedChoiceField(
                label=aspect.label,
                choices=STARS,
                coerce=int,
                required=False,
                empty_value=None,
                error_messages=CHOOSE_STARS,
            )

    @property
    def aspects(self) -> list[Any]:
        return [self[f"{PREFIX}{aspect}"] for aspect in Aspect]

    def told(self) -> dict[str, Any]:
        """The arguments of the service."""
        said = self.cleaned_data
        aspects = {str(one): said[f"{PREFIX}{one}"] for one in Aspect}
        return {
            "rating": said["rating"],
            "comment": said["comment"],
            "aspects": {name: stars for name, stars in aspects.items() if stars is not None},
        }


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files. What they are, the picture library finds out."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or ())


class PhotosForm(forms.Form):
    """Stands beside the words, because what is good of it is kept when they are not."""

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("JPEG, PNG or WebP, six at most. Where they were taken is removed."),
        widget=ManyFiles(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "data-shrink": "1600",
                "data-shown": "chosen-photos",
            }
        ),
    )

    def __init__(self, *args: Any, room: int = MOST_PHOTOS, **options: Any) -> None:
        super().__init__(*args, **options)
        self.room = room
        self.pictures: list[list[Picture]] = []

    def clean_photos(self) -> list[list[Picture]]:
        files = self.cleaned_data["photos"]
        if len(files) > self.room:
            self.add_error("photos", _("Six photos at most; the last ones were left out."))
        for file in files[: self.room]:
            try:
                self.pictures.append(photo_from(file.read(settings.UPLOAD_MAX_BYTES + 1)))
            except Invalid as refusal:
                self.add_error("photos", f"{file.name}: {refusal.errors[FIELD][0]}")
        return self.pictures


class ReplyForm(KindForm):
    reply = TextFormField(
        label=_("Your answer"),
        max_length=LONGEST_REPLY,
        help_text=_("Everybody can read it. You can change it for a day."),
        error_messages={"required": _("Please write something.")},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    # The answer that stood on the page: space around and within it does not matter.
    seen = forms.CharField(required=False, widget=forms.HiddenInput())


class ReportForm(KindForm):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    words = TextFormField(
        label=_("Anything else we should know?"),
        required=False,
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
