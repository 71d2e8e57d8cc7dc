"""The words of every letter, said once for its text and its HTML."""

from collections.abc import Callable, Mapping
from datetime import datetime

from notifications.models import Delivery, Letter, Role
from notifications.presenters import customer_letters, money_letters, realtor_letters, seat_letters
from notifications.presenters.facts import Facts
from notifications.presenters.money_facts import MoneyFacts
from notifications.presenters.seat_facts import SeatFacts
from notifications.presenters.words import Words

Written = Mapping[Letter, Callable[..., Words]]

# Of a realtor's time, or where the next two have no words of their own.
OF_TIMES: dict[Role, Written] = {
    Role.CUSTOMER: customer_letters.LETTERS,
    Role.REALTOR: realtor_letters.LETTERS,
}
OF_SEATS: dict[Role, Written] = {
    Role.CUSTOMER: seat_letters.TO_CUSTOMERS,
    Role.REALTOR: seat_letters.TO_TEACHERS,
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
    if delivery.event.appointment.is_seat and letter in OF_SEATS.get(role, {}):
        return OF_SEATS[role][letter](SeatFacts(delivery, at))
    return OF_TIMES[role][letter](Facts(delivery, at))
