"""Whoever leaves keeps nobody waiting at a closed door, and takes their name with them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import User
from accounts.services import erase_account
from appointments.errors import OrderUnderWay, PetsStillThere, RequestUnsettled
from appointments.models import AppointmentEvent, CancelRequest, Claim, Hold, Status
from appointments.services import (
    answer_cancel_request,
    ask_to_cancel,
    cancel,
    complete,
    decide_request,
    decline,
    hold,
    start,
    take_back_request,
)
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden
from tests.factories import UserFactory
from tests.races.checker import faults

from .orders import agreed, paid, service
from .places import boarding, book_stay, pet_of
from .world import (
    LAN,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    book,
    clock,
    confirmed,
    hire,
    join,
    open_store,
)

pytestmark = pytest.mark.django_db


def leave(user):
    erase_account(user, by=Actor.of(user), at=NOW)


def test_a_customer_who_leaves_calls_off_what_is_to_come(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang)
    hold(store, starts_at=clock("16:00"), by=Actor.of(fang), at=NOW)

    leave(fang)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "account_erased")
    assert not Hold.objects.exists()
    assert not Claim.objects.exists()


def test_a_customer_who_leaves_after_an_hour_in_line_waits_no_more(store, wei, fang):
    long_ago = join(store, customer=fang, at=clock("10:00"))

    erase_account(fang, by=Actor.of(fang), at=clock("11:30"))

    long_ago.refresh_from_db()
    assert (long_ago.status, long_ago.live_key) == (Status.CANCELLED, None)
    assert long_ago.cancel_reason == "account_erased"


def test_nobody_leaves_while_a_sitter_has_their_pets(store, fang):
    place = boarding(store)
    pet_of(fang)
    there = book_stay(place, fang, TUESDAY, TUESDAY + timedelta(days=2))
    start(there, by=SYSTEM, at=there.starts_at)

    with pytest.raises(PetsStillThere):
        erase_account(fang, by=Actor.of(fang), at=there.starts_at)

    there.refresh_from_db()
    assert there.customer_name == "Fang"
    complete(there, by=SYSTEM, at=there.ends_at)
    erase_account(fang, by=Actor.of(fang), at=there.ends_at)
    assert not User.objects.get(pk=fang.pk).is_active


@pytest.fixture
def cleaning(store):
    return service(store)


def test_nobody_leaves_while_what_they_ordered_is_being_done(cleaning, fang):
    made = agreed(cleaning, fang, clock("10:00"), address="Huaihai Road 1")
    start(made, by=SYSTEM, at=made.starts_at)

    with pytest.raises(OrderUnderWay):
        erase_account(fang, by=Actor.of(fang), at=made.starts_at)

    made.refresh_from_db()
    assert (made.customer_name, made.order.address) == ("Fang", "Huaihai Road 1")
    complete(made, by=SYSTEM, at=made.ends_at)
    erase_account(fang, by=Actor.of(fang), at=made.ends_at)
    made.refresh_from_db()
    assert (made.customer_name, made.order.address) == ("", "")


def test_work_that_lasts_longer_than_thought_keeps_its_customer_too(cleaning, fang):
    made = agreed(cleaning, fang, clock("10:00"))
    start(made, by=SYSTEM, at=made.starts_at)

    with pytest.raises(OrderUnderWay):
        erase_account(fang, by=Actor.of(fang), at=made.ends_at + timedelta(hours=1))


def test_what_others_are_working_on_keeps_nobody(cleaning, fang, bo):
    made = agreed(cleaning, bo, clock("10:00"))
    start(made, by=SYSTEM, at=made.starts_at)

    erase_account(fang, by=Actor.of(fang), at=made.starts_at)

    assert not User.objects.get(pk=fang.pk).is_active


def test_nobody_leaves_before_the_other_side_has_answered_them(cleaning, fang):
    made = agreed(cleaning, fang, clock("10:00"))
    ask_to_cancel(made, by=Actor.of(fang), at=NOW, reason="My knee, again")

    with pytest.raises(RequestUnsettled):
        leave(fang)

    assert CancelRequest.objects.get().reason == "My knee, again"
    take_back_request(made, by=Actor.of(fang), at=NOW)
    leave(fang)
    made.refresh_from_db()
    assert (made.status, CancelRequest.objects.get().reason) == (Status.CANCELLED, "")


def test_nobody_leaves_without_an_answer_to_who_asks_them(cleaning, fang):
    made = agreed(cleaning, fang, clock("10:00"))
    ask_to_cancel(made, by=acting(cleaning.realtor), at=NOW, reason="Fang's stairs")

    with pytest.raises(RequestUnsettled):
        leave(fang)

    answer_cancel_request(made, agree=True, by=Actor.of(fang), at=NOW)
    leave(fang)
    assert CancelRequest.objects.get().reason == ""


def test_staff_read_what_both_sides_said_until_they_have_decided(cleaning, fang):
    made = paid(agreed(cleaning, fang, clock("10:00")))
    start(made, by=SYSTEM, at=made.starts_at)
    complete(made, by=SYSTEM, at=made.ends_at)
    later = made.ends_at + timedelta(hours=1)
    ask_to_cancel(made, by=Actor.of(fang), at=later, reason="Half of it is dirty")

    with pytest.raises(RequestUnsettled):
        erase_account(fang, by=Actor.of(fang), at=later)

    request = CancelRequest.objects.get()
    assert (request.state, request.reason) == ("disputed", "Half of it is dirty")
    operator = Actor.of(UserFactory(is_superuser=True, is_staff=True))
    decide_request(
        made, call_off=False, refund_percent=50, reason="Half of it", by=operator, at=later
    )
    erase_account(fang, by=Actor.of(fang), at=later)
    request.refresh_from_db()
    assert (request.reason, request.answer, request.decision) == ("", "", "")


def test_whoever_waited_for_that_time_gets_it(store, wei, fang):
    book(store, clock("14:00"), customer=fang)
    waiting = book(store, clock("14:00"), phone=QIANG)

    leave(fang)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW) == []


def test_the_books_keep_the_row_and_not_the_person(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang, requirements="a quiet room")

    leave(fang)

    appointment.refresh_from_db()
    assert appointment.starts_at == clock("14:00")
    assert appointment.customer_name == appointment.customer_phone == appointment.requirements == ""


def test_a_realtor_who_leaves_hands_on_to_a_colleague(store, wei, fang):
    asked = book(store, clock("14:00"), customer=fang)
    agreed = confirmed(store, clock("16:00"), phone=QIANG)
    ming = hire(store, "Ming")

    leave(wei.user)

    for appointment, status in ((asked, Status.PENDING), (agreed, Status.CONFIRMED)):
        appointment.refresh_from_db()
        assert (appointment.realtor, appointment.status) == (ming, status)
    assert faults(NOW) == []


def test_with_no_colleague_free_it_is_called_off(store, wei):
    appointment = confirmed(store, clock("14:00"), phone=LAN)

    leave(wei.user)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "realtor_left")
    assert not Claim.objects.exists()


def test_a_named_realtor_who_leaves_is_not_replaced(store, wei, ming):
    appointment = book(store, clock("14:00"), realtor=wei)

    leave(wei.user)

    appointment.refresh_from_db()
    assert appointment.status == Status.CANCELLED


AFTERWARDS = clock("12:00", TUESDAY)


def test_what_has_been_stays_as_it_was(store, wei, ming, fang):
    theirs = confirmed(store, clock("10:00"), customer=fang, realtor=wei)
    erase_account(fang, by=Actor.of(fang), at=AFTERWARDS)
    erase_account(wei.user, by=Actor.of(wei.user), at=AFTERWARDS)

    theirs.refresh_from_db()
    assert (theirs.status, theirs.realtor) == (Status.CONFIRMED, wei)


def test_what_people_wrote_goes_and_why_we_called_off_stays(store, wei, fang):
    by_fang, by_us = (book(store, clock(at), customer=fang) for at in ("10:00", "14:00"))
    cancel(by_fang, by=Actor.of(fang), at=NOW, reason="My knee, again")

    leave(fang)

    by_fang.refresh_from_db()
    by_us.refresh_from_db()
    assert (by_fang.cancel_reason, by_us.cancel_reason) == ("", "account_erased")


def test_the_log_keeps_codes_and_no_words(store, wei, ming, fang):
    theirs, other = (
        book(store, clock("10:00"), customer=fang),
        book(store, clock("16:00"), phone=LAN),
    )
    decline(theirs, by=Actor.of(theirs.realtor.user), at=NOW, reason="realtor_ill: like Fang")
    theirs.refresh_from_db()
    cancel(theirs, by=Actor.of(fang), at=NOW, reason="My knee, again")
    cancel(other, by=SYSTEM, at=NOW, reason="Lan called")
    to_come = book(store, clock("14:00"), customer=fang)
    before = [one.details for one in AppointmentEvent.objects.order_by("pk")]

    leave(fang)

    log = AppointmentEvent.objects.order_by("pk")
    reasons = {one.reason for one in log.filter(appointment=theirs)}
    assert reasons == {"", "realtor_ill"}
    assert to_come.log.latest("pk").reason == "account_erased"
    assert other.log.latest("pk").reason == "Lan called"
    assert [one.details for one in log][: len(before)] == before


def test_a_store_that_a_provider_began_stays_while_a_colleague_works_there():
    shop = open_store("one-abcd2345")
    founder, colleague = hire(shop, "Wei"), hire(shop, "Ming")
    theirs = book(shop, clock("14:00"), realtor=colleague)

    leave(founder.user)

    shop.refresh_from_db()
    theirs.refresh_from_db()
    assert shop.is_active
    assert (theirs.status, theirs.realtor) == (Status.PENDING, colleague)


def test_nobody_books_for_an_account_that_was_erased_meanwhile(store, wei, fang):
    before = User.objects.get(pk=fang.pk)
    leave(fang)

    with pytest.raises(Forbidden):
        book(store, clock("14:00"), customer=before)
    with pytest.raises(Forbidden):
        hold(store, starts_at=clock("14:00"), by=Actor.of(before), at=NOW)


def test_the_record_of_staff_edits_keeps_no_name(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang)
    other = book(store, clock("15:00"), phone=LAN)
    LogEntry.objects.log_actions(wei.user.pk, [appointment, other, wei], CHANGE, "changed")

    leave(fang)
    leave(wei.user)

    assert [one.object_repr for one in LogEntry.objects.order_by("pk")] == ["", str(other), ""]
