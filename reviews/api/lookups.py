"""The rows that a call names, as far as its caller may see them."""

from rest_framework.request import Request

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import NotFound
from reviews.models import Review, ReviewPhoto, ReviewQuerySet


def appointment_of(request: Request, appointment_id: str) -> Appointment:
    rows = Appointment.objects.visible_to(user_of(request)).with_people()
    found = rows.filter(pk=row_id(appointment_id, field="appointment_id")).first()
    if found is None:
        raise not_there("appointment_id")
    return found


def review_among(rows: ReviewQuerySet, review_id: str) -> Review:
    found = rows.with_parts().filter(pk=row_id(review_id)).first()
    if found is None:
        raise NotFound
    return found


def own_photo(request: Request, key: str) -> ReviewPhoto:
    """Not sent yet."""
    rows = ReviewPhoto.objects.of_person(user_of(request)).unused().select_related("appointment")
    found = rows.filter(key=key).first()
    if found is None:
        raise NotFound
    return found


def user_of(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
