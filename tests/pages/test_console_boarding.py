"""A sitter's console: pets stand in it by the day, and take nobody's hours."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Status
from appointments.services.feeds import open_feed
from booking_site.common.actors import SYSTEM
from realtors.models import Listing, Realtor, TimeOff
from stores.models import Store
from tests.appointments import world
from tests.appointments.places import boarding, book_stay, pet_of
from tests.factories import ListingFactory, manager_of

from .conftest import ENGLISH
from .visitor import Visitor

HOME, NIGHTS, TIME_OFF = "/console/", "/console/boarding/", "/console/time-off/"
DAY = timedelta(days=1)
MONDAY, TUESDAY, THURSDAY = world.MONDAY, world.TUESDAY, world.TUESDAY + 2 * DAY
NOON = world.clock("12:30")


@pytest.fixture
def tao(store: Store) -> Realtor:
    return world.hire(store, "Tao")


@pytest.fixture
def place(store: Store, tao: Realtor) -> Listing:
    """Two units at 80 a night."""
    return boarding(store, sitter=tao)


@pytest.fixture
def at_home(tao: Realtor) -> Visitor:
    """Tao, signed in."""
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(tao.user)
    return visitor


@pytest.fixture
def doubao(fang: User) -> None:
    pet_of(
        fang,
        breed="Ragdoll",
        weight_kg="4.50",
        vaccinated_until=date(2027, 1, 31),
        notes="Afraid of vacuum cleaners",
    )


def stay_of(place: Listing, owner: User, first: date, last: date, **more) -> Appointment:
    return book_stay(place, owner, first, last, **more)


def part(page: str, name: str) -> str:
    return page.split(f'aria-labelledby="{name}-title"')[1].split("</section>")[0]


def press(visitor: Visitor, stay: Appointment, verb: str) -> str:
    address = f"/console/appointments/{stay.pk}/{verb}/"
    page = visitor.client.post(address, follow=True).content.decode()
    stay.refresh_from_db()
    return page


def test_who_arrives_today_stands_there_with_all_a_sitter_must_know(
    at_home: Visitor, place: Listing, fang: User, doubao
):
    stay_of(place, fang, MONDAY, THURSDAY)

    arriving = part(at_home.look(HOME), "arriving")

    for word in ("Doubao", "cat, Ragdoll", "4.5 kg", "Afraid of vacuum cleaners", "Fang"):
        assert word in arriving
    assert "vaccinated until Jan. 31, 2027" in arriving
    assert "Today (Mon, March 2) – Thu, March 5, 3 nights" in arriving
    assert "brought from today 14:00" in arriving
    assert "Check in" in arriving


def test_pets_are_checked_in_are_there_and_are_checked_out(
    at_home: Visitor, place: Listing, fang: User, doubao, monday_morning
):
    booked = stay_of(place, fang, MONDAY, TUESDAY)

    page = press(at_home, booked, "start")
    assert booked.status == Status.IN_PROGRESS
    assert "Check out" in part(page, "here")
    assert "arriving-title" not in page

    monday_morning.move_to(world.clock("09:00", TUESDAY))
    assert "Check out" in part(at_home.look(HOME), "leaving")

    page = press(at_home, booked, "complete")
    assert booked.status == Status.COMPLETED
    assert "Doubao" in page.split('id="over"')[1]


def test_pets_are_not_checked_in_before_their_day(at_home, place, fang, doubao):
    booked = stay_of(place, fang, TUESDAY, THURSDAY)

    page = at_home.look(f"/console/appointments/{booked.pk}/")
    assert "Can be checked in from Tue, March 3 on." in page
    assert "Doubao" in at_home.look(HOME).split('id="days-title"')[1]

    assert "from the day of their check-in on" in press(at_home, booked, "start")
    assert booked.status == Status.CONFIRMED


def test_who_was_not_brought_is_noted_from_the_hour_of_the_check_in_on(
    at_home, place, fang, doubao, monday_morning
):
    booked = stay_of(place, fang, MONDAY, THURSDAY)
    assert "Did not come" not in part(at_home.look(HOME), "arriving")

    monday_morning.move_to(world.clock("14:30"))
    assert "Did not come" in part(at_home.look(HOME), "arriving")
    press(at_home, booked, "no-show")
    assert booked.status == Status.NO_SHOW


def test_who_should_have_been_fetched_is_still_there(at_home, place, fang, doubao, monday_morning):
    booked = stay_of(place, fang, MONDAY, TUESDAY)
    services.start(booked, by=SYSTEM, at=world.NOW)

    monday_morning.move_to(world.clock("13:00", THURSDAY))

    assert "should have been fetched" in part(at_home.look(HOME), "leaving")


def test_a_stay_that_asks_is_answered_with_its_pets_in_view(at_home, store, tao, fang, doubao):
    asking = boarding(store, sitter=tao, needs_approval=True)
    booked = stay_of(asking, fang, MONDAY, THURSDAY)

    page = at_home.look(HOME)
    offer = page.split(f'id="offer-{booked.pk}"')[1].split("</article>")[0]
    assert "Afraid of vacuum cleaners" in offer
    assert "3 nights" in offer
    # Once: who is asked for does not arrive yet.
    assert "arriving-title" not in page

    assert "Check in" in part(press(at_home, booked, "accept"), "arriving")
    assert booked.status == Status.CONFIRMED


def test_a_vaccination_that_ends_before_the_check_out_is_said(at_home, place, fang):
    pet_of(fang, vaccinated_until=TUESDAY)
    pet_of(fang, "Mimi")
    booked = stay_of(place, fang, MONDAY, THURSDAY)

    page = at_home.look(f"/console/appointments/{booked.pk}/")

    assert "The vaccination ends before the check-out." in page
    assert "No vaccination is written down." in page


def test_a_stay_takes_no_hours_of_the_day_or_the_week(at_home, place, fang, doubao):
    stay_of(place, fang, MONDAY, THURSDAY)

    assert "booked__name" not in at_home.look(HOME)
    assert "booked__name" not in at_home.look("/console/calendar/")


def test_time_off_says_which_pets_nobody_would_be_there_for(at_home, tao, place, fang, doubao):
    stay_of(place, fang, MONDAY, THURSDAY)

    answer = at_home.client.post(TIME_OFF, {"first": "2026-03-03", "last": "2026-03-03"})

    page = answer.content.decode()
    assert "Fang" in page
    assert "3 nights" in page
    assert not TimeOff.objects.filter(realtor=tao).exists()


def test_other_hours_concern_no_pets(at_home, place, fang, doubao, monday_morning):
    """They are there by day and by night, whatever the hours are."""
    stay_of(place, fang, MONDAY, THURSDAY)

    assert "Fang" not in at_home.look("/console/hours/")


def test_the_calendar_feed_has_stays_as_whole_days(tao, place, fang, doubao):
    booked = stay_of(place, fang, MONDAY, THURSDAY)
    token = open_feed(tao, locale="en", by=world.acting(tao), at=world.NOW)

    answer = Client().get(f"/calendar/{token}.ics")

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event["dtstart"].dt, event["dtend"].dt) == (MONDAY, THURSDAY)
    assert event["transp"] == "TRANSPARENT"
    assert str(event["summary"]) == f"Boarding: 1 pet, F… {booked.code}"


def night(page: str, day: date) -> str:
    return page.split(f'id="night-{day.isoformat()}"')[1].split("</li>\n    <li")[0]


def test_a_month_says_of_each_night_who_is_there_and_what_is_free(at_home, place, fang, doubao):
    booked = stay_of(place, fang, TUESDAY, THURSDAY)

    page = at_home.look(NIGHTS)

    taken = night(page, TUESDAY).split('id="night-2026-03-04"')[0]
    assert "1 of 2" in taken
    assert "1 free" in taken
    assert f'href="/console/appointments/{booked.pk}/">Doubao' in taken
    assert "2 free" in night(page, THURSDAY).split('id="night-2026-03-06"')[0]
    assert page.count('class="night__head"') == 31
    assert "month__nights--after6" in page


def test_it_turns_by_the_month_and_nonsense_is_this_month(at_home, place):
    assert "April 2026" in at_home.look(NIGHTS, month="2026-04")
    for nonsense in ("2026-13", "x", "2026-3", "9999-01", "2026-04-01"):
        assert "March 2026" in at_home.look(NIGHTS, month=nonsense)
    page = at_home.look(NIGHTS)
    assert "month=2026-02" in page
    assert "month=2026-04" in page


def test_a_place_is_chosen_and_that_of_another_is_not_to_be_seen(at_home, store, tao, place):
    boarding(store, sitter=tao, units=5)
    other = boarding(store, "Bo")

    assert "of 5" in at_home.look(NIGHTS)
    assert "of 5" not in at_home.look(NIGHTS, place=str(place.pk))
    assert "of 5" in at_home.look(NIGHTS, place=str(other.pk))


def test_a_free_night_is_blocked_by_time_off_that_is_filled_in(at_home, tao, place, monday_morning):
    page = at_home.look(NIGHTS)
    link = night(page, TUESDAY).split('class="night__block" href="')[1].split('"')[0]
    form = at_home.look(link.replace("&amp;", "&"))
    assert 'value="2026-03-03"' in form
    assert 'value="22:00"' in form

    sent = {"first": "2026-03-03", "starts": "22:00", "last": "2026-03-04", "ends": "06:00"}
    assert at_home.client.post(TIME_OFF, sent).status_code == 302

    page = at_home.look(NIGHTS)
    nights = {day: night(page, day).split('id="night-')[0] for day in (MONDAY, TUESDAY, THURSDAY)}
    assert ["away" in nights[day] for day in nights] == [False, True, False]


def test_nights_that_were_left_early_are_free(at_home, place, fang, doubao, monday_morning):
    booked = stay_of(place, fang, MONDAY, THURSDAY)
    services.start(booked, by=SYSTEM, at=world.NOW)
    monday_morning.move_to(world.clock("09:00", TUESDAY))
    services.complete(booked, by=SYSTEM, at=world.clock("09:00", TUESDAY))

    page = at_home.look(NIGHTS)

    assert "Doubao" in night(page, MONDAY).split('id="night-2026-03-03"')[0]
    assert "Doubao" not in night(page, TUESDAY)


def test_who_takes_in_no_pets_is_told_how(at_home, store):
    page = at_home.look(NIGHTS)
    assert "You take in no pets yet" in page
    assert "/console/listings/new/boarding/" in page

    ListingFactory(kind="boarding", store=store, realtor=None, title="Cat hotel")
    assert "“Cat hotel” cannot be booked before it has one" in at_home.look(NIGHTS)


@pytest.mark.parametrize("address", [HOME, NIGHTS])
def test_queries_are_few_however_many_pets_there_are(at_home, store, tao, fang, doubao, address):
    large = boarding(store, sitter=tao, units=40)
    # The first look notes in the session that there is a console.
    at_home.look(address)
    counted = []
    for number in range(2):
        for one in range(1, 6):
            owner = world.register(f"Owner {number}{one}")
            pet_of(owner)
            stay_of(large, owner, MONDAY, MONDAY + one * DAY)
        with CaptureQueriesContext(connection) as queries:
            at_home.look(address)
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 15


def test_the_own_figures_count_stays_and_no_hours_of_them(at_home, place, fang, doubao):
    pet_of(fang, "Mimi")
    stay_of(place, fang, MONDAY, THURSDAY)

    page = at_home.look("/console/statistics/", period="week")

    figures = {
        one.split("</span>")[0]: one.split('stat__value">')[1].split("<")[0]
        for one in page.split('class="stat__label">')[1:]
    }
    assert (figures["Pets"], figures["Nights"]) == ("2", "3")
    assert figures["Of your hours booked"] == "0%"


def test_the_desk_and_the_wall_call_nobody_for_a_stay(store, place, fang, doubao, monday_morning):
    booked = stay_of(place, fang, MONDAY, THURSDAY)
    monday_morning.move_to(NOON)
    hua = Visitor(Client(headers=ENGLISH))
    hua.client.force_login(manager_of(store, display_name="Hua"))

    for _turn in range(2):
        desk = hua.look(f"/stores/{store.pk}/desk/")
        assert "Fang" not in desk
        assert booked.code[:3] not in hua.look(f"/stores/{store.pk}/board")
        page = hua.look(f"/stores/{store.pk}/desk/{booked.code}/")
        assert "the pets stay at “Home”" in page
        assert "Is here" not in page
        services.start(booked, by=SYSTEM, at=NOON) if booked.status == "confirmed" else None
        booked.refresh_from_db()


def boarding_facts(**changed: object) -> dict[str, object]:
    """As a browser would send them."""
    whole = {
        "title": "A home for cats",
        "description": "",
        "category": "",
        "price": "80",
        "capacity": "3",
        "words": "",
        "deposit_percent": "50",
        "needs_approval": "on",
        "own_species": ["cat"],
        "own_vaccination_needed": "on",
        "own_check_in_hour": "15",
        "own_check_out_hour": "11",
    }
    return whole | changed


def test_a_boarding_place_is_written_by_the_night(at_home, tao):
    page = at_home.look("/console/listings/new/boarding/")
    assert "Price a night and pet" in page
    assert 'name="price_unit"' not in page
    assert 'name="duration_minutes"' not in page

    at_home.client.post("/console/listings/new/boarding/", boarding_facts())

    made = Listing.objects.get()
    assert (made.realtor, made.price_unit, made.capacity) == (tao, "night", 3)
    assert made.attributes["check_in_hour"] == 15
    page = at_home.look(f"/console/listings/{made.pk}/")
    assert "One night costs ¥80 a pet; three nights of two pets ¥480." in page


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"own_check_in_hour": "24"}, "own_check_in_hour"),
        ({"own_species": ["dragon"]}, "own_species"),
        ({"capacity": "0"}, "capacity"),
        ({"price": "-1"}, "price"),
        ({"deposit_percent": "101"}, "deposit_percent"),
    ],
)
def test_a_mistake_stands_at_its_field(at_home, wrong, name):
    answer = at_home.client.post("/console/listings/new/boarding/", boarding_facts(**wrong))

    assert answer.status_code == 200
    assert name in answer.context["form"].errors
    assert not Listing.objects.exists()


def test_a_place_that_was_paid_for_otherwise_says_what_saving_changes(at_home, place):
    Listing.objects.filter(pk=place.pk).update(price_unit="visit")
    address = f"/console/listings/{place.pk}/"
    assert "It said “a visit”. Once you save it" in at_home.look(address)

    at_home.client.post(address, boarding_facts())

    place.refresh_from_db()
    assert place.price_unit == "night"
