"""Ids of people in bodies: what they may say, and that they open nothing."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.api.callers import user_of
from accounts.models import User
from appointments.models import Appointment
from appointments.permissions import is_staff
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.callers import actor_of
from booking_site.common.errors import Forbidden, Invalid
from stores.models import Store


def customer_named(request: Request, user_id: str | None, store: Store) -> User:
    """For whom something is booked: the caller, or for staff of the store the account they name.
    Raises Forbidden; NotFound for an account that is not there."""
    user = user_of(request)
    if user_id is None or user_id == str(user.pk):
        return user
    if not is_staff(actor_of(request), store):
        raise Forbidden
    found = User.objects.filter(pk=row_id(user_id, field="user_id"), is_active=True).first()
    if found is None:
        raise not_there("user_id")
    return found


def phone_for(request: Request, customer: User) -> str:
    """Their own. Whoever books for an account does not learn its telephone by that."""
    return str(customer.phone or "") if customer == user_of(request) else ""


def require_own_sides(request: Request, appointment: Appointment, said: dict[str, Any]) -> None:
    """That ``user_id`` and ``landlord_id``, where they are said, are the caller's own, or those of
    the appointment where staff says them. Raises Forbidden, Invalid."""
    realtor = appointment.realtor
    whose = {"user_id": appointment.user_id, "landlord_id": realtor.user_id if realtor else None}
    named = {name: said[name] for name in whose if said.get(name) is not None}
    if not named:
        return
    caller = str(user_of(request).pk)
    is_own = all(value == caller for value in named.values())
    if not is_own and not is_staff(actor_of(request), appointment.store):
        raise Forbidden
    wrong = [name for name, value in named.items() if value != str(whose[name] or "")]
    if wrong:
        message = _("This is somebody else than the one whom the reservation names.")
        raise Invalid(errors={name: [message] for name in wrong})
