"""Orders of services are reviewed like any appointment, once they are done."""

import pytest

from appointments import services
from booking_site.common.errors import Refusal
from tests.appointments import orders
from tests.appointments.world import HOUR, acting, clock

from .visits import say

pytestmark = pytest.mark.django_db
TEN = clock("10:00")


@pytest.fixture
def cleaning(wei):
    return orders.service(wei.store, provider=wei)


def figures(row):
    row.refresh_from_db()
    return float(row.rating), row.review_count


def test_it_counts_once_for_the_service_its_provider_and_the_store(cleaning, wei, fang):
    made = orders.agreed(cleaning, fang, TEN)
    with pytest.raises(Refusal):
        say(made, 5)
    services.start(made, by=acting(wei), at=TEN)
    services.complete(made, by=acting(wei), at=TEN + HOUR)

    review = say(made, 4, "Spotless.")

    assert review.listing == cleaning
    assert (figures(cleaning), figures(wei), figures(wei.store)) == ((4.0, 1), (4.0, 1), (4.0, 1))
    with pytest.raises(Refusal):
        say(made, 1)


def test_what_was_called_off_is_not_reviewed(cleaning, wei, fang):
    made = orders.order(cleaning, fang, TEN)
    services.decline(made, by=acting(wei), at=clock("08:00"), reason="")

    with pytest.raises(Refusal):
        say(made, 1)
