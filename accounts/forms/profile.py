"""The profile and leaving."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneFormField
from booking_site.common.lines import LineFormField

from .sign_in import LONGEST_PASSWORD


class ProfileForm(forms.Form):
    display_name = LineFormField(
        label=_("Your name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneFormField(required=False)
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class AvatarForm(forms.Form):
    """What the file really is, the picture library finds out."""

    avatar = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB."),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "data-preview": "picture"}
        ),
    )


class LeaveForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, needs_password: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not needs_password:
            del self.fields["password"]
