"""The rows that a call names, as far as its caller may see them."""

from rest_framework.request import Request

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import NotFound
from payments.models import Payment, PaymentQuerySet


def booking_of(request: Request, booking_id: str) -> Appointment:
    rows = Appointment.objects.visible_to(user_of(request)).with_people()
    found = rows.filter(pk=row_id(booking_id, field="booking_id")).first()
    if found is None:
        raise not_there("booking_id")
    return found


def payment_among(rows: PaymentQuerySet, payment_id: str) -> Payment:
    found = rows.with_parts().filter(pk=row_id(payment_id)).first()
    if found is None:
        raise NotFound
    return found


def user_of(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
