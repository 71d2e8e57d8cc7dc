"""Every piece of news leaves a row in its own transaction, and the letters it calls for."""

import pytest
from django.db import transaction

from accounts.services import erase_account
from appointments import services
from appointments.events import AppointmentNews, CancelRequestChanged
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from notifications.models import Delivery, Kind, OutboxEvent
from notifications.receivers import (
    KINDS,
    KINDS_OF_PAYMENTS,
    KINDS_OF_REFUNDS,
    KINDS_OF_REVIEWS,
)
from notifications.timed import run_due
from payments.events import PaymentNews, RefundNews
from realtors.models import Realtor
from realtors.services import set_presence
from reviews.events import ReviewNews
from tests.appointments.world import (
    HOUR,
    NOW,
    QIANG,
    acting,
    clock,
    manager,
    owner,
    running,
)
from tests.factories import PolicyFactory

from .post import LANS, booked, confirmed, written

pytestmark = pytest.mark.django_db
TWO = clock("14:00")


def kinds_of(appointment: Appointment) -> list[str]:
    return list(appointment.news.values_list("kind", flat=True))


def test_all_news_of_the_apps_below_are_known_here():
    # It is told as two kinds: asked, and what became of that.
    assert {*KINDS, CancelRequestChanged} == set(AppointmentNews.__subclasses__())
    assert set(KINDS_OF_REVIEWS) == set(ReviewNews.__subclasses__())
    assert set(KINDS_OF_PAYMENTS) == set(PaymentNews.__subclasses__())
    assert set(KINDS_OF_REFUNDS) == set(RefundNews.__subclasses__())
    of_money = {*KINDS_OF_PAYMENTS.values(), *KINDS_OF_REFUNDS.values()}
    known = {*KINDS.values(), *KINDS_OF_REVIEWS.values(), *of_money}
    known |= {Kind.CANCEL_REQUESTED, Kind.CANCEL_REQUEST_CHANGED}
    assert known == set(Kind) - {Kind.REMINDER}


def test_a_whole_life_leaves_a_row_for_each_step(store, wei):
    appointment = confirmed(store, TWO)
    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)
    services.start(appointment, by=SYSTEM, at=TWO + HOUR)
    services.complete(appointment, by=SYSTEM, at=TWO + HOUR)

    assert kinds_of(appointment) == [
        "assigned",
        "created",
        "confirmed",
        "rescheduled",
        "started",
        "completed",
    ]


def test_so_do_the_ends_that_nobody_wished_for(store, wei, ming):
    missed = confirmed(store, TWO)
    services.mark_no_show(missed, by=SYSTEM, at=TWO)
    declined = booked(store, TWO + HOUR, phone=QIANG)
    services.decline(declined, by=acting(declined.realtor), at=NOW)
    services.cancel(declined, by=owner(declined), at=NOW)

    assert kinds_of(missed)[-1] == "no_show"
    assert kinds_of(declined) == ["assigned", "created", "unassigned", "assigned", "cancelled"]


def test_a_row_is_there_though_nobody_can_be_written_to(store, wei):
    Realtor.objects.update(email="")

    appointment = booked(store, TWO, email="")

    assert kinds_of(appointment) == ["assigned", "created"]
    assert not Delivery.objects.exists()


def test_the_facts_name_nobody(store, wei):
    appointment = booked(store, TWO)
    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)

    facts = [event.facts for event in appointment.news.all()]

    assert facts == [
        {"realtor_id": wei.pk},
        {"queued": False},
        {"realtor_id": wei.pk},
        {"previous_start": TWO.isoformat()},
    ]


OPERATIONS = {
    "booking": lambda one: booked(one.store, TWO + HOUR, phone=QIANG),
    "accepting": lambda one: services.accept(one, by=SYSTEM, at=NOW),
    "declining": lambda one: services.decline(one, by=acting(one.realtor), at=NOW),
    "moving": lambda one: services.reschedule(one, starts_at=TWO + HOUR, by=owner(one), at=NOW),
    "cancelling": lambda one: services.cancel(one, by=owner(one), at=NOW),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_rolled_back_leaves_no_row_and_no_letter(store, wei, operation):
    appointment = booked(store, TWO)
    before = OutboxEvent.objects.count(), Delivery.objects.count()

    with transaction.atomic():
        operation(appointment)
        after = OutboxEvent.objects.count(), Delivery.objects.count()
        transaction.set_rollback(True)

    assert after[0] > before[0]
    assert (OutboxEvent.objects.count(), Delivery.objects.count()) == before


# Who is written to


def test_a_booking_is_answered_and_its_realtor_is_asked(store, wei):
    booked(store, TWO)

    assert written() == ["realtor asked", "customer booked"]


def test_a_realtor_s_yes_is_told_to_the_customer_only(store, wei):
    appointment = booked(store, TWO)

    services.accept(appointment, by=acting(wei), at=NOW)

    assert written(event__kind="confirmed") == ["customer confirmed"]


def test_a_yes_that_staff_gave_is_told_to_both(store, wei):
    appointment = booked(store, TWO)

    services.accept(appointment, by=manager(store), at=NOW)

    assert written(event__kind="confirmed") == ["customer confirmed", "realtor confirmed"]


def test_of_what_confirms_itself_the_customer_hears_once(store, wei):
    PolicyFactory(store=store, auto_confirm=True)

    booked(store, TWO)

    assert written(role="customer") == ["customer booked"]
    assert written(role="realtor") == ["realtor asked", "realtor confirmed"]


def test_a_customer_who_cancels_is_written_to_because_a_calendar_does_not_know_it(store, wei):
    appointment = booked(store, TWO)

    services.cancel(appointment, by=owner(appointment), at=NOW)

    assert written(event__kind="cancelled") == ["customer cancelled", "realtor cancelled"]


def test_a_realtor_who_cancels_knows_it(store, wei):
    appointment = confirmed(store, TWO)

    services.cancel(appointment, by=acting(wei), at=NOW, reason="ill")

    assert written(event__kind="cancelled") == ["customer cancelled"]


def test_a_realtor_who_declines_knows_it_and_the_next_one_is_asked(store, wei, ming):
    appointment = booked(store, TWO)
    first = appointment.realtor

    services.decline(appointment, by=acting(first), at=NOW)

    later = written(event__kind__in=["unassigned", "assigned"])
    assert later == ["realtor asked", "realtor asked"]


def test_whom_staff_replace_is_told_and_so_is_the_customer(store, wei, ming):
    appointment = confirmed(store, TWO)
    before = Delivery.objects.latest("pk").pk
    other = ming if appointment.realtor == wei else wei

    services.reassign(appointment, other, by=manager(store), at=NOW, reason="a day off")

    assert written(pk__gt=before) == [
        "customer realtor_changed",
        "realtor taken_away",
        "realtor confirmed",
    ]


def test_a_realtor_whose_confirmed_time_moves_is_told(store, wei):
    appointment = confirmed(store, TWO)

    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)

    assert written(event__kind="rescheduled") == ["customer rescheduled", "realtor rescheduled"]


def test_a_realtor_who_is_asked_anew_after_a_move_hears_it_once(store, wei):
    appointment = booked(store, TWO)

    services.reschedule(appointment, starts_at=TWO + HOUR, by=owner(appointment), at=NOW)

    assert written(event__kind="rescheduled") == ["customer rescheduled"]
    assert written(role="realtor") == ["realtor asked", "realtor asked"]


def test_starting_is_no_letter_and_finishing_asks_the_customer_alone(store, wei):
    appointment = running(store, TWO, email=LANS)

    services.complete(appointment, by=SYSTEM, at=TWO + HOUR)

    assert not Delivery.objects.filter(event__kind="started").exists()
    assert written(event__kind="completed") == ["customer how_was_it"]


def test_whoever_has_left_is_not_written_to(store, wei, fang):
    confirmed(store, TWO)
    before = Delivery.objects.latest("pk").pk

    erase_account(wei.user, by=Actor.of(wei.user), at=NOW)

    assert written(pk__gt=before) == ["customer cancelled"]


def test_the_live_line_has_letters_too(store, wei):
    set_presence(wei, "online", by=acting(wei), at=clock("10:00"))
    wish = services.LiveRequest(
        store=store, customer_name="Lan", customer_phone=QIANG, email=LANS, locale="en"
    )

    services.join(wish, by=Actor.guest(), at=clock("10:00"))

    assert written() == ["realtor asked", "customer booked"]


def test_a_second_round_finds_nothing_to_do(store, wei):
    booked(store, TWO)
    run_due(at=NOW)
    first = list(Delivery.objects.values_list("pk", "status", "attempts"))

    run_due(at=NOW)

    assert list(Delivery.objects.values_list("pk", "status", "attempts")) == first
    assert {status for _pk, status, _tries in first} == {"sent"}
