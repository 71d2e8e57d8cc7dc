"""The steps staff may take with a session and with a rule, each through its service."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.enums import ActionVariant

from appointments import services
from appointments.models import Session, SessionStatus
from appointments.models.session import TAKES_PLACE
from booking_site.common.admin.moves import MANAGE, Move

from .session_forms import EndForm, MayForm, MustForm, SeatsForm


def _has_begun(session: Session) -> bool:
    return session.starts_at <= timezone.now()


MOVES = (
    Move(
        "seats",
        _("Change seats or price"),
        _("Seats that are taken stay; the price is that of new bookings."),
        services.edit_session,
        SeatsForm,
        lambda session: session.status in TAKES_PLACE,
        "edit",
        permission=MANAGE,
        initial=lambda session: {
            "capacity": session.capacity,
            "price_modifier": session.price_modifier,
        },
    ),
    Move(
        "block",
        pgettext_lazy("session", "Block"),
        _("Nobody can book it any more. Whoever has a seat keeps it, and it takes place."),
        services.block_session,
        MayForm,
        lambda session: session.status == SessionStatus.OPEN,
        "visibility_off",
        permission=MANAGE,
    ),
    Move(
        "unblock",
        pgettext_lazy("session", "Unblock"),
        _("It can be booked again; whoever waits for a seat is told."),
        services.unblock_session,
        forms.Form,
        lambda session: session.status == SessionStatus.BLOCKED,
        "visibility",
        ActionVariant.PRIMARY,
        permission=MANAGE,
    ),
    Move(
        "complete",
        pgettext_lazy("session", "Complete"),
        _("It has taken place: whoever was not marked as absent was there."),
        services.complete_session,
        forms.Form,
        lambda session: session.status in TAKES_PLACE and _has_begun(session),
        "done_all",
        ActionVariant.PRIMARY,
        permission=MANAGE,
    ),
    Move(
        "call_off",
        pgettext_lazy("session", "Call off"),
        _("It will not take place: every seat is called off, and what was paid goes back."),
        services.call_off_session,
        MustForm,
        lambda session: session.status in TAKES_PLACE and not _has_begun(session),
        "event_busy",
        ActionVariant.DANGER,
        permission=MANAGE,
    ),
)
# Of one session only: others have other figures.
OF_ONE = ("seats",)

END = Move(
    "end",
    _("End it"),
    _("It makes no more sessions. Those it has made stay, unless you call them off here."),
    services.end_rule,
    EndForm,
    lambda rule: rule.is_active,
    "event_busy",
    ActionVariant.DANGER,
    permission=MANAGE,
)
