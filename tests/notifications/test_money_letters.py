"""What is told of money: that it came, did not come, came too late, goes back, is stuck."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from appointments import services
from appointments.services.paying import end_unpaid
from booking_site.common.actors import Actor
from notifications.models import Delivery, OutboxEvent, Role, UserEvent, WebhookDelivery
from payments import services as payments
from payments.models import ChargeState, Refund
from payments.services import give_up
from payments.timed import send_due_refunds
from tests.appointments import courses
from tests.appointments.world import NOW, manager, register
from tests.payments import money

from .edge import at_the_edge
from .hooks import bare_hook
from .post import html_of, letters_to, the_letter_to, written
from .seats import FANGS, LATE, TEN, booked, failed, last_told, paid, told

pytestmark = pytest.mark.django_db
HUAS = "hua@example.com"


@pytest.fixture(autouse=True)
def _at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fang(db):
    return register("Fang", email=FANGS, locale="en")


@pytest.fixture
def piano(store):
    return courses.teach(store)


@pytest.fixture
def lesson(piano):
    return courses.session_at(piano, TEN)


@pytest.fixture
def seat(lesson, fang):
    return booked(lesson, fang)


def letter_that_begins(subject: str, *, at=NOW):
    (letter,) = [one for one in letters_to(FANGS, at=at) if one.subject.startswith(subject)]
    return letter


def test_a_receipt_says_how_much_for_what_and_under_which_number(seat, fang):
    payment = paid(seat)

    letter = letter_that_begins("Payment received")

    assert letter.subject == "Payment received: ¥100"
    for text in (letter.body, html_of(letter)):
        assert "¥100" in text
        assert payment.subject in text
        assert payment.number in text
    assert told(fang) == ["created", "confirmed", "payment"]


def test_where_the_teacher_is_asked_the_receipt_says_so(store, fang):
    course = courses.teach(store, "Jun", needs_approval=True)
    paid(booked(courses.session_at(course, TEN), fang))

    assert "Jun has been asked and will confirm it." in letter_that_begins("Payment").body


def test_what_failed_may_be_tried_again_as_long_as_the_place_is_kept(seat, fang):
    failed(seat)

    letter = letter_that_begins("Your payment did not go through")

    assert "nothing was taken" in letter.body
    assert f"/bookings/{seat.code}/pay/" in letter.body
    assert last_told(fang).link == f"/bookings/{seat.code}/pay/"


def test_that_it_failed_is_not_told_to_who_has_paid_since(seat, fang):
    failed(seat)
    paid(seat)

    assert not [one for one in letters_to(FANGS) if "did not go through" in one.subject]


def test_what_came_too_late_goes_back_and_that_is_said(seat, fang):
    payment = money.opened(seat)
    money.sandbox.press(money.charge(payment), ChargeState.PAID)
    end_unpaid(at=LATE)
    letters_to(FANGS, at=LATE)

    money.hear(payment, "paid", at=NOW)

    letter = letter_that_begins("Your payment goes back", at=LATE)
    assert "came when the place was no longer kept. All of it goes back" in letter.body
    assert payment.number in letter.body


def test_when_money_has_been_sent_back_how_much_and_why_is_said(seat, fang, lesson, store):
    paid(seat)
    at_the_edge(services.call_off_session, lesson, by=manager(store), at=NOW, reason="Ill.")
    letters_to(FANGS)

    send_due_refunds(at=NOW)

    letter = the_letter_to(FANGS)
    refund = Refund.objects.get()
    assert letter.subject == "Money sent back: ¥100"
    assert "The booking was called off." in letter.body
    assert refund.number in letter.body
    assert told(fang)[-1] == "payment"


def test_what_staff_give_back_carries_their_words(seat, fang, store):
    payment = paid(seat)
    share = payment.shares.select_related("payment__store").get()
    by = manager(store)
    at_the_edge(
        payments.refund_by_staff,
        share,
        amount=Decimal(25),
        reason="A broken string.",
        by=by,
        at=NOW,
    )
    letters_to(FANGS)

    send_due_refunds(at=NOW)

    letter = the_letter_to(FANGS)
    assert letter.subject == "Money sent back: ¥25"
    assert "In their words: A broken string." in letter.body


def test_a_refund_that_is_stuck_is_told_to_those_who_run_the_store_alone(seat, fang, store):
    hua = manager(store).user
    hua.email, hua.locale = HUAS, "en"
    hua.save()
    paid(seat)
    at_the_edge(services.cancel, seat, by=Actor.of(fang), at=NOW)
    refund = Refund.objects.get()
    letters_to(FANGS)
    heard = UserEvent.objects.filter(user=fang.pk).count()

    at_the_edge(give_up, refund, error="refused by the gateway", at=NOW)

    letter = the_letter_to(HUAS)
    assert letter.subject == "A refund needs you: ¥100"
    assert f"/payments/refund/{refund.pk}/change/" in letter.body
    assert told(hua) == ["payment"]
    assert written(event__kind="refund_stuck") == ["manager refund_stuck"]
    assert UserEvent.objects.filter(user=fang.pk).count() == heard


def test_whoever_does_not_want_to_read_of_payments_does_not(seat, fang):
    fang.notification_preferences.create(kind="payment", channel="email", enabled=False)
    fang.notification_preferences.create(kind="payment", channel="in_app", enabled=False)

    paid(seat)

    assert told(fang) == ["created", "confirmed"]
    assert not Delivery.objects.filter(letter="receipt").exists()


def test_stores_hear_of_money_by_machine(seat, fang, store):
    endpoint = bare_hook(store)
    payment = paid(seat)
    at_the_edge(services.cancel, seat, by=Actor.of(fang), at=NOW)
    send_due_refunds(at=NOW)

    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk")
    names = [one.event_name for one in rows]

    assert names == [
        "booking.paid",
        "appointment.confirmed",
        "payment.succeeded",
        "appointment.cancelled",
        "refund.done",
    ]
    assert rows[2].facts["payment_id"] == str(payment.pk)
    assert rows[2].facts["payment_status"] == "paid"
    assert rows[4].facts["refund_id"] == str(Refund.objects.get().pk)


def test_the_facts_of_money_are_ids_alone(seat):
    payment = paid(seat)

    (event,) = OutboxEvent.objects.filter(kind="payment_succeeded")

    assert event.facts == {"payment_id": payment.pk}
    assert event.at <= NOW + timedelta(seconds=1)
    assert Role.CUSTOMER in event.deliveries.values_list("role", flat=True)
