"""Cancelling and moving, by the customer."""

import pytest
from django.test import Client

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Claim, Status
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO, FOUR = world.clock("14:00"), world.clock("16:00")
AT_FOUR = "2026-03-02T08:00Z"


def test_the_customer_cancels_and_the_time_is_free_again(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)
    page = lan.look(f"/appointments/{booked.code}/cancel/")
    assert "Cancelling now costs nothing." in page
    assert "You can cancel it here until today 14:00." in page

    answer = lan.client.post(f"/appointments/{booked.code}/cancel/", {"reason": "I am ill"})

    booked.refresh_from_db()
    assert answer["Location"] == f"/appointments/{booked.code}/"
    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, "I am ill")
    assert not Claim.objects.exists()


def test_looking_at_the_cancel_page_cancels_nothing(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)

    lan.look(f"/appointments/{booked.code}/cancel/")

    booked.refresh_from_db()
    assert booked.status == Status.PENDING


def test_what_cancelling_costs_is_said_before(lan: Visitor, db: None):
    store = world.open_store(fee_steps=[[1440, 50], [120, 100]])
    world.hire(store, "Wei")
    booked = lan.book(store, TWO)
    Appointment.objects.update(final_price="199.50")

    page = lan.look(f"/appointments/{booked.code}/cancel/")

    assert "Cancelling now costs ¥99.75 (50% of the price)." in page


def test_what_has_no_price_costs_nothing_to_cancel(lan: Visitor, db: None):
    store = world.open_store(fee_steps=[[1440, 50]])
    world.hire(store, "Wei")
    booked = lan.book(store, TWO)

    page = lan.look(f"/appointments/{booked.code}/cancel/")

    assert "Cancelling now costs nothing." in page


def test_who_is_in_line_is_told_of_a_place_and_not_of_a_time(
    lan: Visitor, store: Store, wei: Realtor
):
    world.book(store, TWO, phone="+8613900000009")
    waiting = world.book(store, TWO, phone=world.LAN)
    lan.client.post(f"/appointments/{waiting.code}/proof/", {"digits": world.LAN[-4:]})

    assert "Whoever stands behind you moves up." in lan.look(
        f"/appointments/{waiting.code}/cancel/"
    )
    page = lan.look(f"/appointments/{waiting.code}/reschedule/")
    assert "Your place in line stays yours until you choose another time." in page
    assert "Show this at the desk" not in lan.look(f"/appointments/{waiting.code}/")
    lan.client.post(f"/appointments/{waiting.code}/cancel/")
    assert "You no longer stand in line." in lan.look(f"/appointments/{waiting.code}/")


def test_after_the_cutoff_the_page_says_to_call(lan: Visitor, db: None):
    store = world.open_store(cancel_cutoff_minutes=600, reschedule_cutoff_minutes=600)
    world.hire(store, "Wei")
    booked = lan.book(store, TWO)

    for change in ("cancel", "reschedule"):
        answer = lan.client.post(
            f"/appointments/{booked.code}/{change}/", {"starts_at": AT_FOUR}, follow=True
        )
        page = answer.content.decode()
        assert "It is too late to change this appointment yourself." in page
        assert "Move to another time" not in page
    booked.refresh_from_db()
    assert (booked.status, booked.starts_at) == (Status.PENDING, TWO)


def test_cancelling_twice_says_that_it_is_cancelled(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)
    lan.client.post(f"/appointments/{booked.code}/cancel/")

    answer = lan.client.post(f"/appointments/{booked.code}/cancel/", follow=True)

    assert answer.status_code == 200
    assert "This appointment was cancelled" in answer.content.decode()


@pytest.mark.parametrize("change", ["cancel", "reschedule"])
def test_without_proof_nothing_is_changed_but_asked_for(
    qiang: Visitor, store: Store, wei: Realtor, change: str
):
    booked = world.book(store, TWO)
    address = f"/appointments/{booked.code}/{change}/"

    for answer in (qiang.client.get(address), qiang.client.post(address, {"starts_at": AT_FOUR})):
        assert answer["Location"] == f"/appointments/{booked.code}/?next={change}"
    page = qiang.look(f"/appointments/{booked.code}/", next=change)
    assert f'name="next" value="{change}"' in page
    proven = qiang.client.post(
        f"/appointments/{booked.code}/proof/", {"digits": "0001", "next": change}
    )
    assert proven["Location"] == address
    booked.refresh_from_db()
    assert (booked.status, booked.starts_at) == (Status.PENDING, TWO)


def test_after_the_proof_one_is_not_led_anywhere_else(qiang: Visitor, store: Store, wei: Realtor):
    booked = world.book(store, TWO)

    answer = qiang.client.post(
        f"/appointments/{booked.code}/proof/", {"digits": "0001", "next": "https://evil.example/"}
    )

    assert answer["Location"] == f"/appointments/{booked.code}/"


def test_another_account_cannot_change_it(fang_at_home: Visitor, store: Store, wei: Realtor):
    booked = world.book(store, TWO)

    fang_at_home.client.post(f"/appointments/{booked.code}/cancel/")
    fang_at_home.client.post(f"/appointments/{booked.code}/reschedule/", {"starts_at": AT_FOUR})

    booked.refresh_from_db()
    assert (booked.status, booked.starts_at) == (Status.PENDING, TWO)


def test_the_customer_moves_to_another_time(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)

    answer = lan.client.post(
        f"/appointments/{booked.code}/reschedule/", {"starts_at": AT_FOUR}, follow=True
    )

    booked.refresh_from_db()
    assert booked.starts_at == FOUR
    page = answer.content.decode()
    assert "Moved to today 16:00." in page
    assert "From today 14:00 to today 16:00" in page


def test_ones_own_time_does_not_stand_in_the_way(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)

    page = lan.look(f"/appointments/{booked.code}/reschedule/")
    assert 'value="2026-03-02T06:15Z"' in page
    lan.client.post(f"/appointments/{booked.code}/reschedule/", {"starts_at": "2026-03-02T06:15Z"})

    booked.refresh_from_db()
    assert booked.starts_at == world.clock("14:15")


def test_a_realtor_with_one_appointment_a_day_can_be_moved_within_that_day(
    lan: Visitor, store: Store, wei: Realtor
):
    Realtor.objects.update(max_per_day=1)
    booked = lan.book(store, TWO)

    assert f'value="{AT_FOUR}"' in lan.look(f"/appointments/{booked.code}/reschedule/")
    lan.client.post(f"/appointments/{booked.code}/reschedule/", {"starts_at": AT_FOUR})

    booked.refresh_from_db()
    assert booked.starts_at == FOUR


def test_losing_the_new_time_keeps_the_old_one_and_shows_the_next(
    lan: Visitor, store: Store, wei: Realtor
):
    booked = lan.book(store, TWO)
    world.book(store, FOUR, phone=world.QIANG)

    answer = lan.client.post(
        f"/appointments/{booked.code}/reschedule/", {"starts_at": AT_FOUR}, follow=True
    )

    page = answer.content.decode()
    booked.refresh_from_db()
    assert booked.starts_at == TWO
    assert "Today 16:00 has just been taken" in page
    assert "Your appointment is unchanged." in page
    assert "today 17:00" in page


def test_moving_with_a_named_realtor_shows_only_their_times(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    address = lan.fill_in(lan.hold(store, TWO, realtor=str(wei.pk)))
    lan.client.post(address)
    booked = Appointment.objects.get()
    world.book(store, FOUR, phone=world.QIANG, realtor=wei)

    page = lan.look(f"/appointments/{booked.code}/reschedule/")

    assert f'value="{AT_FOUR}"' not in page
    assert 'value="2026-03-02T09:00Z"' in page


@pytest.mark.parametrize("date", ["2026-03-01", "2026-03-20"])
def test_moving_to_a_date_that_cannot_be_booked_shows_the_first_free_day(
    lan: Visitor, store: Store, wei: Realtor, date: str
):
    booked = lan.book(store, TWO)

    page = lan.look(f"/appointments/{booked.code}/reschedule/", date=date)

    assert f'value="{AT_FOUR}"' in page
    assert "Over for this day" not in page
    assert "Cannot be booked yet" not in page


@pytest.mark.parametrize("sent", ["", "soon", "2026-03-02T08:00", "2031-01-01T00:00Z"])
def test_moving_to_no_offered_time_changes_nothing(
    lan: Visitor, store: Store, wei: Realtor, sent: str
):
    booked = lan.book(store, TWO)

    answer = lan.client.post(
        f"/appointments/{booked.code}/reschedule/", {"starts_at": sent}, follow=True
    )

    booked.refresh_from_db()
    assert answer.status_code == 200
    assert booked.starts_at == TWO


def test_moving_to_the_same_time_says_so(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)

    page = lan.client.post(
        f"/appointments/{booked.code}/reschedule/", {"starts_at": "2026-03-02T06:00Z"}, follow=True
    ).content.decode()

    assert "That is the time you have already." in page
    booked.refresh_from_db()
    assert booked.sequence == 0


def test_what_is_over_cannot_be_moved(lan: Visitor, store: Store, wei: Realtor):
    booked = lan.book(store, TWO)
    services.cancel(booked, by=SYSTEM, at=world.NOW)

    answer = lan.client.get(f"/appointments/{booked.code}/reschedule/", follow=True)

    assert "This is not possible in the appointment" in answer.content.decode()


def test_a_realtor_may_cancel_but_not_move_it(store: Store, wei: Realtor, fang: User):
    booked = world.book(store, TWO, customer=fang)
    client = Client(headers={"accept-language": "en"})
    client.force_login(wei.user)

    services.accept(booked, by=SYSTEM, at=world.NOW)
    page = client.get(f"/appointments/{booked.code}/", follow=True).content.decode()
    assert f"/console/appointments/{booked.pk}/cancel/" in page
    assert "/reschedule/" not in page
    client.post(f"/appointments/{booked.code}/reschedule/", {"starts_at": AT_FOUR})

    booked.refresh_from_db()
    assert booked.starts_at == TWO
