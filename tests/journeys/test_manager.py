"""A store manager at nine in the morning."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor, TimeOff
from stores.models import Store
from tests.appointments import world
from tests.factories import manager_of

from .conftest import Walk

DESK = {"width": 1440, "height": 900}


@pytest.fixture
def hua(store: Store) -> None:
    manager_of(store, display_name="Hua", email="hua@example.com")


@pytest.fixture
def desk(walk: Callable[..., Walk], hua: None) -> Walk:
    his = walk(viewport=DESK)
    his.sign_in("hua@example.com", to="/admin/")
    expect(his.page.get_by_role("heading", name="What needs a person")).to_be_visible()
    return his


def test_the_pictures_are_drawn_and_can_be_read_as_tables(store: Store, desk: Walk):
    at = timezone.now()
    wei = Realtor.objects.get(name="Wei")
    world.online(wei, at=at)
    lan = world.join(store, at=at)
    services.start(lan, by=SYSTEM, at=at)

    desk.go("/admin/")

    first = desk.page.get_by_role("img", name=re.compile("Appointments by day"))
    expect(first).to_be_visible()
    # Something of it is in colour.
    assert first.evaluate(
        "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(Boolean)"
    )
    desk.page.get_by_text("As a table").first.click()
    expect(desk.page.get_by_role("columnheader", name="in progress")).to_be_visible()


def test_an_appointment_goes_to_another_realtor_after_a_refusal(store: Store, desk: Walk):
    at = timezone.now()
    lan = world.join(store, at=at)
    ming = Realtor.objects.get(name="Ming")

    desk.page.get_by_role("link", name="Live queue").click()
    desk.page.get_by_role("link", name=str(lan.code)).click()
    desk.page.get_by_role("link", name="Give to another realtor").click()
    desk.page.get_by_label("Realtor").select_option(label="Ming – not online")
    desk.page.get_by_label("Reason").fill("He is at the door")
    give = desk.page.get_by_role("button", name="Give to another realtor")
    give.click()
    expect(desk.page.get_by_text("(not online)")).to_be_visible()
    desk.page.get_by_label("Override the rules").check()
    give.click()

    expect(desk.page.get_by_text("Give to another realtor: 1 done.")).to_be_visible()
    expect(desk.page.get_by_text("Staff decided so")).to_be_visible()
    assert Appointment.objects.get(pk=lan.pk).realtor == ming


def test_a_morning_from_the_tiles_to_a_list_of_ones_own(store: Store, desk: Walk):
    page, at = desk.page, timezone.now()
    start = (at.astimezone(store.zone) + timedelta(days=1)).replace(
        hour=14, minute=0, second=0, microsecond=0
    )
    lan = world.book(store, start, at=at)

    desk.go("/admin/")
    page.get_by_role("region", name="Coming up").get_by_role("link", name=str(lan.code)).click()
    page.get_by_role("link", name="Move to another time").click()
    page.get_by_label("Free times").select_option(label="15:00")
    page.get_by_label("Reason").fill("The customer rang")
    page.get_by_role("button", name="Move to another time").click()
    expect(page.get_by_text("Move to another time: 1 done.")).to_be_visible()
    lan.refresh_from_db()
    assert lan.starts_local.strftime("%H:%M") == "15:00"

    days_off_are_brought_in(desk, store, start)

    desk.go("/admin/appointments/appointment/?status__exact=confirmed")
    page.get_by_text("Save this search").click()
    page.get_by_label("Name of the search").fill("Promised")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name=str(lan.code))).to_be_visible()
    desk.go("/admin/appointments/appointment/")
    page.get_by_role("link", name="Promised").click()
    expect(page).to_have_url(re.compile("status__exact=confirmed"))
    expect(page.get_by_role("link", name="Promised")).to_have_attribute("aria-current", "true")


def days_off_are_brought_in(desk: Walk, store: Store, day: datetime) -> None:
    """From a spreadsheet: looked at first, a wrong line and none is taken."""
    page = desk.page
    rows = f"store,realtor,starts_at,ends_at\n{store.slug},Wei,{day:%Y-%m-%d},{day:%Y-%m-%d}\n"
    for name, more in [("wrong.csv", f"{store.slug},Nobody,{day:%Y-%m-%d},\n"), ("right.csv", "")]:
        desk.go("/admin/realtors/timeoff/")
        page.get_by_role("link", name="Import", exact=True).click()
        file = {"name": name, "mimeType": "text/csv", "buffer": (rows + more).encode()}
        page.locator("#id_file").set_input_files([file])
        page.get_by_role("button", name="Check the file").click()
        if more:
            expect(page.get_by_text("1 line of wrong.csv cannot be taken")).to_be_visible()
            expect(page.get_by_text("Line 3", exact=True)).to_be_visible()
    expect(page.get_by_text("right.csv: 1 new, 0 changed, 0 as before")).to_be_visible()
    assert not TimeOff.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 new")).to_be_visible()
    assert TimeOff.objects.get().realtor.name == "Wei"


def test_the_live_queue_keeps_itself_up_to_date(store: Store, desk: Walk):
    desk.page.clock.install()
    desk.go("/admin/appointments/appointment/live/")
    expect(desk.page.get_by_text("Nobody waits in a live line right now.")).to_be_visible()

    lan = world.join(store, at=timezone.now())
    desk.let_pass(15)

    expect(desk.page.get_by_role("link", name=str(lan.code))).to_be_visible()
