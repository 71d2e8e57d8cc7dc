"""Seats in the back office: what was booked and paid is told; a seat is moved, not given away."""

from datetime import timedelta

from django.utils import timezone

from appointments import services
from appointments.models import Appointment, SeatWish, Session, Status
from booking_site.common.actors import SYSTEM, Actor
from tests.appointments.courses import take_seat
from tests.factories import UserFactory

from .places import list_of, page_of, seated, start_at
from .pressing import press, said

# A seat on the page of its booking


def test_the_booking_says_course_session_child_and_money(ann, session, fang):
    child = fang.children.create(name="Little Fang")
    appointment = take_seat(session, fang, child=child, at=timezone.now())

    html = ann.get(page_of(appointment)).content.decode()

    for told in ("Ann sings", "Little Fang", "80.00", "unpaid", "/admin/appointments/session/"):
        assert told in html, told


def test_a_seat_is_moved_to_another_session_and_stays_paid(ann, course, session, fang):
    appointment = seated(session, fang)
    starts_at = start_at(course.store, days=6, hour=15)
    other = services.open_session(course, starts_at=starts_at, by=SYSTEM, at=timezone.now())

    dialog = ann.get(f"{list_of(Appointment)}{appointment.pk}/move-seat/").content.decode()
    assert "2 seats left" in dialog
    press(ann, appointment, "move-seat", session=other.pk, reason="A cold")

    appointment.refresh_from_db()
    assert (appointment.session, appointment.payment_status) == (other, "paid")
    assert appointment.log.get(action="rescheduled").reason == "A cold"


def test_a_full_session_is_not_offered(ann, course, session, fang):
    appointment = seated(session, fang)
    starts_at = start_at(course.store, days=6, hour=15)
    at = timezone.now()
    full = services.open_session(course, starts_at=starts_at, by=SYSTEM, at=at, capacity=1)
    seated(full, UserFactory())

    press(ann, appointment, "move-seat", session=full.pk)

    appointment.refresh_from_db()
    assert appointment.session == session


def test_a_seat_is_not_given_to_another_teacher(ann, ours, session, fang):
    appointment = seated(session, fang)

    answer = ann.post(
        list_of(Appointment),
        {
            "action": "reassign_best",
            "_selected_action": [appointment.pk],
            "reason": "She asked",
        },
        follow=True,
    )

    assert any("A seat stays with its session's teacher." in text for text in said(answer))
    assert "reassign/" not in ann.get(page_of(appointment)).content.decode()


def test_what_is_not_paid_is_not_confirmed_here_either(ann, course, session, fang):
    appointment = take_seat(session, fang, at=timezone.now())

    answer = ann.post(
        list_of(Appointment),
        {"action": "accept", "_selected_action": [appointment.pk]},
        follow=True,
    )

    appointment.refresh_from_db()
    assert appointment.status == Status.PENDING
    assert len(said(answer)) == 1


def test_bookings_are_narrowed_to_seats_and_to_what_is_unpaid(ann, ours, session, fang):
    appointment = take_seat(session, fang, at=timezone.now())

    seats = ann.get(list_of(Appointment), {"kind": "seat"}).context["cl"].queryset
    unpaid = ann.get(list_of(Appointment), {"payment_status__exact": "unpaid"})

    assert list(seats) == [appointment]
    assert list(unpaid.context["cl"].queryset) == [appointment]


def test_called_off_by_staff_a_seat_costs_nothing(ann, ours, session, fang):
    appointment = seated(session, fang)
    services.cancel(appointment, by=Actor.of(ours.manager), at=timezone.now(), reason="Ill")

    assert appointment.cancel_fee == 0


# Figures


def test_the_first_page_tells_what_was_paid_and_how_full_sessions_were(ann, ours, session, fang):
    at = timezone.now()
    seated(session, fang)
    back = seated(session, UserFactory())
    services.cancel(back, by=Actor.of(ours.manager), at=at, reason="Ill")
    Appointment.objects.filter(pk=back.pk).update(payment_status="refunded")
    yesterday = at - timedelta(days=1)
    for rows in (
        Session.objects.filter(pk=session.pk),
        Appointment.objects.filter(session=session),
    ):
        rows.update(starts_at=yesterday, ends_at=yesterday + timedelta(hours=1))

    charts = {one["title"]: one for one in ann.get("/admin/").context["charts"]}

    paid, seats = charts["Paid through this site"], charts["Seats in sessions"]
    assert "¥80 for" in paid["told"]
    assert ["80.0 CNY", "80.0 CNY"] in [row[1:] for row in paid["rows"]]
    assert "50 %" in seats["told"]
    assert ["1", "1"] in [row[1:] for row in seats["rows"]]


def test_a_fee_that_nobody_has_paid_is_not_told_as_paid(ann, ours):
    yesterday = timezone.now() - timedelta(days=1)
    Appointment.objects.filter(pk=ours.booked.pk).update(
        status="cancelled",
        cancel_fee=30,
        currency="CNY",
        payment_status="not_required",
        starts_at=yesterday,
        ends_at=yesterday + timedelta(hours=1),
    )

    titles = [one["title"] for one in ann.get("/admin/").context["charts"]]

    assert "Paid through this site" not in titles


def test_who_waits_for_a_seat_is_listed(ann, ours):
    html = ann.get(list_of(SeatWish)).content.decode()

    assert "Ann sings" in html
