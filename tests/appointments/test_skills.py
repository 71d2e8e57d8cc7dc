"""Whoever comes because they are free can do it: what is offered of a listing without a realtor of
its own, and who is sent, ask for the same skill."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import errors, services
from appointments.models import Offer, Status
from appointments.selectors.pictures import availability
from appointments.selectors.slots import days_of_slots, next_free_starts
from appointments.services.leaving import hand_on
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Invalid
from booking_site.common.periods import Period
from realtors.services import save_realtor
from stores.models import Category
from tests.factories import ListingFactory
from tests.races.checker import faults

from .orders import order
from .places import house
from .world import (
    HOUR,
    LAN,
    MINUTE,
    MONDAY,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    book,
    clock,
    hire,
    manager,
)

pytestmark = pytest.mark.django_db
TWO = clock("14:00")


@pytest.fixture
def letting() -> Category:
    return Category.objects.create(slug="letting", name="租赁", name_en="Letting")


@pytest.fixture
def plumbing() -> Category:
    return Category.objects.create(slug="plumbing", name="水电", name_en="Plumbing")


@pytest.fixture
def flat(store, letting):
    """Shown by whoever is free."""
    return house(store, realtor=None, category=letting)


@pytest.fixture
def plumber(wei, plumbing):
    wei.skills.add(plumbing)
    return wei


@pytest.fixture
def agent(ming, letting, plumbing):
    ming.skills.add(plumbing, letting)
    return ming


def offered(store, listing, day=MONDAY, **more) -> dict[str, int]:
    """How many are free, by start."""
    found = days_of_slots(store, first=day, days=1, at=NOW, listing=listing, **more)[0]
    return {f"{one.starts_at:%H:%M}": one.free_realtors for one in found.slots}


def why_not(appointment) -> dict[int, str]:
    offer = Offer.objects.filter(appointment=appointment).latest("pk")
    return {one["realtor_id"]: one["rejected"] for one in offer.considered if one.get("rejected")}


def test_who_lists_other_skills_only_is_neither_offered_nor_sent(store, flat, plumber, agent):
    assert set(offered(store, flat).values()) == {1}

    first = book(store, TWO, listing=flat, phone=QIANG)

    assert (first.realtor, why_not(first)) == (agent, {plumber.pk: "unskilled"})
    assert offered(store, flat)["14:00"] == 0
    other = house(store, "Loft", realtor=None, category=flat.category)
    with pytest.raises(errors.SlotTaken) as refused:
        book(store, TWO, listing=other, queue=False)
    assert refused.value.errors["next_free_starts"][0] == "2026-03-02T14:30:00+08:00"


def test_who_lists_no_skills_can_do_everything(store, wei, flat):
    assert set(offered(store, flat).values()) == {1}
    assert book(store, TWO, listing=flat).realtor == wei


def test_what_has_no_category_asks_for_no_skill(store, plumber):
    plain = house(store, realtor=None, category=None)

    assert set(offered(store, plain).values()) == {1}
    assert book(store, TWO, listing=plain).realtor == plumber
    assert book(store, clock("16:00"), phone=QIANG).realtor == plumber


def test_whose_own_listing_it_is_can_do_it(store, plumber, agent, letting):
    own = house(store, realtor=plumber, category=letting)

    assert set(offered(store, own).values()) == {1}
    assert book(store, TWO, listing=own).realtor == plumber


def test_the_picture_of_a_store_asks_each_listing_for_its_own_skill(
    store, plumber, agent, flat, plumbing
):
    picture = availability(store, MONDAY, MONDAY, at=NOW)
    period = Period(TWO, TWO + HOUR)
    tap = ListingFactory(store=store, realtor=None, category=plumbing)
    wished = picture.of(flat)

    assert wished.free(period) == wished.at_work(period) == [agent]
    assert picture.of(tap).free(period) == picture.free(period) == [plumber, agent]


def test_somebody_named_who_cannot_do_it_has_no_times_for_it(store, plumber, agent, flat):
    assert set(offered(store, flat, realtor_id=plumber.pk).values()) == {0}
    with pytest.raises(errors.SlotTaken):
        book(store, TWO, listing=flat, realtor=plumber)
    with pytest.raises(errors.SlotTaken):
        services.hold(store, starts_at=TWO, by=SYSTEM, at=NOW, realtor=plumber, listing=flat)


def test_a_time_is_held_with_somebody_who_can_do_it(store, plumber, agent, flat):
    for start in ("10:00", "11:00", "14:00", "15:00"):
        held = services.hold(store, starts_at=clock(start), by=SYSTEM, at=NOW, listing=flat)

        assert held.realtor == agent


def test_what_a_store_can_do_for_nobody_is_never_free(store, plumber, flat):
    assert set(offered(store, flat).values()) == {0}
    after = {"after": NOW, "at": NOW, "duration_minutes": 30}
    assert next_free_starts(store, listing=flat, **after) == []
    assert next_free_starts(store, **after) != []


def test_a_service_that_leaves_open_who_comes_is_sent_to_whoever_can(
    store, plumber, agent, letting, fang
):
    cleaning = ListingFactory(store=store, realtor=None, category=letting, duration_minutes=60)

    assert set(offered(store, cleaning, TUESDAY).values()) == {1}
    ordered = order(cleaning, fang, clock("14:00", TUESDAY))

    assert (ordered.realtor, why_not(ordered)) == (agent, {plumber.pk: "unskilled"})


def test_declined_it_goes_to_the_next_who_can_and_then_to_a_person(store, plumber, agent, flat):
    lei = hire(store, "Lei")
    lei.skills.add(flat.category)
    seen = book(store, TWO, listing=flat)
    first = seen.realtor
    second = lei if first == agent else agent

    services.decline(seen, by=acting(first), at=NOW)
    seen.refresh_from_db()
    assert (seen.realtor, why_not(seen)) == (
        second,
        {first.pk: "refused", plumber.pk: "unskilled"},
    )

    services.decline(seen, by=acting(second), at=NOW + MINUTE)
    seen.refresh_from_db()
    # Everybody who can do it has refused; the plumber has not been asked and is not waited for.
    assert (seen.realtor, seen.needs_person, seen.status) == (None, True, Status.PENDING)


def test_who_waits_for_a_start_is_served_by_whoever_can_do_it(store, plumber, agent, flat):
    taken = book(store, TWO, realtor=agent, phone=QIANG)
    waiting = book(store, TWO, listing=flat, phone=LAN, queue=True)
    assert waiting.is_waiting

    services.decline(taken, by=acting(agent), at=NOW)

    waiting.refresh_from_db()
    assert (waiting.realtor, why_not(waiting)) == (agent, {plumber.pk: "unskilled"})


def test_who_learns_it_serves_those_who_wait(store, plumber, flat):
    waiting = book(store, TWO, listing=flat, queue=True)
    assert waiting.is_waiting
    assert faults(NOW) == []

    save_realtor(plumber, skills=[flat.category], by=SYSTEM, at=NOW)

    waiting.refresh_from_db()
    assert waiting.realtor == plumber


def test_what_somebody_leaves_behind_goes_to_whoever_can_do_it(store, plumber, agent, flat):
    seen = services.accept(book(store, TWO, listing=flat), by=SYSTEM, at=NOW)

    agent.is_active = False
    agent.save()
    hand_on(agent, at=NOW)

    seen.refresh_from_db()
    assert seen.status == Status.CANCELLED


def test_moved_it_stays_with_who_can_do_it(store, plumber, agent, flat):
    seen = services.accept(book(store, TWO, listing=flat), by=SYSTEM, at=NOW)
    book(store, clock("16:00"), realtor=agent, phone=QIANG)

    with pytest.raises(errors.SlotTaken):
        services.reschedule(seen, starts_at=clock("16:00"), by=SYSTEM, at=NOW)


def test_staff_know_better(store, plumber, agent, flat):
    seen = book(store, TWO, listing=flat)
    given = {"by": manager(store), "at": NOW, "reason": "he knows the house"}
    with pytest.raises(Invalid) as refused:
        services.reassign(seen, plumber, **given)
    assert refused.value.errors["rejected"] == ["unskilled"]
    with pytest.raises(errors.SlotTaken):
        services.reassign_to_best(seen, **given)

    services.reassign(seen, plumber, override=True, **given)

    seen.refresh_from_db()
    assert seen.realtor == plumber
    assert seen.log.get(action="reassigned").details["override"] == "unskilled"


def test_many_skills_of_many_people_are_no_more_queries(store, plumber, agent, flat):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            offered(store, flat)
        return len(asked)

    few = count()
    more = [Category.objects.create(slug=f"s{n}", name=f"s{n}") for n in range(8)]
    for number in range(6):
        hire(store, f"Lei {number}").skills.set([*more, flat.category])

    assert count() == few
    assert set(offered(store, flat).values()) == {7}
