"""A provider's orders: on their shelves, and led through their lives from the console."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, CancelRequest, PaymentStatus, Side, Status
from booking_site.common.actors import Actor
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.orders import agreed, order, paid, service

from .conftest import ENGLISH
from .visitor import Visitor

ORDERS = "/console/orders/"
TUESDAY = world.TUESDAY
TEN, TWO = world.clock("10:00", TUESDAY), world.clock("14:00", TUESDAY)


@pytest.fixture
def lin(store: Store) -> Realtor:
    return world.hire(store, "Lin")


@pytest.fixture
def cleaning(store: Store, lin: Realtor) -> Listing:
    return service(store, provider=lin)


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo", phone="+8613800000012")


@pytest.fixture
def at_work(lin: Realtor) -> Visitor:
    """Lin, signed in."""
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(lin.user)
    return visitor


@pytest.fixture
def proposal(cleaning: Listing, fang: User) -> Appointment:
    return order(cleaning, fang, TEN, amount=Decimal(150), address="Huaihai Road 1")


def page_of(one: Appointment) -> str:
    return f"/console/appointments/{one.pk}/"


def test_the_amount_and_the_address_are_said_before_the_yes(at_work, proposal):
    page = at_work.look(page_of(proposal))

    assert "¥150 (listed at ¥200)" in page
    assert "This amount is a proposal. It binds once the provider confirms." in page
    assert "Huaihai Road 1" in page
    assert proposal.order.number in page


def test_a_yes_binds_the_amount_and_asks_for_the_money(at_work, proposal):
    at_work.client.post(f"{page_of(proposal)}accept/")

    proposal.refresh_from_db()
    assert (proposal.status, proposal.payment_status, proposal.due_now) == (
        Status.CONFIRMED,
        PaymentStatus.UNPAID,
        150,
    )
    assert "unpaid ¥150" in at_work.look(page_of(proposal))


def test_each_shelf_holds_what_is_to_be_done_there(at_work, cleaning, fang, bo, proposal):
    coming = agreed(cleaning, bo, TWO)
    Appointment.objects.filter(pk=coming.pk).update(customer_name="Bo the second")

    on = {
        state: at_work.look(f"{ORDERS}?state={state}")
        for state in ("asked", "coming", "to_pay", "wishes", "done", "nonsense")
    }

    assert f'id="order-{proposal.pk}"' in on["asked"]
    assert f'id="order-{coming.pk}"' not in on["asked"]
    for state in ("coming", "to_pay"):
        assert f'id="order-{coming.pk}"' in on[state]
        assert f'id="order-{proposal.pk}"' not in on[state]
    assert "None of these" in on["wishes"]
    assert "None of these" in on["done"]
    assert f'id="order-{proposal.pk}"' in on["nonsense"]


def test_somebody_elses_orders_are_not_there(store, at_work, fang):
    other = order(service(store, "Mei"), fang, TEN)

    assert "No order yet" in at_work.look(ORDERS)
    assert at_work.client.get(page_of(other)).status_code == 404


def test_a_confirmed_order_is_not_cancelled_from_here_but_asked_about(at_work, cleaning, fang):
    made = paid(agreed(cleaning, fang, TEN))

    page = at_work.look(page_of(made))
    assert "Cancel the appointment" not in page
    assert "All that was paid goes back to the customer: ¥200." in page

    at_work.client.post(
        f"/appointments/{made.code}/call-off/", {"do": "ask", "reason": "The van is broken"}
    )

    request = CancelRequest.objects.get()
    assert (request.side, request.reason) == (Side.PROVIDER, "The van is broken")
    assert f'id="order-{made.pk}"' in at_work.look(f"{ORDERS}?state=wishes")


def test_the_customers_wish_is_answered_here(at_work, cleaning, fang):
    made = paid(agreed(cleaning, fang, TEN))
    services.ask_to_cancel(made, by=Actor.of(fang), at=world.NOW, reason="The child is ill")

    page = at_work.look(page_of(made))
    assert "The child is ill" in page
    assert ">They ask to call it off</h2>" in page
    assert "they ask to call it off" in at_work.look(ORDERS)

    at_work.client.post(f"/appointments/{made.code}/call-off/", {"do": "agree"})

    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_many_orders_cost_no_more_queries(at_work, cleaning, fang, bo):
    agreed(cleaning, fang, TEN, address="Huaihai Road 1")
    at_work.look(ORDERS)
    with CaptureQueriesContext(connection) as few:
        at_work.look(ORDERS)
    made = agreed(cleaning, bo, TWO, address="Huaihai Road 2")
    services.ask_to_cancel(made, by=Actor.of(bo), at=world.NOW)
    order(cleaning, fang, world.clock("16:00", TUESDAY), address="Huaihai Road 3")
    with CaptureQueriesContext(connection) as many:
        at_work.look(ORDERS)

    assert len(many) == len(few) <= 15
