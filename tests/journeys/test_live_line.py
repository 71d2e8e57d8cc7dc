"""The live line in a real browser: joining, watching the number move, leaving, being called."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments import services
from appointments.models import Appointment, Status
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import manager_of
from tests.pages.shops import open_shop

from .conftest import Walk

Start = Callable[..., Walk]
# After so many seconds the pages look again.
LOOK = 5


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock; Wei works there and is asked each time."""
    store = open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)
    world.hire(store, "Wei")
    return store


@pytest.fixture
def wei(store: Store) -> Realtor:
    return store.realtors.get()


def stand_there(store: Store, phone: str) -> Appointment:
    return run_in_transaction(lambda: world.join(store, phone=phone, at=timezone.now()))


def come_online(wei: Realtor) -> None:
    run_in_transaction(lambda: world.online(wei, at=timezone.now()))


def join(walk: Walk, store: Store) -> Appointment:
    walk.go(f"/stores/{store.pk}/")
    walk.page.get_by_role("link", name="Join the line").click()
    walk.fits()
    walk.fill_in()
    walk.page.get_by_role("button", name="Join the line").click()
    return walk.arrived()


def test_a_guest_joins_watches_the_number_move_and_leaves(walk: Start, store: Store):
    first, second = (stand_there(store, phone) for phone in world.phones(2))
    lan = walk()
    lan.page.clock.install()
    mine = join(lan, store)
    expect(lan.page.locator(".pill", has_text="Number 3 in line")).to_be_visible()
    expect(lan.page.locator(".pill", has_text="nobody on duty right now")).to_be_visible()
    voice = lan.page.locator("[data-announce]")
    expect(voice).to_have_text("")
    lan.page.evaluate("window.samePage = true")

    run_in_transaction(lambda: services.cancel(first, by=SYSTEM, at=timezone.now()))
    lan.let_pass(LOOK)
    expect(lan.page.locator(".pill", has_text="Number 2 in line")).to_be_visible()
    expect(voice).to_have_text("Number 2 in line")
    run_in_transaction(lambda: services.cancel(second, by=SYSTEM, at=timezone.now()))
    lan.let_pass(LOOK)
    expect(lan.page.locator(".pill", has_text="Number 1 in line")).to_be_visible()
    # Nothing was loaded anew.
    assert lan.page.evaluate("window.samePage")
    lan.fits()

    lan.page.get_by_role("link", name="Leave the line").click()
    expect(lan.page.get_by_role("heading", name="Leave the line?")).to_be_visible()
    lan.fits()
    lan.page.get_by_role("button", name="Leave the line").click()
    expect(lan.page.get_by_role("heading", name="You no longer stand in line")).to_be_visible()
    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED


def test_the_page_says_who_comes_as_soon_as_somebody_does(walk: Start, store: Store, wei: Realtor):
    lan = walk()
    lan.page.clock.install()
    mine = join(lan, store)
    expect(lan.page.get_by_role("heading", name="You are in line")).to_be_visible()
    wall = walk(viewport={"width": 1440, "height": 900})
    wall.page.clock.install()
    wall.go(f"/stores/{store.pk}/board")
    expect(wall.page.get_by_text("nobody on duty right now")).to_be_visible()

    def some_time_passes() -> None:
        for one in (lan, wall):
            one.let_pass(LOOK)

    come_online(wei)
    some_time_passes()
    asked = lan.page.get_by_text("Wei has been asked and will come to you in a moment.")
    expect(asked).to_be_visible()
    expect(wall.page.get_by_text("is being asked for")).to_be_visible()

    run_in_transaction(lambda: services.accept(mine, by=world.acting(wei), at=timezone.now()))
    some_time_passes()
    expect(lan.page.get_by_role("heading", name="It is your turn")).to_be_visible()
    expect(lan.page.get_by_text("Wei is ready for you now at Never Closed.")).to_be_visible()
    expect(wall.page.get_by_text("please come to the desk")).to_be_visible()
    assert not re.search(r"\bLan\b", wall.page.content())

    run_in_transaction(lambda: services.start(mine, by=world.acting(wei), at=timezone.now()))
    some_time_passes()
    expect(lan.page.get_by_text("Wei is with you now.")).to_be_visible()
    expect(lan.page.get_by_role("link", name="Leave the line")).to_have_count(0)


def test_a_guest_without_script_sees_the_number_and_looks_again(walk: Start, store: Store):
    first = stand_there(store, world.phones(1)[0])
    lan = walk(java_script_enabled=False)
    join(lan, store)
    expect(lan.page.get_by_text("Number 2 in line")).to_be_visible()

    run_in_transaction(lambda: services.cancel(first, by=SYSTEM, at=timezone.now()))
    lan.page.get_by_role("link", name="Look again").click()

    expect(lan.page.get_by_text("Number 1 in line")).to_be_visible()
    lan.fits()


def test_looking_again_does_not_throw_the_keyboard_out_of_the_page(walk: Start, store: Store):
    lan = walk()
    lan.page.clock.install()
    join(lan, store)
    leave = lan.page.get_by_role("link", name="Leave the line")
    leave.focus()

    with lan.page.expect_response(lambda answer: "seen=" in answer.url) as looked:
        lan.let_pass(LOOK)

    assert looked.value.status == 204
    expect(leave).to_be_focused()


def test_the_desk_takes_a_walk_in_and_leads_the_visit_to_its_end(
    walk: Start, store: Store, wei: Realtor
):
    hua = manager_of(store, display_name="Hua", email="hua@example.com")
    come_online(wei)
    desk = walk(viewport={"width": 1440, "height": 900})
    desk.sign_in(hua.email, to=f"/stores/{store.pk}/desk/")
    expect(desk.page.get_by_role("heading", name="Walk-in")).to_be_visible()
    desk.fits()

    desk.page.get_by_label("Name").fill("Lan")
    desk.page.get_by_label("Phone").fill("138 0000 0001")
    desk.page.get_by_role("button", name="Put in line").click()
    expect(desk.page.locator(".ticket__qr svg")).to_be_visible()
    mine = Appointment.objects.get()
    assert mine.code is not None
    assert mine.code[:3] in desk.page.locator(".code__digits").inner_text()
    desk.fits()
    for button, status in (
        ("Accept for Wei", Status.CONFIRMED),
        ("Start", Status.IN_PROGRESS),
        ("Complete", Status.COMPLETED),
    ):
        desk.page.get_by_role("button", name=button, exact=True).click()
        expect(desk.page.get_by_role("button", name=button, exact=True)).to_have_count(0)
        mine.refresh_from_db()
        assert mine.status == status

    desk.page.get_by_role("link", name="Back to the desk").click()
    desk.page.get_by_label("Booking code").fill(f"{desk.site.url}/appointments/{mine.code}/")
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(rf"/desk/{mine.code}/$"))
