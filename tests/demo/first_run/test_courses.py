"""The demo's courses: something of every kind to look at, and open sessions whenever it starts."""

from datetime import datetime, timedelta

from appointments.models import (
    Appointment,
    PaymentStatus,
    SeatWish,
    Session,
    SessionStatus,
    Status,
)
from appointments.selectors.sessions import SeatState, with_seats
from booking_site.site.demo.listings import (
    BRUSH,
    CODING,
    COOKING,
    COURSES,
    ENGLISH,
    FIRST_AID,
    PIANO,
    YOGA,
    DemoListing,
)
from booking_site.site.demo.seeding import seed
from payments.models import Payment, Refund
from realtors.models import Listing, ListingKind

from .conftest import FRIDAY


def booked(course: DemoListing) -> list[Appointment]:
    rows = Appointment.objects.filter(listing__title=course.title, starts_at__gt=FRIDAY)
    return list(rows.order_by("starts_at", "pk"))


def mine(course: DemoListing) -> list[Appointment]:
    return [one for one in booked(course) if one.user and one.user.email == "customer@example.com"]


def open_sessions(at: datetime) -> dict[str, int]:
    ahead = Session.objects.filter(
        status=SessionStatus.OPEN, starts_at__gt=at, starts_at__lt=at + timedelta(days=14)
    )
    titles = list(ahead.order_by().values_list("listing__title", flat=True))
    return {plan.title: titles.count(plan.title) for plan in COURSES}


def test_no_list_is_empty():
    shown = Listing.objects.open_to_public()

    assert shown.filter(kind=ListingKind.COURSE).count() == 12
    assert shown.filter(kind=ListingKind.HOUSE).count() == 30
    assert shown.filter(kind=ListingKind.BOARDING).count() >= 10
    assert shown.filter(kind=ListingKind.SERVICE).count() == 40
    assert all(one.pictures.count() >= 1 for one in shown)


def test_every_course_has_sessions_to_choose_from():
    assert min(open_sessions(FRIDAY).values()) >= 2


def test_the_demo_realtor_teaches():
    assert Listing.objects.filter(realtor__user__email="realtor@example.com").count() >= 2


def test_one_session_is_full_and_somebody_waits_for_a_seat():
    wish = SeatWish.objects.select_related("session__store", "session__listing").get()
    (seats,) = with_seats([wish.session], at=FRIDAY)

    assert wish.session.listing.title == PIANO.title
    assert seats.state == SeatState.BOOKED


def test_a_package_was_paid_in_one_go():
    seats = mine(ENGLISH)

    assert [one.attendee_name for one in seats] == ["王一言"] * 4
    assert {one.status for one in seats} == {Status.CONFIRMED}
    payment = Payment.objects.get(shares__appointment=seats[0])
    assert payment.shares.count() == 4
    assert payment.amount == 4 * 90


def test_one_waits_for_its_teacher():
    (seat,) = mine(CODING)

    assert (seat.status, seat.payment_status) == (Status.PENDING, PaymentStatus.PAID)
    assert seat.offers.filter(status="open").exists()


def test_one_is_free_and_one_asks_for_a_deposit():
    assert {one.payment_status for one in booked(FIRST_AID)} == {PaymentStatus.NOT_REQUIRED}
    assert [(one.due_now, one.due_on_the_spot) for one in mine(YOGA)] == [(34, 34)]


def test_one_is_not_paid_yet_and_one_was_given_back():
    (unpaid,) = mine(COOKING)
    (back,) = mine(BRUSH)

    assert unpaid.awaits_payment
    assert (back.status, back.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert Refund.objects.get().amount == 80


def test_courses_have_a_past_that_is_reviewed():
    held = Session.objects.filter(ends_at__lt=FRIDAY)

    assert held.count() >= 5
    assert not held.exclude(status=SessionStatus.COMPLETED).exists()
    sat = Appointment.objects.filter(session__in=held, status=Status.COMPLETED)
    assert not sat.filter(review=None).exists()


def test_weeks_later_there_are_sessions_and_bookings_again():
    later = FRIDAY + timedelta(days=18)

    seed(at=later)

    assert min(open_sessions(later).values()) >= 2
    seats = Appointment.objects.filter(session__isnull=False, starts_at__gt=later)
    assert seats.filter(status=Status.CONFIRMED).count() >= 10
    assert not Session.objects.filter(ends_at__lt=later, status=SessionStatus.OPEN).exists()


def test_what_somebody_has_changed_of_a_course_stays_changed():
    Listing.objects.filter(title=PIANO.title).update(price=5, status="draft")

    seed(at=FRIDAY)

    piano = Listing.objects.get(title=PIANO.title)
    assert (piano.price, piano.status) == (5, "draft")
