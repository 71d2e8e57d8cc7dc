"""GET /api/v1/me/export."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import Child
from accounts.services import erase_account
from appointments import services
from appointments.models import Appointment
from appointments.services import BookingRequest
from booking_site.common.actors import Actor
from booking_site.site.export import export_of
from booking_site.site.views.export import ExportShape
from tests.appointments import courses, world
from tests.callers import caller, data_of, refusal_of
from tests.factories import RealtorFactory, UserFactory
from tests.payments import money

pytestmark = pytest.mark.django_db


def book(user, realtor, days, wish):
    """Around noon in Shanghai, so many days ahead."""
    now = timezone.now()
    noon = (now + timedelta(days=days)).replace(hour=4, minute=0, second=0, microsecond=0)
    request = BookingRequest(
        store=realtor.store,
        starts_at=noon,
        customer=user,
        customer_name=user.display_name,
        customer_phone="+8613800000001",
        requirements=wish,
    )
    return services.book(request, by=Actor.of(user), at=now)


def test_everything_on_oneself_and_nothing_on_others():
    realtor = RealtorFactory()
    me, other = UserFactory(display_name="Mei"), UserFactory(display_name="Somebody Else")
    mine = book(me, realtor, 2, "a quiet room")
    book(other, realtor, 3, "their own affair")
    services.cancel(mine, by=Actor.of(me), at=timezone.now(), reason="moving away")

    answer = caller(me).get("/api/v1/me/export")

    data = data_of(answer)
    assert data["profile"]["email"] == me.email
    (booked,) = data["appointments"]
    assert (booked["code"], booked["requirements"]) == (mine.code, "a quiet room")
    assert [act["action"] for act in data["acts"]] == ["created", "cancelled"]
    assert datetime.fromisoformat(booked["starts_at"]) == mine.starts_at
    assert "Somebody" not in answer.content.decode()
    assert "their own affair" not in answer.content.decode()
    assert "password" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]


def test_guests_have_none():
    refusal_of(caller().get("/api/v1/me/export"), 401, "unauthenticated")


@pytest.fixture
def fang(db):
    return world.register("Fang")


@pytest.fixture
def salsa(db):
    """Tomorrow at nine, 300 yuan in advance. What gateways sign is as old as the clock says."""
    with time_machine.travel(money.NOW, tick=False):
        teacher = world.hire(world.open_store(), "Wei")
        yield money.session(money.course(teacher))


@pytest.fixture
def seat(salsa, fang):
    return money.seat(salsa, fang)


def test_seats_wishes_for_seats_and_payments_are_in_it(fang, seat, salsa):
    paid = money.pay(money.opened(seat))
    full = money.session(money.course(salsa.realtor, capacity=1), money.NINE + 3 * money.HOUR)
    money.seat(full, world.register("Bo"))
    services.wish_for_seat(full, fang, at=money.NOW)
    services.cancel(seat, by=Actor.of(fang), at=money.NOW)

    data = export_of(fang)

    (booked,) = data["appointments"]
    assert (booked["listing__title"], booked["payment_status"]) == ("Salsa", "paid")
    assert (booked["due_now"], booked["paid_at"]) == (money.PRICE, money.NOW)
    (payment,) = data["payments"]
    assert (payment["number"], payment["amount"]) == (paid.number, money.PRICE)
    (share,) = data["payment_shares"]
    assert share["appointment_id"] == seat.pk
    (refund,) = data["refunds"]
    assert (refund["reason"], refund["amount"]) == ("cancelled", money.PRICE)
    (wish,) = data["seat_wishes"]
    assert wish["session_id"] == full.pk
    assert "Bo" not in json.dumps(data, cls=DjangoJSONEncoder)


def test_the_document_names_all_that_is_in_it(fang):
    assert set(ExportShape().fields) == set(export_of(fang))


def test_of_a_package_it_says_what_belongs_together(fang, salsa):
    course = money.course(salsa.realtor, attributes={"package_sessions": 2})
    days = [money.NINE + (day * 24 + 3) * money.HOUR for day in (1, 2)]
    money.package([money.session(course, day) for day in days], fang)

    data = export_of(fang)

    (package,) = data["packages"]
    assert {one["package_id"] for one in data["appointments"]} == {package["id"]}


def test_who_leaves_takes_their_name_out_of_the_books_and_the_sums_stay(fang, seat):
    paid = money.pay(money.opened(seat))
    child = courses.child_of(fang, "Le")
    Appointment.objects.filter(pk=seat.pk).update(child=child)

    erase_account(fang, by=Actor.of(fang), at=money.NOW)

    paid.refresh_from_db()
    seat.refresh_from_db()
    assert (paid.user, paid.amount, paid.status) == (None, money.PRICE, "paid")
    assert (seat.customer_name, seat.child, seat.due_now) == ("", None, money.PRICE)
    assert money.refunds(seat) == [("cancelled", "due", money.PRICE)]
    assert not Child.objects.filter(name="Le").exists()
