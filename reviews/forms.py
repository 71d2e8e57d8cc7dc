"""What a customer fills in once it is over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.forms import KindForm
from booking_site.common.lines import TextFormField
from reviews.rules import HIGHEST, LONGEST_COMMENT, LOWEST


class ReviewForm(KindForm):
    rating = forms.TypedChoiceField(
        choices=[(stars, str(stars)) for stars in range(LOWEST, HIGHEST + 1)],
        coerce=int,
        error_messages={
            "required": _("Please choose one to five stars."),
            "invalid_choice": _("Please choose one to five stars."),
        },
    )
    comment = TextFormField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=_("Everybody can read it, with the first letter of your name."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
