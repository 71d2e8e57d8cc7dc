"""What letters say of seats of a course's sessions, alone or as a package."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.models import SessionStatus, Status
from notifications.presenters.dues import DueFacts
from notifications.presenters.facts import address
from notifications.selectors.together import booked_there


@dataclass(frozen=True)
class SeatFacts(DueFacts):
    @property
    def course(self) -> str:
        return self.listing

    @property
    def teacher(self) -> str:
        return self.realtor

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

    # The session

    @property
    def takes_place(self) -> bool:
        session = self.appointment.session
        return session is not None and session.status != SessionStatus.CANCELLED

    @property
    def booked(self) -> int:
        """How many the session's teacher may expect."""
        return booked_there(self.appointment)

    # Pages

    @property
    def session_page(self) -> str:
        """The teacher's own, with all who come."""
        return address(reverse("appointments:console:session", args=[self.appointment.session_id]))

    @property
    def course_page(self) -> str:
        return address(course_path(self.appointment.listing_id))


def course_path(listing_id: int | None) -> str:
    return reverse("appointments:course", args=[listing_id]) if listing_id else "/"
