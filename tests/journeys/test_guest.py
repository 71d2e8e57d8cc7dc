"""A guest on a telephone of 390 pixels."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from appointments.models import Appointment, Claim, Status
from stores.models import Store

from .conftest import DIGITS, Walk

Start = Callable[..., Walk]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_guest_books_at_390_pixels(walk: Start, store: Store, script: bool):
    lan = walk(java_script_enabled=script)
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    held = lan.page.locator("[data-countdown-time]")
    expect(held).to_have_text(re.compile(r"^4:\d\d$" if script else r"^\d\d:\d\d$"))
    lan.fill_in()
    expect(lan.page.get_by_text("You can cancel or move it free of charge")).to_be_visible()

    booked = lan.confirm()

    assert booked.starts_local.strftime("%H:%M") == "14:00"
    assert (booked.customer_phone, booked.status) == ("+8613800000001", Status.CONFIRMED)
    expect(lan.page.locator(".ticket__qr svg")).to_be_visible()
    expect(lan.page.get_by_role("link", name="Add to calendar")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_mistakes_are_shown_and_what_was_typed_is_kept(walk: Start, store: Store, script: bool):
    lan = walk(java_script_enabled=script)
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.page.get_by_label("Your name").fill("Lan")
    lan.page.get_by_label("Your phone").fill("12345")
    lan.page.get_by_role("button", name="Continue").click()

    expect(lan.page.get_by_text("This is not a telephone number we can call.")).to_be_visible()
    expect(lan.page.get_by_label("Your name")).to_have_value("Lan")
    expect(lan.page.get_by_label("Your phone")).to_be_focused()
    lan.fits()
    lan.fill_in()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_guest_finds_the_booking_again_and_cancels_it(walk: Start, store: Store, script: bool):
    lan = walk(java_script_enabled=script)
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.fill_in()
    code = lan.confirm().code

    elsewhere = walk(java_script_enabled=script)
    elsewhere.go("/")
    elsewhere.page.get_by_role("textbox", name="Booking code").fill(f"{code[:3]} {code[3:]}")
    elsewhere.page.get_by_role("button", name="Track").click()
    expect(elsewhere.page.get_by_text("Is this yours?")).to_be_visible()
    assert "Lan" not in elsewhere.page.locator("main").inner_text()
    elsewhere.fits()
    elsewhere.page.get_by_label("Last four digits of your phone").fill(DIGITS)
    elsewhere.page.get_by_role("button", name="Open the booking").click()
    elsewhere.page.get_by_role("link", name="Cancel", exact=True).click()
    expect(elsewhere.page.get_by_text("Cancelling now costs nothing.")).to_be_visible()
    elsewhere.fits()
    elsewhere.page.get_by_label("Why?").fill("I am ill")
    elsewhere.page.get_by_role("button", name="Cancel the appointment").click()

    expect(elsewhere.page.get_by_text("This appointment was cancelled")).to_be_visible()
    booked = Appointment.objects.get(code=code)
    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, "I am ill")
    assert not Claim.objects.filter(appointment=booked).exists()


def test_two_guests_reach_for_the_last_realtor(walk: Start, store: Store):
    store.realtors.filter(name="Ming").update(is_active=False)
    lan, qiang = walk(), walk()
    for guest in (lan, qiang):
        guest.choose_tomorrow(store)
    lan.choose_time("14:00")

    qiang.unfold("14:00")
    qiang.page.get_by_role("button", name="14:00", exact=True).click()

    expect(qiang.page.get_by_text("Tomorrow 14:00 has just been taken")).to_be_visible()
    qiang.fits()
    qiang.page.get_by_role("button", name="tomorrow 15:00").click()
    expect(qiang.page).to_have_url(re.compile(r"/book/"))


def test_a_guest_waits_in_line_and_sees_the_place(walk: Start, store: Store):
    store.realtors.filter(name="Ming").update(is_active=False)
    lan = walk()
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.fill_in()
    lan.confirm()

    qiang = walk()
    qiang.choose_tomorrow(store)
    qiang.unfold("14:00")
    qiang.page.get_by_role("link", name=re.compile("^14:00")).click()
    expect(qiang.page.get_by_text("You would be number 1 in line")).to_be_visible()
    qiang.fill_in(name="Qiang", phone="13800000002")
    qiang.page.get_by_role("button", name="Join the line").click()

    waiting = qiang.arrived()
    assert waiting.is_waiting
    expect(qiang.page.get_by_text("Number 1 in line", exact=True)).to_be_visible()


# Counted in the browser: the presses of a finger on glass.
COUNT_TAPS = """addEventListener("pointerdown", () =>
  sessionStorage.setItem("taps", 1 + Number(sessionStorage.getItem("taps"))), true);"""


def test_from_the_stores_page_it_takes_at_most_six_taps(walk: Start, store: Store):
    lan = walk(has_touch=True)
    lan.page.add_init_script(COUNT_TAPS)
    lan.go(f"/stores/{store.pk}/")

    lan.page.locator(".chip--time").nth(1).tap()
    lan.page.get_by_label("Your name").tap()
    lan.page.keyboard.type("Lan")
    lan.page.get_by_label("Your phone").tap()
    lan.page.keyboard.type("13800000001")
    lan.page.get_by_role("button", name="Continue").tap()
    lan.page.get_by_role("button", name="Book now").tap()

    assert lan.arrived().customer_name == "Lan"
    assert int(lan.page.evaluate("sessionStorage.getItem('taps')")) <= 6


def test_suggestions_are_chosen_by_the_keyboard(walk: Start, store: Store):
    lan = walk()
    lan.go("/")
    field = lan.page.get_by_role("combobox", name="Store, person or service")
    field.press_sequentially("ne", delay=20)
    expect(lan.page.get_by_role("option", name=re.compile("Never Closed"))).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("Escape")
    expect(lan.page.get_by_role("listbox")).to_be_hidden()
    field.press("ArrowDown")
    expect(lan.page.get_by_role("option", selected=True)).to_contain_text("Never Closed")
    field.press("Enter")

    expect(lan.page).to_have_url(re.compile(rf"/stores/{store.pk}/$"))


def test_the_keyboard_alone_books(walk: Start, store: Store):
    lan = walk(viewport={"width": 1440, "height": 900})
    lan.go(f"/stores/{store.pk}/")
    keys = lan.page.keyboard

    def reach(selector: str) -> None:
        lan.page.wait_for_load_state()
        for _step in range(120):
            keys.press("Tab")
            if lan.page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    reach("a.day:nth-of-type(2)")
    keys.press("Enter")
    expect(lan.page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
    # Choosing a day does not throw the keyboard back to the start of the page.
    assert lan.page.evaluate("document.activeElement.matches('a.day:nth-of-type(2)')")
    reach("button.slot")
    keys.press("Enter")
    expect(lan.page).to_have_url(re.compile(r"/book/[^/]+/$"))
    reach("#id_name")
    keys.type("Lan")
    keys.press("Tab")
    keys.type("13800000001")
    keys.press("Enter")
    expect(lan.page).to_have_url(re.compile(r"/confirm/$"))
    reach("main button[type=submit]")
    keys.press("Enter")

    assert lan.arrived().customer_name == "Lan"


def test_the_language_changes_and_stays_on_the_page(walk: Start, store: Store):
    lan = walk()
    lan.go(f"/stores/{store.pk}/?q=1")

    lan.page.get_by_role("button", name="中文").click()

    expect(lan.page).to_have_url(re.compile(rf"/stores/{store.pk}/\?q=1$"))
    expect(lan.page.locator("html")).to_have_attribute("lang", "zh-hans")
