"""What is known of a customer before they order."""

from accounts.models import User
from appointments.models import Order
from booking_site.common.places import Point


def last_order_of(user: User) -> Order | None:
    """One query."""
    return Order.objects.filter(appointment__user=user).order_by("-pk").first()


def place_of_account(user: User) -> Point | None:
    """Where the account says that they are."""
    if user.latitude is None or user.longitude is None:
        return None
    return Point(float(user.latitude), float(user.longitude))
