"""Nights in a boarding place: chosen in its calendar, booked for one's pets, moved, called off."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import Pet, User
from appointments import services
from appointments.models import Appointment, PaymentStatus, Status
from appointments.presenters.times import stamp
from booking_site.common.actors import SYSTEM
from realtors.models import Listing
from stores.models import Store
from tests.appointments import places, world

from .visitor import Visitor

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)
SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
DATES = "check_in=2026-03-06&check_out=2026-03-09"


@pytest.fixture
def home(store: Store) -> Listing:
    """Tao's: two pets at a time, 80 yuan a night and pet, nothing in advance, confirmed at once."""
    return places.boarding(store, address="Anfu Road 7")


@pytest.fixture
def doubao(fang: User) -> Pet:
    return places.pet_of(fang)


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo", phone="+8613800000008")


def page_of(place: Listing, query: str = "") -> str:
    return f"/boarding/{place.pk}/" + (f"?{query}" if query else "")


def book_at(place: Listing, query: str = DATES) -> str:
    return f"/boarding/{place.pk}/book/?{query}"


def details(*pets: Pet, **changed: Any) -> dict[str, Any]:
    facts = {"pets": [str(pet.pk) for pet in pets], "name": "Fang", "phone": "138 0000 0009"}
    return {**facts, "key": "pressed-once", **changed}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def send(visitor: Visitor, place: Listing, *pets: Pet, **changed: Any) -> HttpResponse:
    """Press the button of the page that shows these pets, as somebody does who has read it."""
    shown = visitor.client.post(book_at(place), details(*pets)).content.decode()
    terms = {"terms": hidden(shown, "terms"), "counted": hidden(shown, "counted")}
    return visitor.client.post(book_at(place), details(*pets, **{**terms, **changed}))


def book(visitor: Visitor, place: Listing, *pets: Pet) -> Appointment:
    answer = send(visitor, place, *pets)
    assert answer.status_code == 302, answer.content.decode()
    return Appointment.objects.latest("pk")


def fill(place: Listing, customer: User, first: date, last: date) -> None:
    """Every unit."""
    for number in range(place.capacity):
        pet = places.pet_of(customer, f"Guest {number} {first}")
        places.book_stay(place, customer, first, last, pets=[pet])


# The calendar


def test_each_day_says_how_it_is(lan: Visitor, home: Listing, bo: User):
    places.book_stay(home, bo, FRIDAY, SATURDAY, pets=[places.pet_of(bo)])
    fill(home, bo, SUNDAY, MONDAY)
    assert home.realtor is not None
    world.away(home.realtor, world.clock("20:00", MONDAY), world.clock("09:00", date(2026, 3, 10)))

    page = lan.look(page_of(home))

    for said in (
        "Fri, March 6: 1 place left, choose it as the check-in",
        "Sat, March 7: 2 places left, choose it as the check-in",
        "Sun, March 8: full",
        "Mon, March 9: the sitter is away",
    ):
        assert said in page
    assert "Sun, March 8: full, choose" not in page
    assert "March 2026" in page
    assert "April 2026" in page


def test_weeks_that_are_over_are_left_out_and_days_that_are_over_say_so(lan, home, monday_morning):
    monday_morning.move_to(world.clock("09:00", date(2026, 3, 11)))

    page = lan.look(page_of(home))

    assert "Sun, March 8" not in page
    assert "Tue, March 10: over" in page
    assert "Sun, March 15" in page


def test_a_link_chooses_the_check_in_and_another_the_check_out(
    lan: Visitor, home: Listing, bo: User
):
    fill(home, bo, MONDAY, date(2026, 3, 10))

    page = lan.look(page_of(home, "check_in=2026-03-06"))

    assert "Now choose the day of the check-out." in page
    assert "Fri, March 6: your check-in" in page
    # On the day before a full night one can still be fetched, and on no later one.
    assert "Mon, March 9: full, choose it as the check-out" in page
    assert f"?{DATES.replace('&', '&amp;')}&amp;month=2026-03#nights" in page
    assert "Tue, March 10: 2 places left, choose it as the check-in" in page


def test_chosen_nights_say_what_they_cost_and_lead_on(lan: Visitor, home: Listing):
    page = lan.look(page_of(home, f"{DATES}&pets=2"))

    assert "Fri, March 6 to Mon, March 9" in page
    assert "¥480" in page
    assert "2 pets × 3 nights × ¥80" in page
    assert f'href="{book_at(home)}'.replace("&", "&amp;") in page
    for said in ("You pay on the spot.", "from 14:00", "until 12:00", "2 pets at a time"):
        assert said in page


def test_full_nights_are_named_and_the_nearest_dates_offered(lan: Visitor, home: Listing, bo: User):
    fill(home, bo, SATURDAY, SUNDAY)

    page = lan.look(page_of(home, DATES))

    assert "There is no room for 1 pet on every one of these nights" in page
    assert "Full: Sat, March 7." in page
    assert "check_in=2026-03-08&amp;check_out=2026-03-11" in page
    assert "Book these nights" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("check_in=2026-03-06&check_out=2026-03-06", "It must be after the check-in."),
        ("check_in=2026-03-01&check_out=2026-03-05", "That day is over."),
        ("check_in=2026-03-06&check_out=2026-08-06", "At most 90 nights at a time."),
        ("check_out=2026-03-06", "Please say from which day on."),
        ("check_in=soon&check_out=2026-03-06", "Please choose a day of the calendar."),
        ("check_in=2026-03-06&check_out=2026-03-09&pets=99", "less than or equal to 10"),
        ("check_in=2027-03-06&check_out=2027-03-09", "That day cannot be booked yet."),
        ("check_in=9999-12-30&check_out=9999-12-31", "That day cannot be booked yet."),
        ("month=0000-99&check_in=%00", "Please choose a day of the calendar."),
    ],
)
def test_what_cannot_be_meant_is_said(lan: Visitor, home: Listing, query: str, said: str):
    page = lan.look(page_of(home, query))

    assert said in page
    assert "Book these nights" not in page


def test_the_months_are_turned_and_keep_what_is_chosen(lan: Visitor, home: Listing):
    page = lan.look(page_of(home, DATES))
    later = f"?{DATES}&month=2026-05#nights".replace("&", "&amp;")
    assert later in page

    page = lan.look(page_of(home, f"{DATES}&month=2026-05"))

    assert "May 2026" in page
    assert "June 2026" in page
    assert "¥240" in page


# Booking


def test_a_guest_signs_in_and_comes_back_to_the_nights(lan: Visitor, home: Listing):
    answer = lan.client.get(book_at(home))

    parts = urlsplit(answer["Location"])
    assert parts.path == "/accounts/login/"
    assert parse_qs(parts.query)["next"] == [book_at(home)]


def test_what_it_costs_stands_there_before_anything_is_booked(
    fang_at_home: Visitor, store: Store, doubao: Pet
):
    home = places.boarding(store, deposit_percent=30, fee_steps=[[1440, 50]])

    page = fang_at_home.look(book_at(home))

    for said in ("Doubao", "¥240", "¥72", "¥168", "Book and pay ¥72", "3 nights"):
        assert said in page
    assert "Cancelling is free until 1 day before the start" in page
    assert not Appointment.objects.exists()


def test_booking_confirms_and_tells_everything(fang_at_home: Visitor, home: Listing, doubao: Pet):
    booked = book(fang_at_home, home, doubao)

    assert (booked.check_in, booked.check_out) == (FRIDAY, MONDAY)
    assert (booked.status, booked.final_price) == (Status.CONFIRMED, 240)
    page = fang_at_home.look(f"/appointments/{booked.code}/")
    for said in (
        "Your stay is confirmed",
        "Doubao",
        "Fri, March 6 to Mon, March 9",
        "3 nights, check-in from 14:00, check-out until 12:00",
        "Anfu Road 7",
        "Check-in",
        "Check-out",
        "Move to other dates",
    ):
        assert said in page
    assert "Doubao" in fang_at_home.look("/appointments/")


def test_a_deposit_leads_on_to_paying(fang_at_home: Visitor, store: Store, doubao: Pet):
    home = places.boarding(store, deposit_percent=30)

    answer = send(fang_at_home, home, doubao)

    booked = Appointment.objects.get()
    assert answer["Location"] == f"/bookings/{booked.code}/pay/"
    assert (booked.payment_status, booked.due_now) == (PaymentStatus.UNPAID, 72)
    page = fang_at_home.look(answer["Location"])
    for said in ("¥72", "Doubao", "Fri, March 6 to Mon, March 9", "Sitter"):
        assert said in page
    assert "Home" in fang_at_home.look("/appointments/")


def test_pressed_twice_it_books_once(fang_at_home: Visitor, home: Listing, doubao: Pet):
    booked = book(fang_at_home, home, doubao)

    answer = fang_at_home.client.post(book_at(home), details(doubao))

    assert answer["Location"] == f"/appointments/{booked.code}/"
    assert Appointment.objects.count() == 1


def test_another_number_of_pets_is_added_up_before_it_is_booked(
    fang_at_home: Visitor, fang: User, home: Listing, doubao: Pet
):
    second = places.pet_of(fang, "Mimi")
    shown = fang_at_home.look(book_at(home))

    told = details(doubao, second, terms=hidden(shown, "terms"), counted="1")
    answer = fang_at_home.client.post(book_at(home), told)

    page = answer.content.decode()
    assert "This is what it costs." in page
    assert "¥480" in page
    assert not Appointment.objects.exists()


def test_a_price_that_has_changed_is_said_and_asked_again(
    fang_at_home: Visitor, home: Listing, doubao: Pet
):
    shown = fang_at_home.look(book_at(home))
    Listing.objects.filter(pk=home.pk).update(price=100)
    told = details(doubao, terms=hidden(shown, "terms"), counted="1")

    page = fang_at_home.client.post(book_at(home), told).content.decode()

    assert "The price or the rules have changed meanwhile." in page
    assert "¥300" in page
    assert not Appointment.objects.exists()
    assert book(fang_at_home, home, doubao).final_price == 300


def test_who_is_second_is_told_which_nights_are_full_and_what_is_near(
    fang_at_home: Visitor, bo: User, home: Listing, doubao: Pet
):
    shown = fang_at_home.look(book_at(home))
    fill(home, bo, SATURDAY, SUNDAY)
    told = details(doubao, terms=hidden(shown, "terms"), counted="1")

    answer = fang_at_home.client.post(book_at(home), told, follow=True)

    page = answer.content.decode()
    assert "Full: Sat, March 7." in page
    assert "The nearest dates of the same length:" in page
    assert Appointment.objects.filter(user__email="fang@example.com").count() == 0


def test_more_pets_than_there_are_places_are_told_so(
    fang_at_home: Visitor, fang: User, home: Listing, doubao: Pet
):
    others = [places.pet_of(fang, name) for name in ("Mimi", "Kiki")]

    answer = send(fang_at_home, home, doubao, *others)

    page = fang_at_home.client.get(answer["Location"]).content.decode()
    assert "There is no room for 3 pets on every one of these nights" in page


# Pets


def test_what_stands_against_a_pet_is_said_beside_it(
    fang_at_home: Visitor, fang: User, store: Store, doubao: Pet
):
    home = places.boarding(store, attributes={"species": ["dog"], "vaccination_needed": True})
    late = places.pet_of(fang, "Wangcai", "dog", vaccinated_until=SUNDAY)
    fits = places.pet_of(fang, "Laifu", "dog", vaccinated_until=date(2027, 1, 1))

    page = fang_at_home.look(book_at(home))

    assert "Doubao: this place does not take such animals." in page
    assert "Wangcai: vaccinated until" in page
    assert f'value="{fits.pk}" checked' in page
    for pet in (doubao, late):
        assert f'value="{pet.pk}" disabled' in page
    answer = send(fang_at_home, home, late)
    assert answer.status_code == 200
    assert "Wangcai: vaccinated until" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_adding_a_pet_leads_back_to_the_nights(fang_at_home: Visitor, home: Listing):
    page = fang_at_home.look(book_at(home))
    assert "You have not written down a pet yet." in page
    adding = re.search(r'href="(/accounts/family/pets/new/\?next=[^"]+)"', page)
    assert adding is not None

    form = fang_at_home.look(adding[1])
    assert "Back to the booking" in form
    answer = fang_at_home.client.post(adding[1], {"name": "Mimi", "species": "cat"})

    assert answer["Location"] == book_at(home)
    assert "Mimi" in fang_at_home.look(answer["Location"])


def test_adding_a_pet_leads_to_no_other_site(fang_at_home: Visitor):
    answer = fang_at_home.client.post(
        "/accounts/family/pets/new/?next=https://evil.example/", {"name": "Mimi", "species": "cat"}
    )

    assert answer["Location"] == "/accounts/family/"


def test_somebody_elses_pet_is_not_offered_and_not_taken(
    fang_at_home: Visitor, bo: User, home: Listing, doubao: Pet
):
    theirs = places.pet_of(bo, "Theirs")

    answer = send(fang_at_home, home, theirs)

    assert answer.status_code == 200
    assert "This is not a pet of yours." in answer.content.decode()
    assert "Theirs" not in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_pet_that_stays_elsewhere_then_is_refused_at_its_field(
    fang_at_home: Visitor, fang: User, store: Store, home: Listing, doubao: Pet
):
    other = places.boarding(store, "Ning")
    places.book_stay(other, fang, SATURDAY, SUNDAY)

    answer = send(fang_at_home, home, doubao)

    assert answer.status_code == 200
    assert 'id="pets-errors"><ul class="errorlist' in answer.content.decode()


def test_without_a_pet_nothing_is_booked(fang_at_home: Visitor, home: Listing, doubao: Pet):
    answer = fang_at_home.client.post(book_at(home), details())

    assert "Please say which pets are to stay." in answer.content.decode()


# Afterwards


def test_moving_shows_the_calendar_and_keeps_the_length(
    fang_at_home: Visitor, bo: User, home: Listing, doubao: Pet
):
    booked = book(fang_at_home, home, doubao)
    fill(home, bo, date(2026, 3, 12), date(2026, 3, 13))
    address = f"/appointments/{booked.code}/reschedule/"

    page = fang_at_home.look(address)
    assert "Move to other dates" in page
    # Their own nights do not stand in their own way; those of others do.
    assert "Sat, March 7: 2 places left, choose it as the check-in" in page
    assert "Wed, March 11: 2 places left, choose" not in page
    page = fang_at_home.look(address, check_in="2026-03-07")
    assert "Sat, March 7 to Tue, March 10" in page
    answer = fang_at_home.client.post(address, {"check_in": "2026-03-07"})

    assert answer["Location"] == f"/appointments/{booked.code}/"
    booked.refresh_from_db()
    assert (booked.check_in, booked.check_out) == (SATURDAY, date(2026, 3, 10))
    page = fang_at_home.look(answer["Location"])
    assert "Moved to other dates" in page
    assert "From Fri, March 6 to Sat, March 7" in page


@pytest.mark.parametrize("sent", ["2026-03-12", "", "nonsense", "2026-03-06", "2026-01-01"])
def test_dates_that_cannot_be_had_leave_the_stay_as_it_is(
    fang_at_home: Visitor, bo: User, home: Listing, doubao: Pet, sent: str
):
    booked = book(fang_at_home, home, doubao)
    fill(home, bo, date(2026, 3, 13), date(2026, 3, 14))
    address = f"/appointments/{booked.code}/reschedule/"

    answer = fang_at_home.client.post(address, {"check_in": sent}, follow=True)

    assert answer.status_code == 200
    booked.refresh_from_db()
    assert booked.check_in == FRIDAY
    if sent == "2026-03-12":
        assert "Thu, March 12 to Sun, March 15: not every night has room" in answer.content.decode()


def test_cancelling_says_what_it_costs_first(fang_at_home: Visitor, store: Store, doubao: Pet):
    home = places.boarding(store, fee_steps=[[10080, 50]])
    booked = book(fang_at_home, home, doubao)

    page = fang_at_home.look(f"/appointments/{booked.code}/cancel/")
    for said in ("Cancel the stay?", "Cancelling now costs ¥120 (50% of the price).", "Doubao"):
        assert said in page
    answer = fang_at_home.client.post(f"/appointments/{booked.code}/cancel/", {}, follow=True)

    assert "The nights have been given back." in answer.content.decode()
    assert places.night_claims(home) == 0


def test_the_timeline_speaks_of_checking_in_and_out(
    fang_at_home: Visitor, home: Listing, doubao: Pet, monday_morning: Any
):
    booked = book(fang_at_home, home, doubao)
    monday_morning.move_to(world.clock("15:00", FRIDAY))
    services.start(booked, by=SYSTEM, at=world.clock("15:00", FRIDAY))
    page = fang_at_home.look(f"/appointments/{booked.code}/")
    assert "Checked in" in page
    assert "Please fetch them by Mon, March 9 12:00." in page

    monday_morning.move_to(world.clock("11:00", MONDAY))
    services.complete(booked, by=SYSTEM, at=world.clock("11:00", MONDAY))

    assert "Checked out" in fang_at_home.look(f"/appointments/{booked.code}/")


def test_the_code_alone_names_no_pet(
    fang_at_home: Visitor, lan: Visitor, home: Listing, doubao: Pet
):
    booked = book(fang_at_home, home, doubao)

    page = lan.look(f"/appointments/{booked.code}/")

    assert "Home" in page
    assert "Doubao" not in page


def test_a_viewings_doors_do_not_open_for_a_stay(fang_at_home: Visitor, home: Listing, doubao: Pet):
    booked = book(fang_at_home, home, doubao)
    address = f"/appointments/{booked.code}/reschedule/"

    answer = fang_at_home.client.post(address, {"starts_at": stamp(world.clock("10:00"))})

    assert answer["Location"] == address
    booked.refresh_from_db()
    assert booked.check_in == FRIDAY


# Cost


def test_the_pages_need_few_queries(
    fang_at_home: Visitor, fang: User, bo: User, home: Listing, doubao: Pet
):
    for number in range(6):
        places.pet_of(fang, f"Pet {number}")
    booked = book(fang_at_home, home, doubao)
    fill(home, bo, date(2026, 3, 20), date(2026, 3, 25))
    fang_at_home.client.get("/")

    for page in (
        page_of(home, DATES),
        page_of(home, "check_in=2026-03-20&check_out=2026-03-22"),
        book_at(home, "check_in=2026-04-06&check_out=2026-04-09"),
        f"/appointments/{booked.code}/",
        f"/appointments/{booked.code}/reschedule/?check_in=2026-03-20",
        f"/appointments/{booked.code}/cancel/",
        "/appointments/",
    ):
        with CaptureQueriesContext(connection) as queries:
            shown = fang_at_home.look(page)
        assert len(queries) <= 15, (page, [one["sql"][:90] for one in queries])
        assert len(shown) < 150_000


def test_a_place_that_is_not_there_is_not_found(lan: Visitor, store: Store, home: Listing):
    house = places.house(store)
    Listing.objects.filter(pk=home.pk).update(status="draft")

    for listing in (house.pk, home.pk, 999_999):
        assert lan.client.get(f"/boarding/{listing}/").status_code == 404
        assert lan.client.get(f"/boarding/{listing}/book/?{DATES}").status_code == 404


def test_its_sitter_cannot_book_it(lan: Visitor, home: Listing):
    assert home.realtor is not None
    user = home.realtor.user
    assert user is not None
    lan.client.force_login(user)
    pet = places.pet_of(user)

    answer = send(lan, home, pet)

    assert (
        "You cannot book a place of your own."
        in lan.client.get(answer["Location"]).content.decode()
    )
    assert not Appointment.objects.exists()
