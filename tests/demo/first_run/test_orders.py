"""The demo's services and their orders: forty to choose from, each ordered by somebody before, and
one order in every state for whoever signs in on either side."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from appointments.models import Appointment, PaymentStatus, RequestState, Status
from appointments.models.appointment import LIVE
from appointments.selectors.slots import days_of_slots
from booking_site.site.demo.home_services import WORKS
from booking_site.site.demo.offers import SERVICES
from booking_site.site.demo.ordering import MOST, PLANS
from booking_site.site.demo.seeding import seed
from realtors.models import Listing, ListingKind
from tests.races.checker import faults

from .conftest import FRIDAY

CUSTOMER, WORKER = "customer@example.com", "worker@example.com"
# Written as rows, and not led through a life: nobody was asked, and no time is claimed.
REMEMBERED = ("past", "done")


def state_of(order: Appointment) -> str:
    """In one word what there is to be done about it."""
    if order.cancel_requests.filter(state=RequestState.OPEN).exists():
        return "asked"
    if order.status == Status.PENDING:
        return "proposed" if order.has_proposal else "pending"
    return "paid" if order.payment_status == PaymentStatus.PAID else "to pay"


def ahead(at: datetime = FRIDAY, **whose: str) -> Iterable[Appointment]:
    return Appointment.objects.filter(
        listing__kind=ListingKind.SERVICE, status__in=LIVE, ends_at__gt=at, **whose
    ).select_related("listing", "order")


def states(at: datetime = FRIDAY, **whose: str) -> set[str]:
    return {state_of(one) for one in ahead(at, **whose)}


def test_forty_services_of_seven_categories_are_offered_and_shown():
    shown = Listing.objects.open_to_public().filter(kind=ListingKind.SERVICE)

    assert {one.title for one in shown} == {
        *(work.title for work in WORKS),
        *(plan.title for plan in SERVICES),
    }
    assert shown.count() == 40
    assert set(shown.values_list("category__name", flat=True)) == {
        *("家政", "维修", "配送", "教育", "医疗", "美容", "其他")
    }
    assert not shown.filter(pictures=None).exists()


def test_what_leaves_open_who_comes_is_free_with_somebody_who_can_do_it():
    anybody = Listing.objects.open_to_public().filter(realtor=None).select_related("store")
    assert {one.kind for one in anybody} == {ListingKind.SERVICE, ListingKind.HOUSE}

    for one in anybody:
        first = FRIDAY.astimezone(one.store.zone).date()
        days = days_of_slots(one.store, first=first, days=7, at=FRIDAY, listing=one)
        assert sum(day.free_count for day in days), one.title


def test_each_of_the_thirty_six_was_ordered_done_and_reviewed():
    done = Appointment.objects.filter(
        listing__kind=ListingKind.SERVICE, status=Status.COMPLETED, ends_at__lt=FRIDAY
    )

    assert len(WORKS) == 36
    said = done.filter(order__isnull=False, review__isnull=False)
    assert set(said.values_list("listing__title", flat=True)) == {work.title for work in WORKS}
    assert not done.filter(order=None).exists()
    numbers = list(done.values_list("order__number", flat=True))
    assert len(set(numbers)) == len(numbers)


def test_the_customer_has_an_order_in_every_state():
    assert states(user__email=CUSTOMER) == {"proposed", "to pay", "paid", "asked"}


def test_so_has_who_does_the_work():
    assert states(realtor__user__email=WORKER) >= {"proposed", "pending", "to pay", "asked"}


def test_every_order_ahead_says_where_and_has_one_number():
    orders = list(ahead())

    assert sorted(one.customer_email for one in orders) == sorted(plan.mark for plan in PLANS)
    assert all(one.order.address and one.order.point for one in orders)


@pytest.mark.parametrize("days", [9, 24])
def test_every_start_keeps_it_so(days: int):
    at = FRIDAY + timedelta(days=days, hours=days)
    before = Appointment.objects.filter(customer_email__startswith="order").count()

    seed(at=at)
    seed(at=at)

    assert states(at, user__email=CUSTOMER) == {"proposed", "to pay", "paid", "asked"}
    ours = Appointment.objects.filter(customer_email__startswith="order")
    assert before < ours.count() <= MOST * len(PLANS)


def test_nothing_in_it_contradicts_itself():
    """As the races' checker reads the tables; also of what is merely remembered nobody was at two
    places at once."""
    marks = dict(Appointment.objects.values_list("pk", "customer_email"))

    def is_of_the_past(fault: str) -> bool:
        named = [marks[int(pk)] for pk in re.findall(r"appointment (\d+)", fault)]
        return any(mark.startswith(REMEMBERED) for mark in named) and "promised twice" not in fault

    assert [fault for fault in faults(FRIDAY, swept=False) if not is_of_the_past(fault)] == []
