"""From orders to what the API answers with."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from appointments.api.order_lookups import orders
from appointments.api.order_shapes import OrderShape
from appointments.models import Appointment
from appointments.talks import talks


def orders_answer(rows: Iterable[Appointment], user: User) -> list[dict[str, Any]]:
    """For this user. Two queries for all of them, when their parts are loaded."""
    made = list(rows)
    context = {"talks": talks().ids_of(made, user)}
    return list(OrderShape(made, many=True, context=context).data)


def order_answer(made: Appointment, user: User) -> dict[str, Any]:
    """As it is now, whatever was loaded before: also for who does not see it any more."""
    return orders_answer([orders().get(pk=made.pk)], user)[0]
