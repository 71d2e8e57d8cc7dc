"""What letters say of seats of a course's sessions, alone or as a package."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import Appointment, SessionStatus, Status
from appointments.presenters.prices import price
from appointments.selectors.sessions import due_together
from notifications.presenters.facts import Facts, address
from notifications.selectors.together import booked_there, promised_back, told_together


@dataclass(frozen=True)
class SeatFacts(Facts):
    """``together`` are all seats that one letter is about: this one, or those of its package to
    which the same happened at the same moment."""

    @cached_property
    def together(self) -> list[Appointment]:
        return told_together(self.delivery.event)

    @property
    def course(self) -> str:
        return self.listing

    @property
    def what(self) -> str:
        """``Piano, Tue, March 3 14:00``, or ``Piano, 4 sessions``."""
        count = len(self.together)
        if count < 2:
            return _("%(course)s, %(when)s") % {"course": self.course, "when": self.when}
        text = ngettext("%(course)s, %(count)d session", "%(course)s, %(count)d sessions", count)
        return text % {"course": self.course, "count": count}

    @property
    def child(self) -> str:
        return self.appointment.child.name if self.appointment.child else ""

    @property
    def attendee(self) -> str:
        """Who will sit there, to the teacher: ``Lan``, or ``Le (Lan's child)`` with both names."""
        if not self.child:
            return self.customer
        return _("%(child)s (booked by %(customer)s)") % {
            "child": self.child,
            "customer": self.customer,
        }

    @property
    def all_hours(self) -> str:
        """Of each session; of several that are confirmed with the code that is shown there."""
        if len(self.together) < 2:
            return self.hours
        return pgettext("list", "; ").join(
            _("%(hours)s, code %(code)s") % {"hours": self.hours_of(one), "code": one.code}
            if one.code and one.status == Status.CONFIRMED
            else self.hours_of(one)
            for one in self.together
        )

    @property
    def code(self) -> str:
        return (self.appointment.code or "") if len(self.together) < 2 else ""

    # Money

    @property
    def cost(self) -> str:
        return self.money(sum((one.final_price for one in self.together), Decimal(0)))

    @property
    def is_free(self) -> bool:
        return not any(one.final_price for one in self.together)

    @cached_property
    def due(self) -> str:
        """What one payment pays."""
        return self.money(sum((one.due_now for one in due_together(self.appointment)), Decimal(0)))

    @property
    def on_the_spot(self) -> str:
        """What a deposit leaves to be paid there; empty when that is nothing."""
        rest = sum((one.due_on_the_spot for one in self.together), Decimal(0))
        return self.money(rest) if rest else ""

    @property
    def going_back(self) -> str:
        """What the store's policy gives back of what was paid; empty when that is nothing."""
        amount = promised_back(self.together)
        return self.money(amount) if amount else ""

    @property
    def fee(self) -> str:
        kept = sum((one.cancel_fee for one in self.together), Decimal(0))
        return self.money(kept) if kept else ""

    def money(self, amount: Decimal) -> str:
        return price(amount, self.appointment.currency)

    @property
    def pay_by(self) -> str:
        limit = self.appointment.pay_before
        return self.spoken(limit) if limit else ""

    # The session

    @property
    def takes_place(self) -> bool:
        session = self.appointment.session
        return session is not None and session.status != SessionStatus.CANCELLED

    @property
    def booked(self) -> int:
        """How many the session's teacher may expect."""
        return booked_there(self.appointment)

    @property
    def reason_code(self) -> str:
        return str(self.delivery.event.facts.get("reason", ""))

    # Pages

    @property
    def pay_page(self) -> str:
        code = self.appointment.code
        return address(reverse("payments:checkout", args=[code])) if code else self.page

    @property
    def session_page(self) -> str:
        """The teacher's own, with all who come."""
        return address(reverse("appointments:console:session", args=[self.appointment.session_id]))

    @property
    def course_page(self) -> str:
        return address(course_path(self.appointment.listing_id))


def course_path(listing_id: int | None) -> str:
    return reverse("appointments:course", args=[listing_id]) if listing_id else "/"
