"""Houses to see and places for pets in the demo."""

from datetime import timedelta

from accounts.models import User
from appointments.models import Appointment, Status
from appointments.selectors.nights import units_left
from booking_site.site.demo.seeding import seed
from realtors.models import Listing
from realtors.selectors import recommended_for

from .conftest import FRIDAY

DAY = timedelta(days=1)


def test_there_are_thirty_houses_and_some_are_the_demo_realtors():
    houses = Listing.objects.open_to_public().filter(kind="house")

    assert houses.count() == 30
    assert houses.filter(realtor__user__email="realtor@example.com").count() >= 5
    assert houses.filter(realtor=None).exists()
    assert not houses.filter(latitude=None).exists()
    assert not houses.filter(pictures=None).exists()


def test_ten_sitters_have_room_on_any_near_nights():
    places = list(
        Listing.objects.open_to_public()
        .filter(kind="boarding", store__slug="maomao-chengxi")
        .with_people()
    )
    assert len({one.realtor_id for one in places}) == 10

    for at in (FRIDAY, FRIDAY + timedelta(days=2, hours=9)):
        today = at.astimezone(places[0].store.zone).date()
        for ahead in range(1, 15):
            left = units_left(places, today + ahead * DAY, today + (ahead + 2) * DAY, at=at)
            assert sum(units > 0 for units in left.values()) >= 9, ahead


def test_every_start_keeps_it_so():
    for days in (3, 24):
        seed(at=FRIDAY + timedelta(days=days, hours=days))

        at = FRIDAY + timedelta(days=days, hours=days)
        ahead = Appointment.objects.stays().filter(ends_at__gt=at)
        assert ahead.filter(status=Status.IN_PROGRESS).exists()
        assert ahead.filter(status=Status.CONFIRMED).count() >= 2
    assert Appointment.objects.stays().count() < 40


def test_somebody_can_accept_a_viewing_and_check_a_pet_out():
    seen = Appointment.objects.filter(
        listing__kind="house", realtor__user__email="realtor@example.com"
    )
    assert seen.filter(status=Status.PENDING).exists()
    assert seen.filter(status=Status.COMPLETED, viewing_feedback__isnull=False).exists()
    sitter = Appointment.objects.stays().filter(realtor__user__email="sitter@example.com")
    assert sitter.filter(status=Status.IN_PROGRESS).exists()
    assert sitter.filter(status=Status.CONFIRMED).exists()


def test_the_customer_has_a_stay_ahead_and_one_to_pay():
    mine = Appointment.objects.stays().filter(user__email="customer@example.com")

    assert {(one.status, one.payment_status) for one in mine} >= {
        (Status.COMPLETED, "paid"),
        (Status.CONFIRMED, "paid"),
        (Status.PENDING, "unpaid"),
    }


def test_houses_are_recommended_to_the_customer_with_different_reasons():
    customer = User.objects.get(email="customer@example.com")

    found = recommended_for(customer, at=FRIDAY)

    assert len({one.reason.code for one in found.rows[:12]}) >= 2
