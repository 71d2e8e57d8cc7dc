"""Of those who are online, whom a member of staff may know of."""

from collections.abc import Iterable

from accounts.models import User
from appointments.models import Appointment
from realtors.models import Realtor
from stores.models import Store


def known_to(staff: User, user_ids: Iterable[int]) -> list[User]:
    """All for an operator; for a manager who works in their stores or has booked there."""
    ids = list(user_ids)
    if not staff.is_superuser:
        stores = list(Store.objects.managed_by(staff).values_list("pk", flat=True))
        people = Realtor.objects.filter(store__in=stores, user__in=ids)
        customers = Appointment.objects.filter(user__in=ids, store__in=stores)
        ids = [
            *people.values_list("user_id", flat=True),
            *customers.values_list("user_id", flat=True).distinct(),
        ]
    return list(User.objects.filter(pk__in=ids).order_by("pk"))
