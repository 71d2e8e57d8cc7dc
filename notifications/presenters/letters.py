"""The words of every letter, said once for its text and its HTML."""

from collections.abc import Callable, Mapping
from datetime import datetime

from appointments.models import Appointment
from appointments.presenters.what import ORDER, SEAT, STAY, VIEWING, kind_of
from notifications.models import Delivery, Letter, Role
from notifications.presenters import (
    customer_letters,
    host_letters,
    money_letters,
    order_letters,
    provider_letters,
    realtor_letters,
    request_letters,
    seat_letters,
    sitter_letters,
    stay_letters,
    viewing_letters,
)
from notifications.presenters.facts import Facts
from notifications.presenters.money_facts import MoneyFacts
from notifications.presenters.order_facts import OrderFacts
from notifications.presenters.seat_facts import SeatFacts
from notifications.presenters.stay_facts import StayFacts
from notifications.presenters.viewing_facts import ViewingFacts
from notifications.presenters.words import Words

Written = Mapping[Letter, Callable[..., Words]]

# Of a realtor's time, or where the others have no words of their own.
OF_TIMES: dict[Role, Written] = {
    Role.CUSTOMER: customer_letters.LETTERS,
    Role.REALTOR: realtor_letters.LETTERS,
}
OF_SEATS: dict[Role, Written] = {
    Role.CUSTOMER: seat_letters.TO_CUSTOMERS,
    Role.REALTOR: seat_letters.TO_TEACHERS,
}
OF_STAYS: dict[Role, Written] = {
    Role.CUSTOMER: stay_letters.TO_CUSTOMERS,
    Role.REALTOR: sitter_letters.TO_SITTERS,
}
OF_VIEWINGS: dict[Role, Written] = {
    Role.CUSTOMER: viewing_letters.TO_CUSTOMERS,
    Role.REALTOR: host_letters.TO_HOSTS,
}
OF_ORDERS: dict[Role, Written] = {
    Role.CUSTOMER: {**order_letters.TO_CUSTOMERS, **request_letters.TO_SIDES},
    Role.REALTOR: {**provider_letters.TO_PROVIDERS, **request_letters.TO_SIDES},
    Role.MANAGER: request_letters.TO_DECIDERS,
}
OF_MONEY: dict[Role, Written] = {
    Role.CUSTOMER: money_letters.TO_CUSTOMERS,
    Role.MANAGER: money_letters.TO_MANAGERS,
}


def words_of(delivery: Delivery, *, at: datetime) -> Words:
    """In the language that is active."""
    role, letter = Role(delivery.role), Letter(delivery.letter)
    if letter in OF_MONEY.get(role, {}):
        return OF_MONEY[role][letter](MoneyFacts(delivery, at))
    written, facts_of = _of_its_sort(delivery.event.appointment)
    if letter in written.get(role, {}):
        return written[role][letter](facts_of(delivery, at))
    return OF_TIMES[role][letter](Facts(delivery, at))


def _of_its_sort(appointment: Appointment) -> tuple[dict[Role, Written], type[Facts]]:
    sorts: dict[str, tuple[dict[Role, Written], type[Facts]]] = {
        SEAT: (OF_SEATS, SeatFacts),
        STAY: (OF_STAYS, StayFacts),
        VIEWING: (OF_VIEWINGS, ViewingFacts),
        ORDER: (OF_ORDERS, OrderFacts),
    }
    return sorts.get(kind_of(appointment), (OF_TIMES, Facts))
