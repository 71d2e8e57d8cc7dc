"""Three steps: time, details, confirm."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Claim, Hold, Status
from booking_site.common.actors import Actor
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")


def test_a_guest_books_in_three_steps(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO, requirements="Two rooms, please")

    assert (booked.customer_name, booked.customer_phone) == ("Lan", world.LAN)
    assert (booked.starts_at, booked.realtor, booked.status) == (TWO, wei, Status.PENDING)
    assert booked.requirements == "Two rooms, please"
    assert booked.locale == "en"
    page = lan.look(f"/appointments/{booked.code}/")
    assert "Your request is in" in page
    assert "Two rooms, please" in page


def test_choosing_a_time_holds_it_for_five_minutes(lan: Visitor, store: Store, wei: Realtor):
    address = lan.hold(store, TWO)

    hold = Hold.objects.get()
    assert (hold.starts_at, hold.realtor) == (TWO, wei)
    page = lan.look(address)
    assert 'data-expires-at="2026-03-02T08:05:00+08:00"' in page
    assert "today (Mon, March 2)" in page.replace("Today (", "today (")


def test_looking_at_a_time_holds_nothing(lan: Visitor, store: Store, wei: Realtor):
    answer = lan.client.get(f"/stores/{store.pk}/hold/", {"starts_at": "2026-03-02T06:00Z"})

    assert answer["Location"] == f"/stores/{store.pk}/"
    assert not Hold.objects.exists()


def test_another_choice_replaces_the_first(lan: Visitor, store: Store, wei: Realtor):
    lan.hold(store, TWO)
    lan.hold(store, world.clock("14:15"))

    assert [hold.starts_at for hold in Hold.objects.all()] == [world.clock("14:15")]


def test_one_guest_does_not_lose_a_hold_to_another(
    lan: Visitor, qiang: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    lan.hold(store, TWO)
    qiang.hold(store, TWO)

    assert Hold.objects.count() == 2


def test_the_realtor_chosen_is_the_one_held(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    lan.hold(store, TWO, realtor=str(ming.pk))

    hold = Hold.objects.get()
    assert (hold.realtor, hold.realtor_named) == (ming, True)


def test_missing_details_are_asked_for_and_the_rest_is_kept(
    lan: Visitor, store: Store, wei: Realtor
):
    address = lan.hold(store, TWO)
    answer = lan.client.post(address, lan.details(phone="12345", requirements="A garden"))

    page = answer.content.decode()
    assert "This is not a telephone number we can call." in page
    assert 'value="12345"' in page
    assert "A garden" in page
    assert "autofocus" in page
    assert not Appointment.objects.exists()


def test_typed_details_are_there_again_after_choosing_another_time(
    lan: Visitor, store: Store, wei: Realtor
):
    lan.fill_in(lan.hold(store, TWO), requirements="A garden")

    page = lan.look(lan.hold(store, world.clock("15:00")))

    assert "A garden" in page
    assert f'value="{world.LAN}"' in page


def test_a_number_is_understood_however_it_is_written(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO, phone="138 0000-0001")

    assert booked.customer_phone == world.LAN


def test_no_fee_is_spoken_of_where_there_is_no_price(lan: Visitor, db: None):
    store = world.open_store(fee_steps=[[1440, 50], [120, 100]], cancel_cutoff_minutes=60)
    wei = world.hire(store, "Wei")

    confirm = lan.fill_in(lan.hold(store, TWO))
    before = [lan.look(one) for one in (f"/stores/{store.pk}/", f"/realtors/{wei.pk}/", confirm)]
    after = lan.client.post(confirm, follow=True).content.decode()

    assert "Cancelling now costs nothing." in after
    for page in (*before, after):
        assert "You can cancel until 1 hour before the start, and move it until it starts." in page
        assert "%" not in page.split(">Cancelling and moving</h2>")[-1].split("</section>")[0]
        assert "of the price" not in page
        assert "0 minutes" not in page


def test_confirming_without_details_asks_for_them(lan: Visitor, store: Store, wei: Realtor):
    address = lan.hold(store, TWO)

    answer = lan.client.post(f"{address}confirm/")

    assert answer["Location"] == address
    assert not Appointment.objects.exists()


def test_pressing_the_button_twice_books_once(lan: Visitor, store: Store, wei: Realtor):
    address = lan.fill_in(lan.hold(store, TWO))

    first, second = lan.client.post(address), lan.client.post(address)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_two_presses_at_once_both_lead_to_the_one_booking(
    lan: Visitor, store: Store, wei: Realtor, monkeypatch: pytest.MonkeyPatch
):
    """The second request had passed every look at the session before the first one booked."""
    address = lan.fill_in(lan.hold(store, TWO))
    book = services.book
    answers = []

    def book_after_the_other(*args, **kwargs):
        monkeypatch.setattr(services, "book", book)
        answers.append(lan.client.post(address))
        return book(*args, **kwargs)

    monkeypatch.setattr(services, "book", book_after_the_other)
    # In one process the inner request must not stand inside the outer one's transaction.
    monkeypatch.setattr("appointments.views.booking.run_in_transaction", lambda work: work())
    answers.append(lan.client.post(address))

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Appointment.objects.count() == 1


def test_going_back_after_booking_leads_to_the_booking(lan: Visitor, store: Store, wei: Realtor):
    address = lan.hold(store, TWO)
    done = lan.client.post(lan.fill_in(address))["Location"]

    assert lan.client.get(address)["Location"] == done


def test_details_are_forgotten_once_booked(lan: Visitor, store: Store, wei: Realtor):
    lan.book(store, TWO)

    assert world.LAN not in lan.look(lan.hold(store, world.clock("16:00")))


def test_an_expired_hold_is_taken_again_while_the_time_is_free(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    address = lan.hold(store, TWO)
    monday_morning.shift(timedelta(minutes=6))

    page = lan.look(address)
    assert "still free" in page
    assert not Hold.objects.live(world.NOW + timedelta(minutes=6)).exists()

    again = lan.fill_in(address)
    assert again != f"{address}confirm/"
    answer = lan.client.post(again)
    assert Appointment.objects.get().starts_at == TWO
    assert answer["Location"] == f"/appointments/{Appointment.objects.get().code}/"


def test_a_hold_that_runs_out_on_the_last_step_still_books_what_is_free(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    address = lan.fill_in(lan.hold(store, TWO))
    monday_morning.shift(timedelta(minutes=6))

    first, second = lan.client.post(address), lan.client.post(address)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.get().starts_at == TWO


def test_a_time_lost_while_typing_leads_back_to_the_next_free_ones(
    lan: Visitor,
    qiang: Visitor,
    store: Store,
    wei: Realtor,
    monday_morning: time_machine.Traveller,
):
    address = lan.hold(store, TWO)
    monday_morning.shift(timedelta(minutes=6))
    qiang.book(store, TWO)

    answer = lan.client.post(address, lan.details(requirements="A garden"), follow=True)

    page = answer.content.decode()
    assert "Today 14:00 has just been taken" in page
    assert "What you typed is kept." in page
    assert "today 15:00" in page
    assert answer.status_code == 200


def test_losing_the_race_for_a_time_shows_the_next_free_ones(
    lan: Visitor, qiang: Visitor, store: Store, wei: Realtor
):
    qiang.book(store, TWO)

    answer = lan.client.post(
        f"/stores/{store.pk}/hold/", {"starts_at": "2026-03-02T06:00Z"}, follow=True
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Today 14:00 has just been taken" in page
    assert '<button class="chip" name="starts_at" value="2026-03-02T07:00Z">' in page


def test_losing_it_at_the_very_last_moment_is_told_the_same_way(
    lan: Visitor, store: Store, wei: Realtor
):
    address = lan.fill_in(lan.hold(store, TWO))
    Claim.objects.all().delete()
    Hold.objects.all().delete()
    world.book(store, TWO, phone=world.QIANG)

    page = lan.client.post(address, follow=True).content.decode()

    assert "Today 14:00 has just been taken" in page
    assert Appointment.objects.count() == 1


def test_two_bookings_of_one_guest_may_not_overlap(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    lan.book(store, TWO)

    answer = lan.client.post(lan.fill_in(lan.hold(store, world.clock("14:30"))), follow=True)

    assert "You already have an appointment at that time." in answer.content.decode()
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    ["", "tomorrow", "2026-03-02T14:00", "9999-12-31T23:59+14:00", "\x00", "2026-03-02T06:07Z"],
)
def test_a_start_that_is_none_leads_back_to_the_times(
    lan: Visitor, store: Store, wei: Realtor, sent: str
):
    answer = lan.client.post(f"/stores/{store.pk}/hold/", {"starts_at": sent}, follow=True)

    assert answer.redirect_chain[-1][0].startswith(f"/stores/{store.pk}/")
    assert answer.status_code == 200
    assert not Hold.objects.exists()


def test_a_hold_of_an_account_is_not_open_to_others(
    lan: Visitor, fang_at_home: Visitor, store: Store, wei: Realtor
):
    address = fang_at_home.hold(store, TWO)

    assert lan.client.get(address)["Location"] == "/stores/"


def test_an_unknown_token_leads_to_the_stores(lan: Visitor, store: Store):
    answer = lan.client.get("/book/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/")

    assert answer["Location"] == "/stores/"


def test_an_inactive_store_takes_no_bookings(lan: Visitor, store: Store, wei: Realtor):
    Store.objects.update(is_active=False)

    assert lan.choose(store, TWO).status_code == 404


def test_who_is_signed_in_need_not_type(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    address = fang_at_home.hold(store, TWO)
    page = fang_at_home.look(address)

    assert 'value="Fang"' in page
    assert 'value="fang@example.com"' in page
    fang_at_home.client.post(fang_at_home.fill_in(address))
    assert Appointment.objects.get().user == fang


def test_names_are_shown_as_they_are_written(lan: Visitor, store: Store, wei: Realtor):
    evil = "<script>alert(1)</script>"
    Realtor.objects.update(name=evil)
    Store.objects.update(name=evil, address=evil)
    booked = lan.book(store, TWO, name=evil, requirements=evil)
    again = lan.fill_in(lan.hold(store, world.clock("16:00")), name=evil, requirements=evil)

    for address in (
        f"/appointments/{booked.code}/",
        again,
        f"/stores/{store.pk}/",
        "/",
        "/stores/",
    ):
        page = lan.look(address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("step", ["details", "confirm"])
def test_pages_with_a_token_are_kept_nowhere(lan: Visitor, store: Store, wei: Realtor, step: str):
    address = lan.hold(store, TWO)
    if step == "confirm":
        address = lan.fill_in(address)

    answer = lan.client.get(address)

    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    # Without it browsers would send "Origin: null" and no form of the page would be accepted.
    assert '<meta name="referrer" content="same-origin">' in answer.content.decode()


def test_holding_in_rows_is_stopped(lan: Visitor, store: Store, wei: Realtor, settings):
    settings.RATE_LIMIT_MAX_REQUESTS = 3
    for minute in ("00", "15", "30"):
        lan.hold(store, world.clock(f"14:{minute}"))

    answer = lan.choose(store, world.clock("14:45"))

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert [hold.starts_at for hold in Hold.objects.all()] == [world.clock("14:30")]
    assert "14:30" in lan.look(f"/stores/{store.pk}/")


def test_every_step_needs_few_queries(lan: Visitor, store: Store, wei: Realtor):
    details = lan.hold(store, TWO)
    confirm = lan.fill_in(details)

    for address in (details, confirm):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lan.look(address)
        assert len(queries) <= 15


def test_staff_actor_kind_of_a_guest_is_guest(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)

    assert [entry.actor_kind for entry in booked.log.filter(action="created")] == [
        Actor.guest().kind
    ]


def test_a_name_is_one_line_whatever_was_pasted(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, world.clock("14:00"), name="Lan\n\u202eBcc: all\u2069")

    assert booked.customer_name == "Lan  Bcc: all"


def test_an_id_too_long_for_anybody_is_not_cut_to_somebodys(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    """Ming would be named, and the hold hers alone, if only the first digits were read."""
    lan.hold(store, world.clock("14:00"), realtor=f"{ming.pk:018d}7")

    assert not Hold.objects.get().realtor_named


@pytest.mark.parametrize("name", ["\u200b\u200d", "\u2800\u2800", "\u3164"])
def test_a_name_that_nobody_can_see_is_asked_for(
    lan: Visitor, store: Store, wei: Realtor, name: str
):
    address = lan.hold(store, TWO)

    answer = lan.client.post(address, lan.details(name=name))

    assert answer.status_code == 200
    assert "Please say who comes." in answer.content.decode()
