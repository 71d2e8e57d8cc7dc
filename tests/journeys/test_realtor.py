"""A realtor at work, on a telephone of 390 pixels: offers come while the page is looked at."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments import services
from appointments.models import Appointment, Status
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import run_in_transaction
from realtors.models import Presence, Realtor
from realtors.selectors import ordinary_week
from reviews.models import Review
from stores.models import Store
from stores.rules import Interval
from tests.accounts.people import make_user
from tests.appointments import world
from tests.factories import RealtorFactory
from tests.pages.shops import open_shop
from tests.reviews.visits import say

from .conftest import Walk

Start = Callable[..., Walk]
# After so many seconds the page looks again.
LOOK = 5

# The form of "Accept", sent so many times at once.
PRESS = """
async (times) => {
  const form = document.querySelector("form[action$='/accept/']");
  const sent = Array.from({length: times}, () =>
    fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))}));
  return (await Promise.all(sent)).map((answer) => [answer.url, answer.status]);
}
"""


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock; realtors answer every offer."""
    return open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)


@pytest.fixture
def wei(store: Store) -> Realtor:
    return RealtorFactory(store=store, name="Wei", user=make_user("wei@example.com"))


def join(store: Store, phone: str = world.LAN) -> Appointment:
    """Somebody joins the live line at a browser of their own."""
    return run_in_transaction(lambda: world.join(store, phone=phone, at=timezone.now()))


def signed_in(walk: Start, **options: object) -> Walk:
    him = walk(**options)
    if options.get("java_script_enabled", True):
        him.page.clock.install()
    him.sign_in("wei@example.com", to="/console/")
    expect(him.page.get_by_role("heading", name="You are offline")).to_be_visible()
    return him


def take_off(him: Walk, weekday: int) -> None:
    """From now on, that day of the week."""
    him.page.get_by_role("link", name="Hours", exact=True).click()
    day = him.page.locator(f"#day-{weekday}")
    day.locator("summary").click()
    day.get_by_text("Not working").click()
    him.page.get_by_role("button", name="Save the week").click()


def served_and_said(booked: Appointment) -> Review:
    """The visit takes place, and its customer says how it was."""
    booked.refresh_from_db()
    run_in_transaction(lambda: services.start(booked, by=SYSTEM, at=booked.starts_at))
    run_in_transaction(lambda: services.complete(booked, by=SYSTEM, at=booked.ends_at))
    return run_in_transaction(lambda: say(booked, rating=3, comment="He was late"))


def go_online(him: Walk) -> None:
    him.page.get_by_role("button", name="Online").click()
    expect(him.page.get_by_role("heading", name="You are online")).to_be_visible()
    him.fits()


def test_an_offer_comes_by_itself_and_is_led_to_its_end(walk: Start, store: Store, wei: Realtor):
    him = signed_in(walk)
    go_online(him)
    page = him.page

    lan = join(store)
    him.let_pass(LOOK)

    expect(page.get_by_role("heading", name="Lan")).to_be_visible()
    expect(page.locator("[data-countdown-time]")).to_have_text(re.compile(r"^4:\d\d$"))
    expect(page).to_have_title(re.compile(r"^\(1\) Today"))
    expect(page.locator("[data-announce]")).to_have_text("1 offer waits for your answer: Lan")
    him.fits()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted. Lan is in your plan below.")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".entry .pill", has_text="in progress")).to_be_visible()
    him.fits()
    page.get_by_role("button", name="Complete").click()

    expect(page.get_by_text("Completed. What is left of the time is free again.")).to_be_visible()
    lan.refresh_from_db()
    assert (lan.status, lan.realtor) == (Status.COMPLETED, wei)


def test_a_promise_stands_in_the_week_and_what_is_said_of_it_is_answered(
    walk: Start, store: Store, wei: Realtor
):
    tomorrow = timezone.now().astimezone(store.zone) + timedelta(days=1)
    start = tomorrow.replace(hour=14, minute=0, second=0, microsecond=0)
    booked = run_in_transaction(lambda: world.book(store, start, at=timezone.now()))
    him = signed_in(walk)
    page = him.page
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text(re.compile("^Accepted. Lan"))).to_be_visible()

    page.get_by_role("link", name="Calendar").click()
    if tomorrow.weekday() == 0:
        page.get_by_role("link", name="The week after").click()
    expect(page.locator(".booked", has_text="Lan")).to_contain_text("14:00")
    him.fits()

    take_off(him, tomorrow.weekday())
    expect(page.get_by_text("Not saved yet: 1 appointment is booked in time")).to_be_visible()
    him.fits()
    assert not wei.intervals.exists()
    page.get_by_role("button", name="Save all the same").click()
    expect(page.get_by_text("Saved. What is booked stays booked.")).to_be_visible()
    assert {row.weekday for row in wei.intervals.all()} == set(range(7)) - {tomorrow.weekday()}

    review = served_and_said(booked)
    page.get_by_role("link", name="Reviews", exact=True).click()
    expect(page.get_by_text("He was late")).to_be_visible()
    page.locator("summary", has_text="Reply").click()
    page.get_by_label("Your answer").fill("The bridge was closed. I am sorry.")
    page.get_by_role("button", name="Send the reply").click()
    him.go(f"/stores/{store.pk}/reviews/")
    expect(page.get_by_text("The bridge was closed. I am sorry.")).to_be_visible()
    review.refresh_from_db()
    assert review.replied_by == wei.user


def test_a_reason_being_typed_survives_what_happens_meanwhile(
    walk: Start, store: Store, wei: Realtor
):
    ming = RealtorFactory(store=store, name="Ming")
    him = signed_in(walk)
    go_online(him)
    lan = join(store)
    page = him.page
    him.let_pass(LOOK)
    page.locator("summary", has_text="Decline").click()
    why = page.get_by_label("In your own words")
    why.fill("I am with some")

    waiting = join(store, world.QIANG)
    him.let_pass(LOOK)

    expect(page.get_by_text(waiting.code, exact=True)).to_be_visible()
    expect(why).to_be_focused()
    page.keyboard.type("body else")
    expect(why).to_have_value("I am with somebody else")
    # Not counted from when the page was loaded, but from when this part of it came.
    expect(page.locator("[data-countdown-time]")).to_have_text(re.compile(r"^4:\d\d$"))
    page.get_by_role("button", name="Decline it").click()
    expect(page.get_by_text("Declined. You are not asked for Lan again.")).to_be_visible()
    assert ming.presence == Presence.OFFLINE
    refused = lan.offers.get()
    assert refused.reason == "I am with somebody else"


def test_presses_at_once_accept_once_and_all_lead_back(walk: Start, store: Store, wei: Realtor):
    him = signed_in(walk)
    go_online(him)
    lan = join(store)
    him.go("/console/")

    arrived = him.page.evaluate(PRESS, 6)

    assert arrived == [[f"{him.site.url}/console/", 200]] * 6
    lan.refresh_from_db()
    assert lan.log.filter(action="confirmed").count() == 1


def test_the_console_works_without_script(walk: Start, store: Store, wei: Realtor):
    him = signed_in(walk, java_script_enabled=False)
    go_online(him)
    lan = join(store)
    page = him.page
    page.get_by_role("link", name="Look for new offers").click()

    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Started.")).to_be_visible()
    him.fits()

    lan.refresh_from_db()
    assert lan.status == Status.IN_PROGRESS


def test_signs_of_life_are_sent_while_somebody_uses_the_page(
    walk: Start, store: Store, wei: Realtor
):
    him = signed_in(walk)
    go_online(him)

    with him.page.expect_response("**/console/heartbeat/") as answer:
        him.page.clock.fast_forward(65_000)

    assert answer.value.status == 204
    # Nobody has touched it for longer than ten minutes: it keeps nobody online.
    him.page.clock.fast_forward(timedelta(minutes=11).seconds * 1000)
    him.page.wait_for_timeout(300)
    sent: list[str] = []
    him.page.on("request", lambda request: sent.append(request.url))
    him.page.clock.fast_forward(125_000)
    him.page.wait_for_timeout(300)
    assert not [url for url in sent if url.endswith("/heartbeat/")]
    with him.page.expect_response("**/console/heartbeat/"):
        him.page.mouse.wheel(0, 10)


def test_the_week_is_edited_on_a_telephone(walk: Start, store: Store, wei: Realtor):
    him = signed_in(walk)
    page = him.page
    him.go("/console/hours/")
    page.locator("summary", has_text="Monday").click()
    page.locator("#day-0").get_by_text("Own hours").click()
    page.get_by_role("button", name="More hours on Monday").click()
    page.get_by_label("Monday, work 1: from").fill("09:00")
    page.get_by_label("Monday, work 1: to").fill("12:00")
    page.get_by_label("Monday, work 2: from").fill("11:00")
    page.get_by_label("Monday, work 2: to").fill("18:00")
    page.get_by_role("button", name="Save the week").click()
    expect(page.get_by_text("This overlaps the hours before it.")).to_be_visible()
    him.fits()
    page.get_by_label("Monday, work 2: from").fill("13:00")
    page.get_by_role("button", name="Copy Monday to Monday to Friday").click()
    him.fits()
    page.get_by_role("button", name="Save the week").click()

    expect(page.get_by_text("Saved. What is booked stays booked.")).to_be_visible()
    # Two rows on each of five days; the weekend follows the store.
    assert wei.intervals.count() == 12


def test_hours_of_ones_own_on_one_day_without_a_mouse(walk: Start, store: Store, wei: Realtor):
    him = signed_in(walk)
    him.go("/console/hours/")
    page = him.page

    def tab_to(selector: str) -> None:
        for _press in range(40):
            if page.evaluate("(what) => document.activeElement.matches(what)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {selector} by the keyboard")

    tab_to("#day-1 > summary")
    page.keyboard.press("Enter")
    tab_to("input[name='day-1']")
    # What says nothing on a day as the store is not there yet.
    expect(page.locator("#day-1 .hours__work")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    tab_to("input[name='work-1-0-from']")
    page.keyboard.type("1000AM")
    tab_to("input[name='work-1-0-to']")
    page.keyboard.type("0330PM")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Mon 24 hours; Tue 10:00–15:30; Wed–Sun 24 hours")).to_be_visible()
    assert ordinary_week(wei).work[1] == (Interval(time(10), time(15, 30)),)
