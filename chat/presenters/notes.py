"""Notes of the site in words of whoever reads them."""

from django.utils.translation import gettext, gettext_lazy

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


def said_by_the_site(message: Message) -> str:
    """In the active language."""
    if message.body:
        return message.body
    what = message.meta.get("what", "")
    if message.kind == MessageKind.ORDER:
        return str(CARDS.get(what, CARDS["opened"]))
    known = {"name": message.meta.get("name", "")}
    for name in ("by", "whom"):
        known[name] = message.meta.get(name) or gettext("Somebody who has left")
    return str(NOTES[what]) % known if what in NOTES else ""
