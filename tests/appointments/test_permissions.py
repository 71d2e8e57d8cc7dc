"""Who may do what: asked by every service, whatever door was used."""

import pytest

from appointments import services
from appointments.errors import ProofRequired
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, NotFound
from tests.support.sharing import taken_back

from .world import (
    GUEST,
    LAN,
    NOW,
    QIANG,
    acting,
    book,
    clock,
    hire,
    manager,
    open_store,
    owner,
    register,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(store, wei, ming, fang, bo):
    """Everybody who might press a button on Fang's appointment with Wei."""
    elsewhere = open_store("bund")
    appointment = book(store, clock("14:00"), customer=fang, realtor=wei)
    other = book(store, clock("16:00"))
    disabled = manager(store, "Gone")
    disabled.user.is_active = False
    disabled.user.save()
    return appointment, {
        "its customer": Actor.of(fang),
        "its realtor": acting(wei),
        "the manager": manager(store),
        "the operator": Actor.of(register("Root", is_superuser=True, is_staff=True)),
        "the system": SYSTEM,
        "another customer": Actor.of(bo),
        "another realtor": acting(ming),
        "a manager of another store": manager(elsewhere, "Yan"),
        "a manager who has left": disabled,
        "a guest": GUEST,
        "a guest with proof of another": owner(other),
    }


PARTIES = {"its customer", "its realtor", "the manager", "the operator", "the system"}
PRESS = {
    "cancel": lambda one, by: services.cancel(one, by=by, at=NOW),
    "move": lambda one, by: services.reschedule(one, starts_at=clock("11:00"), by=by, at=NOW),
    "accept": lambda one, by: services.accept(one, by=by, at=NOW),
    "decline": lambda one, by: services.decline(one, by=by, at=NOW),
    "start": lambda one, by: services.start(one, by=by, at=clock("14:00")),
    "mark as missing": lambda one, by: services.mark_no_show(one, by=by, at=clock("14:00")),
    "finish": lambda one, by: services.complete(one, by=by, at=clock("14:30")),
}
MAY = {
    "cancel": PARTIES,
    "move": PARTIES - {"its realtor"},
    **dict.fromkeys(
        ("accept", "decline", "start", "mark as missing", "finish"), PARTIES - {"its customer"}
    ),
}
EVERYBODY = sorted(
    PARTIES
    | {
        "another customer",
        "another realtor",
        "a manager of another store",
        "a manager who has left",
        "a guest",
        "a guest with proof of another",
    }
)


@pytest.mark.parametrize("button", sorted(PRESS))
def test_buttons_are_for_those_concerned(cast, button):
    booked, people = cast
    if button in ("start", "mark as missing", "finish"):
        services.accept(booked, by=SYSTEM, at=NOW)
    if button == "finish":
        services.start(booked, by=SYSTEM, at=clock("14:00"))
    before = (booked.status, booked.starts_at, booked.log.count())

    for who in EVERYBODY:
        appointment = Appointment.objects.get(pk=booked.pk)
        with taken_back():
            if who in MAY[button]:
                PRESS[button](appointment, people[who])
                continue
            with pytest.raises(Forbidden):
                PRESS[button](appointment, people[who])
            appointment.refresh_from_db()
            now = (appointment.status, appointment.starts_at, appointment.log.count())
            assert now == before, who


def test_a_guest_is_asked_for_proof(store, wei):
    appointment = book(store, clock("14:00"))

    for press in (PRESS["cancel"], PRESS["move"]):
        with pytest.raises(ProofRequired):
            press(appointment, GUEST)
    PRESS["cancel"](appointment, owner(appointment))


def test_who_was_its_realtor_until_a_moment_ago_no_longer_is(store, wei, ming):
    appointment = book(store, clock("14:00"))
    first = appointment.realtor
    page_of_the_first = type(appointment).objects.get(pk=appointment.pk)
    services.decline(appointment, by=acting(first), at=NOW)

    for press in (PRESS["cancel"], PRESS["start"]):
        with pytest.raises(Forbidden):
            press(page_of_the_first, acting(first))


def test_people_book_for_themselves(store, wei, fang, bo):
    for by in (GUEST, Actor.of(bo), acting(wei)):
        with pytest.raises(Forbidden):
            services.book(wish(store, clock("14:00"), customer=fang), by=by, at=NOW)


def test_staff_books_for_the_guest_they_name(store, wei):
    appointment = book(store, clock("14:00"), by=manager(store))

    assert (appointment.user, appointment.customer_phone) == (None, LAN)


def test_staff_books_in_their_own_store_only(store, wei):
    elsewhere = open_store("bund")
    hire(elsewhere, "Yun")

    with pytest.raises(Forbidden):
        book(elsewhere, clock("14:00"), by=manager(store))


def test_a_closed_down_store_is_not_there(store, wei):
    store.is_active = False
    store.save()

    with pytest.raises(NotFound):
        book(store, clock("14:00"))
    with pytest.raises(NotFound):
        services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)


def test_a_realtor_of_another_store_or_one_who_left_is_not_there(store, wei, ming):
    elsewhere = open_store("bund")
    ming.is_active = False
    ming.save()

    for where, whom in ((elsewhere, wei), (store, ming)):
        with pytest.raises(NotFound):
            book(where, clock("14:00"), realtor=whom)
        with pytest.raises(NotFound):
            services.hold(where, starts_at=clock("14:00"), by=GUEST, at=NOW, realtor=whom)


def test_one_who_left_is_given_nothing(store, wei, ming):
    ming.is_active = False
    ming.save()

    assert book(store, clock("14:00")).realtor == wei
    assert book(store, clock("14:00"), phone=QIANG).realtor is None


def test_who_had_it_a_moment_ago_writes_no_note_on_it(cast, wei, ming):
    appointment, _actors = cast
    as_it_was = type(appointment).objects.get(pk=appointment.pk)
    services.reassign(appointment, realtor=ming, reason="ill", by=SYSTEM, at=NOW)

    with pytest.raises(Forbidden):
        services.write_note(as_it_was, text="Mine no more.", by=acting(wei), at=NOW)
