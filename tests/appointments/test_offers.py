"""The realtor's answer: accepted, or declined and offered to the next."""

import pytest

from appointments import errors, services
from appointments.models import Offer, Status
from appointments.selectors.lines import queue_position
from appointments.services.queueing import dispatch
from booking_site.common.actors import SYSTEM
from stores.models import StoreMembership
from tests.races.checker import faults

from .world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    acting,
    book,
    claimed,
    clock,
    hire,
    manager,
    open_store,
    phones,
)

pytestmark = pytest.mark.django_db
LATER = NOW + 10 * MINUTE


def offers_of(appointment) -> list[tuple[str, str]]:
    rows = Offer.objects.filter(appointment=appointment).order_by("pk")
    return [(offer.realtor.name, offer.status) for offer in rows]


def test_wei_accepts_what_was_put_before_them(store, wei):
    appointment = book(store, clock("14:00"))

    services.accept(appointment, by=acting(wei), at=LATER)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.confirmed_at) == (Status.CONFIRMED, LATER)
    assert offers_of(appointment) == [("Wei", "accepted")]
    assert faults(LATER) == []


def test_an_offer_may_be_answered_for_two_hours_of_work_or_for_five_minutes(store, wei):
    """The store opens at nine; Wei has nothing to answer before."""
    far, near = book(store, clock("14:00")), book(store, clock("09:30"), phone=QIANG)

    assert Offer.objects.get(appointment=far).deadline_at == clock("11:00")
    assert Offer.objects.get(appointment=near).deadline_at == NOW + 5 * MINUTE


def test_an_offer_is_answered_two_hours_before_the_start_at_the_latest(store, wei):
    appointment = book(store, clock("12:30"))

    assert Offer.objects.get(appointment=appointment).deadline_at == clock("10:30")


def test_an_appointment_is_accepted_once(store, wei):
    appointment = services.accept(book(store, clock("14:00")), by=acting(wei), at=LATER)

    with pytest.raises(errors.InvalidTransition) as refused:
        services.accept(appointment, by=acting(wei), at=LATER)
    assert refused.value.errors == {"status": ["confirmed"]}


def test_when_wei_declines_ming_is_asked_and_the_age_is_kept(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first, second = (wei, ming) if appointment.realtor == wei else (ming, wei)
    age = appointment.queued_at

    services.decline(appointment, by=acting(first), at=LATER, reason="ill")

    appointment.refresh_from_db()
    assert (appointment.realtor, appointment.status) == (second, Status.PENDING)
    assert appointment.queued_at == age
    assert offers_of(appointment) == [(first.name, "declined"), (second.name, "open")]
    assert set(claimed(appointment)) == {f"r:{second.pk}", f"p:{LAN}"}
    assert faults(LATER) == []


def test_who_declined_is_not_asked_again(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first = appointment.realtor
    services.decline(appointment, by=acting(first), at=LATER)

    with pytest.raises(errors.AlreadyTaken):
        services.accept(appointment, by=acting(first), at=LATER)
    with pytest.raises(errors.AlreadyTaken):
        services.decline(appointment, by=acting(first), at=LATER)


def test_who_is_next_in_line_gets_the_hour_that_was_declined(store, wei, ming):
    """And the declined one, which nobody else can take, stands before those who came later."""
    appointment = book(store, clock("14:00"))
    book(store, clock("14:00"), phone=QIANG)
    waiting, last = (book(store, clock("14:00"), phone=phone) for phone in phones(2))

    services.decline(appointment, by=acting(appointment.realtor), at=LATER)

    for one in (appointment, waiting, last):
        one.refresh_from_db()
    assert waiting.realtor is not None
    assert (appointment.realtor, appointment.needs_person) == (None, False)
    assert [queue_position(one) for one in (appointment, last)] == [1, 2]
    assert faults(LATER) == []


def test_everybody_declined_asks_for_a_person(store, wei, ming):
    appointment = book(store, clock("14:00"))
    for _ in range(2):
        services.decline(appointment, by=acting(appointment.realtor), at=LATER)
        appointment.refresh_from_db()
    later = book(store, clock("14:00"), phone=QIANG)
    third = book(store, clock("14:00"), phone=phones(1)[0])
    fourth = book(store, clock("14:00"), phone=phones(2)[1])

    assert (appointment.needs_person, appointment.realtor) == (True, None)
    assert "needs_person" in [entry.action for entry in appointment.log.all()]
    # Those who come later are served: the two are free, and only this one has refused them all.
    assert {later.realtor, third.realtor} == {wei, ming}
    assert [queue_position(one) for one in (appointment, fourth)] == [1, 2]
    assert set(claimed(appointment)) == {f"p:{LAN}"}
    assert faults(LATER) == []


def test_what_everybody_declined_stands_before_those_who_came_earlier(store, wei):
    book(store, clock("15:00"))
    # Two hours do not fit in, so this one has waited from the first.
    afternoon = book(store, clock("14:00"), phone=QIANG, duration_minutes=120)
    appointment = book(store, clock("14:00"), phone=phones(1)[0], at=NOW + MINUTE)

    services.decline(appointment, by=acting(wei), at=LATER)

    appointment.refresh_from_db()
    assert [queue_position(one) for one in (appointment, afternoon)] == [1, 2]
    assert faults(LATER) == []


def test_a_new_realtor_takes_what_everybody_declined(store, wei):
    appointment = services.decline(book(store, clock("14:00")), by=acting(wei), at=LATER)
    yun = hire(store, "Yun")

    assert dispatch(store, at=LATER) == 1
    appointment.refresh_from_db()
    assert (appointment.realtor, appointment.needs_person) == (yun, False)
    assert dispatch(store, at=LATER) == 0


def test_a_realtor_the_customer_named_is_never_replaced(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)

    services.decline(appointment, by=acting(wei), at=LATER, reason="ill")

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "ill")
    assert claimed(appointment) == {}
    assert faults(LATER) == []


def test_the_hour_of_a_declined_appointment_goes_to_the_next_in_line(store, wei):
    appointment = book(store, clock("14:00"))
    qiang = book(store, clock("14:00"), phone=QIANG)
    assert queue_position(qiang) == 1

    services.decline(appointment, by=acting(wei), at=LATER)

    qiang.refresh_from_db()
    assert qiang.realtor == wei
    assert faults(LATER) == []


def test_the_hour_of_a_named_realtor_goes_to_the_next_in_line_too(store, wei):
    appointment = book(store, clock("14:00"), realtor=wei)
    qiang = book(store, clock("14:00"), phone=QIANG)

    services.decline(appointment, by=acting(wei), at=LATER)

    qiang.refresh_from_db()
    assert qiang.realtor == wei
    assert faults(LATER) == []


def test_what_is_confirmed_cannot_be_declined(store, wei):
    appointment = services.accept(book(store, clock("14:00")), by=acting(wei), at=LATER)

    with pytest.raises(errors.InvalidTransition):
        services.decline(appointment, by=acting(wei), at=LATER)


def test_nobody_answers_for_an_appointment_that_waits(store):
    appointment = book(store, clock("14:00"))

    with pytest.raises(errors.InvalidTransition):
        services.accept(appointment, by=SYSTEM, at=LATER)
    with pytest.raises(errors.InvalidTransition):
        services.decline(appointment, by=SYSTEM, at=LATER)


def test_staff_answers_for_a_realtor(store, wei):
    appointment = book(store, clock("14:00"))

    services.accept(appointment, by=manager(store), at=LATER)

    assert appointment.status == Status.CONFIRMED


def test_staff_who_answers_for_the_wrong_realtor_hears_so(store, wei, ming):
    appointment = book(store, clock("14:00"))
    other = ming if appointment.realtor == wei else wei

    with pytest.raises(errors.AlreadyTaken):
        services.accept(appointment, by=manager(store), at=LATER, realtor=other)


def test_a_store_that_confirms_by_itself_asks_nobody():
    store = open_store(auto_confirm=True)
    hire(store, "Wei")
    appointment = book(store, clock("14:00"))

    assert offers_of(appointment) == [("Wei", "accepted")]
    with pytest.raises(errors.InvalidTransition):
        services.accept(appointment, by=SYSTEM, at=NOW + HOUR)


def test_after_the_start_nobody_is_asked_and_nobody_is_given_it(store, wei, ming):
    appointment = book(store, clock("10:00"))
    asked = appointment.realtor

    for answer in (services.accept, services.decline):
        with pytest.raises(errors.AlreadyTaken):
            answer(appointment, by=acting(asked), at=clock("10:01"))
    appointment.refresh_from_db()
    assert (appointment.status, appointment.realtor) == (Status.PENDING, asked)


def test_a_manager_who_declined_as_a_realtor_may_accept_for_a_colleague(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first = appointment.realtor
    first.user.is_staff = True
    first.user.save()
    StoreMembership.objects.create(store=store, user=first.user)
    services.decline(appointment, by=acting(first), at=LATER)

    services.accept(appointment, by=acting(first), at=LATER)

    assert offers_of(appointment)[-1] == (appointment.realtor.name, "accepted")
    assert appointment.realtor != first


def test_whoever_stood_at_the_head_of_the_line_does_not_keep_that_place_for_ever(store, wei):
    appointment = book(store, clock("14:00"))
    services.decline(appointment, by=acting(wei), at=LATER)
    appointment.refresh_from_db()
    assert (appointment.needs_person, appointment.priority) == (True, -1)
    hire(store, "Ming")

    dispatch(store, at=LATER)

    appointment.refresh_from_db()
    assert (appointment.needs_person, appointment.priority) == (False, 0)
