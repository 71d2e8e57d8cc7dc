"""The console is a realtor's own: nobody else's appointment, nobody without one."""

from datetime import time

import pytest
from django.test import Client

from accounts.models import User
from appointments import services
from appointments.models import Session
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import courses, world
from tests.factories import manager_of

from .conftest import ENGLISH
from .visitor import Visitor

TWO = world.clock("14:00")
PAGES = [
    "/console/",
    "/console/hours/",
    "/console/page/",
    "/console/time-off/",
    "/console/calendar/",
    "/console/calendar/feed/",
    "/console/statistics/",
    "/console/sessions/",
    "/console/sessions/new/",
    "/console/sessions/recurring/new/",
]
FORMS = ["/console/hours/", "/console/page/", "/console/time-off/", "/console/calendar/feed/"]
VERBS = ["accept", "decline", "arrived", "start", "complete", "no-show"]
PARTS = ["", "cancel/", "note/"]
BUTTONS = ["/console/presence/", "/console/heartbeat/"]


@pytest.fixture
def mings_browser(ming: Realtor) -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(ming.user)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(lan: Visitor, db: None, page: str):
    assert lan.client.get(page)["Location"] == f"/accounts/login/?next={page}"


@pytest.mark.parametrize("button", [*BUTTONS, "/console/appointments/1/accept/"])
def test_a_button_pressed_signed_out_leads_to_the_page_after_signing_in(
    lan: Visitor, db: None, button: str
):
    assert lan.client.post(button)["Location"] == "/accounts/login/?next=/console/"


def test_a_look_by_script_signed_out_loads_the_page_anew(lan: Visitor, db: None):
    answer = lan.client.get("/console/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize("page", PAGES)
def test_who_works_nowhere_hears_what_this_is(fang_at_home: Visitor, page: str):
    answer = fang_at_home.client.get(page)

    assert answer.status_code == 403
    assert "This is where realtors work" in answer.content.decode()


@pytest.mark.parametrize("button", [*BUTTONS, "/console/appointments/1/accept/"])
def test_who_works_nowhere_presses_nothing(fang_at_home: Visitor, button: str):
    assert fang_at_home.client.post(button).status_code == 403


@pytest.mark.parametrize("verb", VERBS)
def test_anothers_appointment_is_not_there(
    mings_browser: Client, store: Store, wei: Realtor, verb: str
):
    booked = world.book(store, TWO, realtor=wei)

    answer = mings_browser.post(f"/console/appointments/{booked.pk}/{verb}/")

    assert answer.status_code == 404
    booked.refresh_from_db()
    assert booked.status == "pending"


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
@pytest.mark.parametrize("verb", VERBS)
def test_one_that_never_was_is_not_there(mings_browser: Client, number: str, verb: str):
    assert mings_browser.post(f"/console/appointments/{number}/{verb}/").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_anothers_appointment_has_no_page(
    mings_browser: Client,
    lan: Visitor,
    fang_at_home: Visitor,
    store: Store,
    wei: Realtor,
    part: str,
):
    booked = world.confirmed(store, TWO, realtor=wei)
    address = f"/console/appointments/{booked.pk}/{part}"
    sent = {"cancel-why": "realtor_ill", "note": "mine now"}

    assert mings_browser.post(address, sent).status_code == (405 if not part else 404)
    if not part:
        assert mings_browser.get(address).status_code == 404
        assert lan.client.get(address)["Location"] == f"/accounts/login/?next={address}"
        assert fang_at_home.client.get(address).status_code == 403
    booked.refresh_from_db()
    assert (booked.status, booked.provider_note) == ("confirmed", "")


def test_what_went_to_a_colleague_is_no_longer_ones_own_to_read(
    mings_browser: Client, store: Store, wei: Realtor, ming: Realtor
):
    booked = world.book(store, TWO)
    first = booked.realtor
    assert first is not None
    client = Client(headers=ENGLISH)
    client.force_login(first.user)
    address = f"/console/appointments/{booked.pk}/"
    assert client.get(address).status_code == 200

    services.decline(booked, by=world.acting(first), at=world.NOW)

    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [("/console/", 302)]
    page = answer.content.decode()
    assert "This appointment has gone to somebody else in the meantime." in page
    assert "Lan" not in page


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_page_that_never_was_is_not_there(mings_browser: Client, number: str):
    assert mings_browser.get(f"/console/appointments/{number}/").status_code == 404


def test_a_manager_who_is_a_realtor_too_acts_for_themself_here(
    store: Store, wei: Realtor, ming: Realtor
):
    hua = manager_of(store)
    Realtor.objects.filter(pk=ming.pk).update(user=hua)
    client = Client(headers=ENGLISH)
    client.force_login(hua)
    booked = world.book(store, TWO, realtor=wei)

    assert client.post(f"/console/appointments/{booked.pk}/accept/").status_code == 404


def test_anothers_time_off_is_not_there(mings_browser: Client, wei: Realtor):
    off = world.away(wei, TWO, world.clock("16:00"))

    assert mings_browser.post(f"/console/time-off/{off.pk}/remove/").status_code == 404
    assert wei.time_off.count() == 1


@pytest.mark.parametrize("address", [*BUTTONS, "/console/appointments/1/start/"])
def test_buttons_loaded_as_pages_lead_to_the_console(mings_browser: Client, address: str):
    assert mings_browser.get(address)["Location"] == "/console/"


def test_every_button_wants_its_token(wei: Realtor):
    strict = Client(enforce_csrf_checks=True, headers=ENGLISH)
    strict.force_login(wei.user)

    for address in [*BUTTONS, *FORMS, "/console/appointments/1/accept/"]:
        assert strict.post(address).status_code == 403


def test_pages_are_kept_and_passed_on_nowhere(mings_browser: Client):
    for page in PAGES:
        answer = mings_browser.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]


def test_what_is_sent_is_counted(mings_browser: Client, settings):
    settings.RATE_LIMIT_SIGNED_IN_MAX_REQUESTS = 2
    for _press in range(2):
        assert mings_browser.post("/console/heartbeat/").status_code == 302

    answer = mings_browser.post("/console/heartbeat/")

    assert answer.status_code == 429
    assert mings_browser.get("/console/").status_code == 200


@pytest.fixture
def meis_session(store: Store) -> Session:
    return courses.session_at(courses.teach(store), world.clock("10:00", world.TUESDAY))


@pytest.mark.parametrize("part", ["", "edit/"])
def test_another_teachers_session_is_not_there(
    mings_browser: Client, meis_session: Session, part: str
):
    assert mings_browser.get(f"/console/sessions/{meis_session.pk}/{part}").status_code == 404


@pytest.mark.parametrize("verb", ["edit", "block", "unblock", "call-off", "held"])
def test_nobody_touches_another_teachers_session(
    mings_browser: Client, meis_session: Session, verb: str
):
    facts = {"cancel-why": "realtor_ill", "capacity": "1"}

    answer = mings_browser.post(f"/console/sessions/{meis_session.pk}/{verb}/", facts)

    assert answer.status_code == 404
    meis_session.refresh_from_db()
    assert (meis_session.status, meis_session.capacity) == ("open", 8)


def test_a_seat_in_another_teachers_session_is_answered_by_nobody_else(
    mings_browser: Client, meis_session: Session, fang: User
):
    seat = courses.paid_seat(meis_session, fang)

    for verb in VERBS:
        answer = mings_browser.post(f"/console/appointments/{seat.pk}/{verb}/")
        assert answer.status_code == 404


def test_another_teachers_course_is_no_choice(mings_browser: Client, meis_session: Session):
    facts = {"course": str(meis_session.listing_id), "day": "2026-03-04", "starts": "10:00"}

    page = mings_browser.post("/console/sessions/new/", facts).content.decode()

    assert "Select a valid choice" in page
    assert Session.objects.count() == 1


def test_another_teachers_rule_is_not_there(mings_browser: Client, meis_session: Session):
    rule = services.add_rule(
        meis_session.listing,
        weekdays=[4],
        starts=time(10),
        first_date=world.MONDAY,
        by=courses.teaching(meis_session.listing),
        at=world.NOW,
    )
    address = f"/console/sessions/recurring/{rule.pk}/"

    assert mings_browser.get(address).status_code == 404
    assert mings_browser.post(address).status_code == 404
    rule.refresh_from_db()
    assert rule.is_active


def test_a_button_of_a_session_loaded_as_a_page_leads_back_to_it(meis_session: Session):
    mei = Client(headers=ENGLISH)
    mei.force_login(courses.teacher_of(meis_session.listing).user)
    address = f"/console/sessions/{meis_session.pk}/"

    for verb in ("block", "unblock", "call-off", "held"):
        assert mei.get(f"{address}{verb}/")["Location"] == address
