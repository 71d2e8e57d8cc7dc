"""Whose money it is: the signed-in customer's own booking, and nobody else's."""

from django.http import HttpRequest

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.errors import NotFound


def own_booking(request: HttpRequest, code: str) -> Appointment:
    """Raises NotFound for all but its customer."""
    assert isinstance(request.user, User)
    rows = Appointment.objects.with_people().select_related("listing", "session", "child")
    found = rows.filter(code=code, user=request.user).first()
    if found is None:
        raise NotFound
    return found
