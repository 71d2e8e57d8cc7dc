"""The realtor's console: presence, offers and the day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User, UserType
from appointments import services
from appointments.models import Appointment, Offer, OfferStatus, Status
from booking_site.common.actors import SYSTEM
from realtors.models import Presence, Realtor
from realtors.services import mark_away, set_presence
from stores.models import SpecialDay, Store
from tests.appointments import world

from .conftest import ENGLISH
from .visitor import Visitor

TEN = world.clock("10:00")
TWO = world.clock("14:00")
HOME = "/console/"


@pytest.fixture
def ten(monday_morning) -> None:
    """The store is open."""
    monday_morning.move_to(TEN)


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    """Wei, signed in."""
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


def press(visitor: Visitor, appointment: Appointment, verb: str, **facts: str) -> str:
    """A button of the console; the page that comes after it."""
    address = f"/console/appointments/{appointment.pk}/{verb}/"
    answer = visitor.client.post(address, facts, follow=True)
    assert answer.status_code == 200, answer.content
    assert answer.redirect_chain[-1][0] == HOME
    appointment.refresh_from_db()
    return answer.content.decode()


def test_the_three_states_are_one_press_each(at_work: Visitor, wei: Realtor):
    for state, said in [("online", "You are online"), ("busy", "You are busy")]:
        page = at_work.client.post("/console/presence/", {"presence": state}, follow=True)
        wei.refresh_from_db()
        assert wei.presence == state
        assert said in page.content.decode()

    at_work.client.post("/console/presence/", {"presence": "offline"})
    wei.refresh_from_db()
    assert wei.presence == Presence.OFFLINE
    assert "Nobody is sent to you." in at_work.look(HOME)


@pytest.mark.parametrize("state", ["", "asleep", "ONLINE"])
def test_a_state_that_is_none_changes_nothing(at_work: Visitor, wei: Realtor, state: str):
    page = at_work.client.post("/console/presence/", {"presence": state}, follow=True)

    assert "Please choose online, busy or offline." in page.content.decode()
    wei.refresh_from_db()
    assert wei.presence == Presence.OFFLINE


def test_who_did_not_answer_is_away_until_they_say_so(at_work: Visitor, wei: Realtor, ten):
    world.online(wei, at=TEN)
    mark_away(wei.pk, at=TEN)
    assert "You are away: you did not answer an offer" in at_work.look(HOME)

    page = at_work.client.post("/console/heartbeat/", follow=True).content.decode()

    assert "Good to have you back." in page
    assert "You are away" not in page


def test_a_page_that_was_left_open_does_not_end_being_away(at_work: Visitor, wei: Realtor, ten):
    world.online(wei, at=world.NOW)
    at_work.client.post("/console/heartbeat/", {"auto": "1"})
    wei.refresh_from_db()
    assert wei.last_seen_at == TEN
    mark_away(wei.pk, at=TEN)

    answer = at_work.client.post("/console/heartbeat/", {"auto": "1"})

    assert answer.status_code == 204
    wei.refresh_from_db()
    assert wei.away_since == TEN


def test_looking_is_no_sign_of_life(at_work: Visitor, wei: Realtor, ten):
    world.online(wei, at=world.NOW)

    at_work.look(HOME)

    wei.refresh_from_db()
    assert wei.last_seen_at == world.NOW


def test_a_live_offer_says_who_what_and_until_when(
    at_work: Visitor, store: Store, wei: Realtor, ten
):
    world.online(wei, at=TEN)
    world.join(store, at=TEN, requirements="A garden, please")

    page = at_work.look(HOME)

    assert "Waiting for your answer" in page
    assert "Lan" in page
    assert "Now, as soon as possible" in page
    assert "1 hour" in page
    assert "A garden, please" in page
    assert 'data-expires-at="2026-03-02T10:05:00+08:00"' in page
    assert 'data-now="2026-03-02T10:00:00+08:00"' in page
    assert "<title>(1) Today" in page
    # Before they have said yes, the number is nobody's business.
    assert "tel:" not in page


def test_an_offer_for_a_time_says_when_and_has_a_date_to_answer_by(
    at_work: Visitor, store: Store, wei: Realtor
):
    world.book(store, world.clock("14:00", world.TUESDAY), realtor=wei)

    page = at_work.look(HOME)

    assert "Tomorrow (Tue, March 3) 14:00–15:00" in page
    assert "Please answer by" in page
    assert "chose you" in page
    assert "Lan chose you. If you decline, the booking is cancelled." in page


def test_an_offer_past_its_deadline_is_no_longer_shown(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning, ten
):
    world.online(wei, at=TEN)
    world.join(store, at=TEN)

    monday_morning.move_to(TEN + timedelta(minutes=5))

    assert "Waiting for your answer" not in at_work.look(HOME)


def test_a_live_customer_from_offer_to_end(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)

    page = press(at_work, lan, "accept")
    assert lan.status == Status.CONFIRMED
    assert "Accepted. Lan is in your plan below." in page
    assert 'href="tel:+8613800000001"' in page

    monday_morning.move_to(TEN + timedelta(minutes=3))
    page = press(at_work, lan, "start")
    assert lan.status == Status.IN_PROGRESS
    assert "10:03–11:03" in page

    page = press(at_work, lan, "complete")
    assert lan.status == Status.COMPLETED
    assert "Completed. What is left of the time is free again." in page
    assert "1 is over" in page


def test_declining_goes_to_the_next_with_the_reason(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    world.online(ming, at=TEN)

    page = press(at_work, lan, "decline", reason="I am with somebody")

    assert lan.realtor == ming
    assert "Declined. You are not asked for Lan again." in page
    refused = Offer.objects.get(realtor=wei)
    assert (refused.status, refused.reason) == (OfferStatus.DECLINED, "I am with somebody")


def test_a_reason_that_is_too_long_comes_back_as_typed(
    at_work: Visitor, store: Store, wei: Realtor, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)

    answer = at_work.client.post(
        f"/console/appointments/{lan.pk}/decline/", {"reason": "so " * 100}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "so so so" in page
    assert f'id="decline-{lan.pk}" hx-preserve="true" open' in page
    lan.refresh_from_db()
    assert lan.realtor == wei


def test_accepting_twice_says_that_it_is_done(at_work: Visitor, store: Store, wei: Realtor, ten):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    press(at_work, lan, "accept")

    page = press(at_work, lan, "accept")

    assert "It has been accepted already; it is in your plan below." in page


def test_too_late_says_so_and_counts_as_a_sign_of_life(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, monday_morning, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    late = TEN + timedelta(minutes=6)
    monday_morning.move_to(late)

    page = press(at_work, lan, "accept")

    assert "The time to answer is over; somebody else is asked." in page
    wei.refresh_from_db()
    assert wei.last_seen_at == late


@pytest.mark.parametrize("verb", ["accept", "decline", "start", "complete", "no-show"])
def test_what_went_to_a_colleague_is_said_to_be_theirs(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, ten, verb: str
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    services.decline(lan, by=world.acting(wei), at=TEN)
    world.online(ming, at=TEN)
    lan.refresh_from_db()
    assert lan.realtor == ming

    page = press(at_work, lan, verb)

    assert "This appointment has gone to somebody else in the meantime." in page
    assert lan.realtor == ming


def test_a_cancelled_one_is_said_to_be_cancelled(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO)
    services.cancel(booked, by=world.owner(booked), at=world.NOW)

    assert "It was cancelled in the meantime." in press(at_work, booked, "start")


def test_a_start_too_early_is_not_offered_and_refused_in_words(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.confirmed(store, TWO)

    page = at_work.look(HOME)
    assert "Can be started from 13:45." in page
    assert f"/console/appointments/{booked.pk}/start/" not in page
    assert "It can be started from 15 minutes before its time." in press(at_work, booked, "start")
    assert "Nobody has failed to come before the start." in press(at_work, booked, "no-show")


def test_fifteen_minutes_before_it_can_be_started(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning
):
    booked = world.confirmed(store, TWO)
    monday_morning.move_to(TWO - timedelta(minutes=15))

    page = at_work.look(HOME)

    assert f"/console/appointments/{booked.pk}/start/" in page
    assert f"/console/appointments/{booked.pk}/no-show/" not in page


def test_who_did_not_come_is_noted_from_the_start_on(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning
):
    booked = world.confirmed(store, TWO)
    monday_morning.move_to(TWO)
    assert f"/console/appointments/{booked.pk}/no-show/" in at_work.look(HOME)

    page = press(at_work, booked, "no-show")

    assert booked.status == Status.NO_SHOW
    assert "Noted that Lan did not come. The time is free again." in page


def test_a_customer_who_is_elsewhere_is_no_riddle(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, monday_morning, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    press(at_work, lan, "accept")
    monday_morning.move_to(TWO)
    world.running(store, TWO, phone=world.LAN, realtor=ming)

    page = press(at_work, lan, "start")

    assert "The customer has another appointment at this moment." in page


def test_the_live_line_shows_codes_places_and_waits_and_no_person(
    at_work: Visitor, store: Store, wei: Realtor, ten
):
    world.online(wei, at=TEN)
    first = world.join(store, at=TEN)
    services.accept(first, by=world.acting(wei), at=TEN)
    waiting = world.join(store, phone=world.QIANG, at=TEN)

    page = at_work.look(HOME)

    line = page.split("Live line of the store")[1].split("</section>")[0]
    assert waiting.code in line
    assert "about 60 min" in line
    assert "Qiang" not in page
    assert "0002" not in page.replace(waiting.code, "")


def test_nobody_on_duty_is_no_made_up_wait(at_work: Visitor, store: Store, wei: Realtor, ten):
    world.join(store, at=TEN)

    assert "nobody on duty right now" in at_work.look(HOME)


def test_the_next_days_lead_to_ones_own_page_of_it(at_work: Visitor, store: Store, wei: Realtor):
    booked = world.confirmed(store, world.clock("11:00", world.TUESDAY))

    page = at_work.look(HOME)

    assert "Tomorrow (Tue, March 3)" in page
    assert f'href="/console/appointments/{booked.pk}/"' in page


def test_what_an_earlier_day_left_open_can_still_be_brought_to_its_end(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning
):
    booked = world.running(store, TWO)
    monday_morning.move_to(world.clock("10:00", world.TUESDAY))
    assert "Yesterday 14:00" in at_work.look(HOME)

    press(at_work, booked, "complete")

    assert booked.status == Status.COMPLETED


def test_live_work_that_was_forgotten_long_ago_can_still_be_completed(
    at_work: Visitor, store: Store, wei: Realtor, ten, monday_morning
):
    world.online(wei, at=TEN)
    begun = world.join(store, at=TEN)
    services.accept(begun, by=SYSTEM, at=TEN)
    services.start(begun, by=SYSTEM, at=TEN)
    monday_morning.move_to(TEN + timedelta(days=9))
    assert begun.code in at_work.look(HOME)

    press(at_work, begun, "complete")

    assert (begun.status, begun.live_key) == (Status.COMPLETED, None)


def test_a_look_that_finds_nothing_new_is_not_answered(
    at_work: Visitor, store: Store, wei: Realtor, ten
):
    world.online(wei, at=TEN)
    world.join(store, at=TEN)
    seen = at_work.look(HOME).split("?seen=")[1].split('"')[0]
    by_script = {"HX-Request": "true"}

    again = at_work.client.get(HOME, {"seen": seen}, headers=by_script)
    assert (again.status_code, again.content) == (204, b"")

    world.join(store, phone=world.QIANG, at=TEN)
    assert at_work.client.get(HOME, {"seen": seen}, headers=by_script).status_code == 200
    # Somebody who loads the page sees it, whatever the address says.
    assert at_work.client.get(HOME, {"seen": seen}).status_code == 200


def test_the_buttons_are_forms_with_a_token(at_work: Visitor, store: Store, wei: Realtor, ten):
    world.online(wei, at=TEN)
    world.join(store, at=TEN)
    page = at_work.look(HOME)

    for form in page.split("<form")[1:]:
        head, body = form.split(">", 1)
        assert 'method="get"' in head or "csrfmiddlewaretoken" in body.split("</form>")[0], head
    assert " style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page


def test_the_page_needs_few_queries_however_full(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, ten
):
    User.objects.filter(pk=wei.user_id).update(user_type=UserType.PROVIDER)
    Realtor.objects.update(max_per_day=20)
    for realtor in (wei, ming):
        world.online(realtor, at=TEN)
    for phone in world.phones(8):
        world.join(store, phone=phone, at=TEN)
    for day in range(1, 6):
        for hour in ("10:00", "14:00"):
            start = world.clock(hour, world.MONDAY + timedelta(days=day))
            world.book(store, start, phone=world.phones(1, first=200 + day)[0], realtor=wei)
    world.confirmed(store, TWO, realtor=wei)
    special = SpecialDay.objects.create(store=store, date=world.TUESDAY)
    special.intervals.create(opens="09:00", closes="18:00")

    with CaptureQueriesContext(connection) as queries:
        page = at_work.look(HOME)

    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
    assert "Live line of the store" in page


def test_a_provider_finds_the_console_in_the_header(at_work: Visitor, wei: Realtor):
    User.objects.filter(pk=wei.user_id).update(user_type=UserType.PROVIDER)

    assert f'href="{HOME}"' in at_work.look("/stores/")


def test_a_customer_whom_a_store_made_its_realtor_finds_it_once_they_were_there(
    at_work: Visitor, fang_at_home: Visitor
):
    at_work.look(HOME)

    assert f'href="{HOME}"' in at_work.look("/stores/")
    assert f'href="{HOME}"' not in fang_at_home.look("/stores/")


def test_the_page_is_chinese_for_who_reads_chinese(wei: Realtor, store: Store):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(wei.user)

    assert 'lang="zh-hans"' in client.get(HOME).content.decode()


def test_one_set_to_inactive_is_told_so(at_work: Visitor, wei: Realtor):
    Realtor.objects.filter(pk=wei.pk).update(is_active=False)

    assert "You take no bookings at present" in at_work.look(HOME)


def test_going_offline_hands_on_who_was_accepted_and_not_begun(
    at_work: Visitor, store: Store, wei: Realtor, ten
):
    world.online(wei, at=TEN)
    lan = world.join(store, at=TEN)
    press(at_work, lan, "accept")

    at_work.client.post("/console/presence/", {"presence": "offline"})

    lan.refresh_from_db()
    assert lan.is_waiting
    set_presence(wei, Presence.ONLINE, by=SYSTEM, at=TEN)
