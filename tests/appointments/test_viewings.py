"""Seeing a house: house, host and customer are taken, and hosts need time to travel."""

from datetime import timedelta

import pytest

from appointments import errors, services
from appointments.models import Claim, Status
from appointments.selectors.lines import queue_positions
from appointments.selectors.slots import days_of_slots
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from realtors.models import Interest
from tests.appointments.places import (
    ACROSS_TOWN,
    HERE,
    NEXT_DOOR,
    boarding,
    host_of,
    house,
    house_claims,
)
from tests.appointments.world import (
    LAN,
    NOW,
    QIANG,
    acting,
    book,
    clock,
    hire,
    manager,
    open_store,
    register,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def store(db):
    store = open_store()
    store.latitude, store.longitude = HERE
    store.save()
    return store


@pytest.fixture
def jing(store):
    return hire(store, "Jing")


@pytest.fixture
def flat(store, jing):
    return house(store, realtor=jing, place=NEXT_DOOR)


def test_house_host_and_customer_are_taken(store, flat):
    seen = book(store, TEN, listing=flat)

    assert (seen.listing, seen.realtor, seen.status) == (flat, host_of(flat), Status.PENDING)
    assert seen.duration_minutes == 30
    assert seen.final_price == 0
    kinds = Claim.objects.filter(appointment=seen).values_list("resource", flat=True)
    assert {one[:2] for one in kinds} == {"h:", "r:", "p:"}
    assert house_claims(flat) == 6


def test_a_house_is_shown_to_one_at_a_time_whoever_shows_it(store):
    """An agency's house, which any of two can show."""
    hire(store, "Wei")
    hire(store, "Ming")
    shared = house(store, realtor=None)
    book(store, TEN, listing=shared)

    with pytest.raises(errors.SlotTaken) as refusal:
        book(store, TEN, listing=shared, phone=QIANG)

    assert refusal.value.errors["next_free_starts"][0] == "2026-03-02T10:30:00+08:00"


def test_a_fixed_host_is_never_replaced_and_has_no_line(store, flat):
    hire(store, "Wei")
    seen = book(store, TEN, listing=flat)
    with pytest.raises(errors.SlotTaken):
        book(store, TEN, listing=flat, phone=QIANG, queue=True)

    services.decline(seen, by=acting(host_of(flat)), at=NOW, reason="")

    seen.refresh_from_db()
    assert seen.status == Status.CANCELLED
    assert house_claims(flat) == 0


def test_another_hosts_house_a_course_and_a_draft_are_not_there(store, flat):
    wei = hire(store, "Wei")
    with pytest.raises(NotFound):
        book(store, TEN, listing=flat, realtor=wei)
    with pytest.raises(NotFound):
        book(store, TEN, listing=boarding(store))
    flat.status = "draft"
    flat.save()
    with pytest.raises(NotFound):
        book(store, TEN, listing=flat)


def test_back_to_back_viewings_need_the_time_to_get_there(store, jing, flat):
    """Ten kilometres along the blocks are 23 minutes."""
    far = house(store, "Far", realtor=jing, place=ACROSS_TOWN)
    near = house(store, "Near", realtor=jing, place=NEXT_DOOR)
    book(store, TEN, listing=flat)

    with pytest.raises(errors.SlotTaken) as refusal:
        book(store, clock("10:30"), listing=far, phone=QIANG)
    assert refusal.value.errors["next_free_starts"][0] == "2026-03-02T11:00:00+08:00"
    assert book(store, clock("10:30"), listing=near, phone=QIANG)
    assert book(store, clock("11:30"), listing=far, phone="+8613800000003")


def test_what_is_offered_is_what_can_be_booked(store, jing, flat):
    far = house(store, "Far", realtor=jing, place=ACROSS_TOWN)
    book(store, TEN, listing=far)

    def free(listing=None):
        (day,) = days_of_slots(store, first=TEN.date(), days=1, at=NOW, listing=listing)
        return {slot.starts_at.strftime("%H:%M") for slot in day.slots if slot.available}

    assert "09:30" in free(far)
    assert "09:15" in free(house(store, "Next to it", realtor=jing, place=ACROSS_TOWN))
    assert not free(flat) & {"09:15", "09:30", "09:45", "10:00", "10:30", "10:45"}
    assert {"09:00", "11:00"} <= free(flat)
    assert "10:45" not in free(), "a talk at the store begins too soon after it"
    assert "11:00" in free()


def test_reached_from_the_store_as_well(store, jing, flat):
    far = house(store, "Far", realtor=jing, place=ACROSS_TOWN)
    book(store, TEN, realtor=jing)

    with pytest.raises(errors.SlotTaken):
        book(store, clock("11:00"), listing=far, phone=QIANG)
    assert book(store, clock("11:30"), listing=far, phone=QIANG)


def test_the_nearest_who_is_free_shows_an_agencys_house(store):
    hire(store, "Wei")
    ming = hire(store, "Ming")
    far = house(store, "Far", realtor=ming, place=ACROSS_TOWN)
    shared = house(store, "Shared", realtor=None, place=ACROSS_TOWN)
    book(store, TEN, listing=far)

    seen = book(store, clock("11:00"), listing=shared, phone=QIANG)

    assert seen.realtor == ming


def test_held_it_is_nobody_elses_and_becomes_the_booking(store, flat):
    fang = register("Fang")
    held = services.hold(store, starts_at=TEN, listing=flat, by=Actor.of(fang), at=NOW)
    with pytest.raises(errors.SlotTaken):
        book(store, TEN, listing=flat)
    with pytest.raises(errors.HoldExpired):
        book(store, TEN, customer=fang, hold_token=held.token)

    seen = book(store, TEN, listing=flat, customer=fang, hold_token=held.token)

    assert seen.listing == flat
    assert house_claims(flat) == 6


def test_moving_takes_the_house_along(store, flat):
    seen = book(store, TEN, listing=flat)

    services.reschedule(seen, starts_at=clock("14:00"), by=manager(store), at=NOW)

    assert house_claims(flat) == 6
    assert book(store, TEN, listing=flat, phone=QIANG)


def test_each_house_has_a_line_of_its_own(store):
    """One realtor, two houses: whoever waits for one does not stand behind the other's."""
    hire(store, "Wei")
    first, second = (house(store, name, realtor=None) for name in ("First", "Second"))
    book(store, TEN)

    waiting = [
        book(store, TEN, listing=first, phone=QIANG),
        book(store, TEN, listing=second, phone="+8613800000003"),
        book(store, TEN, phone="+8613800000004"),
    ]

    assert [queue_positions(waiting)[one.pk] for one in waiting] == [1, 1, 1]


def test_confirmed_at_once_where_no_approval_is_needed(store, flat):
    flat.needs_approval = False
    flat.save()

    assert book(store, TEN, listing=flat).status == Status.CONFIRMED


def test_booked_is_interest(store, flat):
    fang = register("Fang")
    book(store, TEN, listing=flat, customer=fang)

    (interest,) = Interest.objects.filter(user=fang)
    assert (interest.listing, interest.what) == (flat, "booked")


def test_what_they_thought_of_it_is_for_the_host(store, flat):
    fang = register("Fang")
    seen = book(store, TEN, listing=flat, customer=fang)
    with pytest.raises(errors.InvalidTransition):
        services.give_feedback(seen, verdict="interested", by=Actor.of(fang), at=NOW)
    jing = acting(host_of(flat))
    services.accept(seen, by=jing, at=NOW)
    services.start(seen, by=jing, at=TEN)
    services.complete(seen, by=jing, at=TEN + timedelta(minutes=20))

    later = TEN + timedelta(hours=1)
    services.give_feedback(seen, verdict="interested", note="Nice", by=Actor.of(fang), at=later)
    services.give_feedback(seen, verdict="not_for_me", note="Loud", by=Actor.of(fang), at=later)

    seen.refresh_from_db()
    assert (seen.viewing_feedback.verdict, seen.viewing_feedback.note) == ("not_for_me", "Loud")
    assert Interest.objects.filter(user=fang, listing=flat, what="passed_over").exists()
    with pytest.raises(Forbidden):
        services.give_feedback(seen, verdict="interested", by=jing, at=later)
    talk = book(store, clock("15:00"), phone=LAN)
    with pytest.raises((Invalid, Forbidden)):
        services.give_feedback(talk, verdict="interested", by=Actor.of(fang), at=later)


def test_nobody_is_shown_their_own_house(store, flat):
    jing = host_of(flat).user

    with pytest.raises(Invalid):
        book(store, TEN, listing=flat, customer=jing)
    with pytest.raises(Invalid):
        services.hold(store, starts_at=TEN, listing=flat, by=Actor.of(jing), at=NOW)
    assert house_claims(flat) == 0


def test_the_best_colleague_does_not_replace_a_host(store, flat):
    hire(store, "Wei")
    seen = book(store, TEN, listing=flat)

    with pytest.raises(errors.InvalidTransition):
        services.reassign_to_best(seen, by=manager(store), at=NOW, reason="Ill")

    wei = store.realtors.get(name="Wei")
    services.reassign(seen, wei, by=manager(store, "Li"), at=NOW, reason="Ill")
    assert (seen.realtor, seen.realtor_named) == (wei, True)
