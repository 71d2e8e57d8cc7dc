"""What a policy comes to in words."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from appointments.presenters.policy import policy_sentences

FEES = [[1440, 20], [120, 100]]
PRICE = Decimal("80.00")


def rules(cancel: int, move: int, fees: list[list[int]], **of: Decimal) -> str:
    policy = {
        "cancel_cutoff_minutes": cancel,
        "reschedule_cutoff_minutes": move,
        "fee_steps": fees,
    }
    with override("en"):
        return " ".join(policy_sentences(policy, **of))


@pytest.mark.parametrize("fees", [[], FEES, [[0, 50]]], ids=str)
@pytest.mark.parametrize("cancel", [0, 60])
@pytest.mark.parametrize("move", [0, 60, 120])
def test_no_length_of_time_is_zero(cancel: int, move: int, fees: list[list[int]]):
    for of in ({}, {"final_price": PRICE}):
        assert " 0 minutes" not in rules(cancel, move, fees, **of)


def test_what_may_be_done_until_the_start_is_said_to():
    assert rules(60, 0, FEES) == (
        "You can cancel until 1 hour before the start, and move it until it starts."
    )
    assert rules(0, 60, FEES) == "You can cancel until it starts, and move it until 1 hour before."
    assert rules(0, 0, FEES) == "You can cancel or move it until it starts."
    assert rules(60, 60, FEES) == "You can cancel or move it until 1 hour before the start."


def test_fees_are_of_a_price_only():
    priced = rules(0, 0, FEES, final_price=PRICE)

    assert "free until 1 day before the start; after that it costs 20% of the price." in priced
    assert "From 2 hours before the start it costs 100%." in priced
    for of in ({}, {"final_price": Decimal(0)}):
        assert "%" not in rules(0, 0, FEES, **of)


def test_what_was_moved_late_is_not_said_to_be_free():
    policy = {"fee_steps": FEES, "fee_floor": 20}
    with override("en"):
        told = " ".join(policy_sentences(policy, final_price=PRICE))

    assert told.startswith(
        "Cancelling costs 20% of the price: when you moved it, it was too late for less."
    )
    assert "From 2 hours before the start it costs 100%." in told
    assert "free" not in told


def test_a_fee_from_the_start_on_is_none():
    assert rules(0, 0, [[0, 50]], final_price=PRICE) == (
        "You can cancel or move it free of charge until it starts."
    )
