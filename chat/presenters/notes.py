"""Notes of the site in words of whoever reads them."""

from django.utils.translation import gettext, gettext_lazy

from appointments.models import Appointment
from appointments.presenters.what import ORDER, STAY, VIEWING, kind_of
from chat.models import Message, MessageKind

NOTES = {
    "began": gettext_lazy("%(by)s began this group."),
    "joined": gettext_lazy("%(by)s brought in %(whom)s."),
    "left": gettext_lazy("%(by)s left."),
    "renamed": gettext_lazy("%(by)s renamed the group: %(name)s"),
    "closed": gettext_lazy("This conversation was closed by the people who look after this site."),
    "opened_again": gettext_lazy("This conversation is open again."),
}
CARDS = {
    "opened": gettext_lazy("About this appointment"),
    "created": gettext_lazy("Booked"),
    "assigned": gettext_lazy("Given to a realtor"),
    "asked": gettext_lazy("The teacher has been asked"),
    "paid": gettext_lazy("It is paid"),
    "unassigned": gettext_lazy("Looking for another realtor"),
    "confirmed": gettext_lazy("The appointment is confirmed"),
    "rescheduled": gettext_lazy("The appointment was moved to another time"),
    "started": gettext_lazy("The appointment has begun"),
    "completed": gettext_lazy("The appointment is completed"),
    "cancelled": gettext_lazy("The appointment was cancelled"),
    "no_show": gettext_lazy("Nobody came to the appointment"),
}
# Where another word than "appointment" is right.
CARDS_OF = {
    STAY: {
        "opened": gettext_lazy("About this stay"),
        "asked": gettext_lazy("The sitter has been asked"),
        "confirmed": gettext_lazy("The stay is confirmed"),
        "rescheduled": gettext_lazy("The stay was moved to other dates"),
        "started": gettext_lazy("The pets have arrived"),
        "completed": gettext_lazy("The pets have gone home"),
        "cancelled": gettext_lazy("The stay was cancelled"),
        "no_show": gettext_lazy("Nobody brought the pets"),
    },
    ORDER: {
        "opened": gettext_lazy("About this order"),
        "ordered": gettext_lazy("Ordered: the provider has been asked"),
        "proposed": gettext_lazy("Ordered, for an amount of the customer's own"),
        "assigned": gettext_lazy("Given to a provider"),
        "asked": gettext_lazy("The provider has been asked"),
        "unassigned": gettext_lazy("Looking for another provider"),
        "paid": gettext_lazy("The order is paid"),
        "confirmed": gettext_lazy("The order is confirmed"),
        "rescheduled": gettext_lazy("The order was moved to another time"),
        "started": gettext_lazy("The work has begun"),
        "completed": gettext_lazy("The work is done"),
        "cancelled": gettext_lazy("The order was called off"),
        "no_show": gettext_lazy("The order did not take place"),
        "cancel_asked_by_customer": gettext_lazy("The customer asks to call the order off"),
        "cancel_asked_by_provider": gettext_lazy("The provider asks to call the order off"),
        "cancel_open": gettext_lazy("One side asks to call the order off"),
        "cancel_disputed": gettext_lazy("They do not agree to call the order off: staff decide"),
        "cancel_agreed": gettext_lazy("Both sides agreed: the order is called off"),
        "cancel_taken_back": gettext_lazy("The wish to call the order off was taken back"),
        "cancel_overtaken": gettext_lazy("Calling the order off is settled by what happened"),
        "cancel_called_off": gettext_lazy("Staff have decided: the order is called off"),
        "cancel_stands": gettext_lazy("Staff have decided: the order stands"),
    },
    VIEWING: {
        "opened": gettext_lazy("About this viewing"),
        "assigned": gettext_lazy("Whoever shows the house has been asked"),
        "unassigned": gettext_lazy("Looking for somebody else to show the house"),
        "confirmed": gettext_lazy("The viewing is confirmed"),
        "rescheduled": gettext_lazy("The viewing was moved to another time"),
        "started": gettext_lazy("The viewing has begun"),
        "completed": gettext_lazy("The viewing is over"),
        "cancelled": gettext_lazy("The viewing was cancelled"),
        "no_show": gettext_lazy("Nobody came to the viewing"),
    },
}


def sort_of(appointment: Appointment) -> str:
    """``stay``, ``seat``, ``viewing``, ``order`` or ``time``."""
    return kind_of(appointment) or "time"


def said_by_the_site(message: Message) -> str:
    """In the active language."""
    if message.body:
        return message.body
    what = message.meta.get("what", "")
    if message.kind == MessageKind.ORDER:
        known_cards = CARDS | CARDS_OF.get(message.meta.get("about", ""), {})
        return str(known_cards.get(what, known_cards["opened"]))
    known = {"name": message.meta.get("name", "")}
    for name in ("by", "whom"):
        known[name] = message.meta.get(name) or gettext("Somebody who has left")
    return str(NOTES[what]) % known if what in NOTES else ""
