"""What people fill in to talk."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from appointments.forms import KindForm
from booking_site.common.lines import LineFormField, TextFormField
from chat.models import ReportReason
from chat.presenters.people import name_of
from chat.rules import LONGEST_CLIENT_ID, LONGEST_NAME, LONGEST_REPORT

LARGEST_ID = 2**63 - 1


def _one_kind_of_break(text: str) -> str:
    """Browsers send two characters for the end of a line, apps one: it is one message."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class MessageForm(forms.Form):
    """Words, or a file with words, or a sticker. The service says what is wrong with them."""

    text = TextFormField(required=False)
    file = forms.FileField(required=False, allow_empty_file=True)
    sticker = forms.CharField(required=False, max_length=40)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    client_id = forms.CharField(required=False, max_length=LONGEST_CLIENT_ID)
    # Of a voice that was recorded here.
    voice = forms.BooleanField(required=False)

    def clean_text(self) -> str:
        return _one_kind_of_break(self.cleaned_data["text"])


class EditForm(KindForm):
    text = TextFormField(
        label=_("Your message"),
        error_messages={"required": _("Please write something.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, needed: bool, **options: Any) -> None:
        """``needed``: nothing else is in it."""
        super().__init__(*args, **options)
        self.fields["text"].required = needed
        self.fields["text"].widget.attrs["maxlength"] = settings.CHAT_MESSAGE_LENGTH

    def clean_text(self) -> str:
        return _one_kind_of_break(self.cleaned_data["text"])


class NameForm(KindForm):
    name = LineFormField(
        label=_("Name of the group"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Please give it a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        return name_of(obj)


class PeopleForm(KindForm):
    people = PeopleField(
        queryset=User.objects.none(),
        label=_("Who joins?"),
        help_text=_("You can bring in those with whom you have talked here."),
        error_messages={"required": _("Please choose somebody.")},
    )

    def __init__(self, *args: Any, known: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].queryset = known  # type: ignore[attr-defined]


class GroupForm(NameForm, PeopleForm):
    field_order = ["name", "people"]


class ReportForm(KindForm):
    reason = forms.ChoiceField(
        label=_("What is wrong?"),
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
