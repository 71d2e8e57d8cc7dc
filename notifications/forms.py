"""By which way one wants to hear of what, as a form: a box for each pair."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import FIXED, Channel, Type
from notifications.selectors.wishes import Matrix

# As people call what they hear of.
KINDS: dict[str, Any] = {
    Type.CREATED.kind: _("New bookings"),
    Type.CONFIRMED.kind: _("Confirmations"),
    Type.RESCHEDULED.kind: _("Moves to another time"),
    Type.CANCELLED.kind: _("Cancellations"),
    Type.REASSIGNED.kind: _("Another realtor"),
    Type.REMINDER.kind: _("Reminders"),
    Type.QUEUE_MOVED.kind: _("Your turn in a line"),
    Type.PAYMENT.kind: _("Payments"),
    Type.SEAT_FREE.kind: _("Free places you wait for"),
    Type.REVIEW.kind: _("Reviews"),
    Type.MESSAGE.kind: _("Unread messages"),
    Type.SYSTEM.kind: _("Announcements"),
    Type.VIEWING_FEEDBACK.kind: _("What a customer thinks of a house"),
    Type.CHECKED_IN.kind: _("Your pets have arrived"),
    Type.CANCEL_REQUESTED.kind: _("Orders that the other side wants to call off"),
    Type.CANCEL_REQUEST_CHANGED.kind: _("What becomes of a wish to call an order off"),
}
WAYS: dict[str, Any] = {
    Channel.IN_APP.value: _("On this site"),
    Channel.EMAIL.value: _("E-mail"),
    Channel.PUSH.value: _("App"),
}
# There are no such letters: one is over before it is read, the other would be advertising.
NEVER = frozenset(
    {
        (Type.QUEUE_MOVED.kind, Channel.EMAIL.value),
        (Type.SYSTEM.kind, Channel.EMAIL.value),
    }
)


class PreferencesForm(forms.Form):
    def __init__(self, *args: Any, matrix: Matrix, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, way in self._pairs():
            self.fields[f"{kind}-{way}"] = forms.BooleanField(
                label=_("%(kind)s: %(way)s") % {"kind": KINDS[kind], "way": WAYS[way]},
                required=False,
                initial=matrix[kind][way],
                disabled=(kind, way) in FIXED,
            )

    def changes(self) -> Matrix:
        """What is ticked and what is not, of what can be chosen."""
        told: Matrix = {}
        for kind, way in self._pairs():
            if (kind, way) not in FIXED:
                told.setdefault(kind, {})[way] = self.cleaned_data[f"{kind}-{way}"]
        return told

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """For the table: each kind with a box for each way, or none where there is no such way."""
        for kind, label in KINDS.items():
            names = [f"{kind}-{way}" for way in WAYS]
            boxes = [self[name] if name in self.fields else None for name in names]
            yield {"label": label, "boxes": boxes}

    @staticmethod
    def _pairs() -> Iterator[tuple[str, str]]:
        return ((kind, way) for kind in KINDS for way in WAYS if (kind, way) not in NEVER)
