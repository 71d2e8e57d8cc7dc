"""What happens elsewhere is seen on an open page at once, over its socket; without one, later.

Where the page's clock stands still no page polls: what moves there, the socket has moved.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.transactions import run_in_transaction
from notifications.models import Notification, Type, UserEvent, UserStream
from realtors.models import Realtor
from stores.models import Store
from tests.accounts.people import PASSWORD, make_user
from tests.appointments import world
from tests.factories import RealtorFactory
from tests.pages.shops import open_shop
from tests.realtime.conftest import bearer_of
from tests.support.browser import OpenPage
from tests.support.server import Server, StartServer

from .conftest import Walk

Start = Callable[..., Walk]
SOCKETS = re.compile(r"/ws$")
# Seconds: fewer than those after which any page looks by itself, more than what the socket waits.
A_MOMENT = 3
# And more than a page waits that shows an offer, or an appointment to be answered.
POLLED = 21
# Milliseconds. A server that was killed starts again, and pages come back one by one.
A_RESTART = 40_000


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock; realtors answer every offer."""
    return open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)


@pytest.fixture
def wei(store: Store) -> Realtor:
    return RealtorFactory(store=store, name="Wei", user=make_user("wei@example.com"))


@pytest.fixture
def fang(transactional_db: None) -> User:
    return make_user("fang@example.com", display_name="Fang", phone="+8613800000009")


@dataclass
class App:
    """Somebody's app, on the server that serves the pages: what it does is heard there at once."""

    site: Server
    user: User

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        address = f"{self.site.url}/api/v1/{path}"
        answer = httpx.post(address, json=body or {}, headers=bearer_of(self.user), timeout=30)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    def book(self, store: Store, clock: str = "14:00") -> Appointment:
        made = self.post("appointment/appointments", _wish(store, self.user, clock))
        return Appointment.objects.get(pk=made["id"])

    def accept(self, booked: Appointment) -> None:
        realtor = {"realtor_id": str(booked.realtor_id)}
        self.post(f"appointment/appointments/{booked.pk}/accept", realtor)


def _wish(store: Store, user: User, clock: str) -> dict[str, Any]:
    day = (timezone.now().astimezone(store.zone) + timedelta(days=1)).date()
    return {
        "store_id": str(store.pk),
        "customer_name": user.display_name,
        "customer_phone": str(user.phone),
        "appointment_date": day.isoformat(),
        "start_time": clock,
        "duration_minutes": 60,
    }


def booked_by(fang: User, store: Store, clock: str = "14:00") -> Appointment:
    """Before anybody looks."""
    tomorrow = (timezone.now().astimezone(store.zone) + timedelta(days=1)).date()
    start = world.clock(clock, tomorrow)
    return run_in_transaction(lambda: world.book(store, start, customer=fang, at=timezone.now()))


def accepted(booked: Appointment) -> None:
    """Past the server: its sockets do not hear of it at once."""
    booked.refresh_from_db()
    wei = world.acting(booked.realtor)
    run_in_transaction(lambda: services.accept(booked, by=wei, at=timezone.now()))


def told(user: User, type_: Type) -> str:
    return Notification.objects.get(user=user, type=type_).title


def connected(page: Page, **patience: float) -> None:
    expect(page.locator("body")).to_have_attribute("data-live-state", "open", **patience)


def has_unread(page: Page, count: int, **patience: float) -> None:
    bell = page.locator("[data-bell]")
    expect(bell).to_have_attribute("data-unread", str(count), **patience)
    if count:
        expect(bell.locator("[data-bell-count]")).to_have_text(str(count))
        expect(bell).to_have_accessible_name(re.compile(rf"\b{count}\b"))
    else:
        expect(bell.locator("[data-bell-count]")).to_be_hidden()


def unread_of(page: Page) -> int:
    return int(page.locator("[data-bell]").get_attribute("data-unread") or 0)


def stop_the_clock(page: Page) -> None:
    """Of its timers; ``let_pass`` lets them run."""
    page.clock.install(time=timezone.now())
    page.clock.pause_at(timezone.now() + timedelta(seconds=1))


def open_at(start: Start, email: str, path: str, *, frozen: bool = True) -> Walk:
    """Signed in, on that page, connected; nothing there happens by the clock but what we let."""
    person = start()
    person.sign_in(email, to="/appointments/")
    if frozen:
        stop_the_clock(person.page)
    person.go(path)
    connected(person.page)
    return person


def hide(page: Page, hidden: bool) -> None:
    """As when another tab is chosen."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def heard(page: Page) -> Callable[[], list[int]]:
    """From now on: the numbers of the events that the page applies."""
    page.evaluate(
        """() => {
          window.heard = [];
          for (const one of ["notification", "appointment-updated", "queue-updated"])
            document.addEventListener(`live:${one}`, (event) => window.heard.push(event.detail.u));
        }"""
    )
    return lambda: page.evaluate("window.heard")


def toasts(page: Page) -> Any:
    return page.locator(".toast [data-toast-text]")


# --- Pages move


def test_a_customer_sees_at_once_that_their_realtor_has_accepted(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    booked = booked_by(fang, store)
    hers = open_at(walk, "fang@example.com", f"/appointments/{booked.code}/")
    page = hers.page
    before = unread_of(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is in")

    App(site, wei.user).accept(booked)

    has_unread(page, before + 1)
    hers.let_pass(A_MOMENT)
    expect(toasts(page)).to_have_text(told(fang, Type.CONFIRMED))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is confirmed")
    hers.fits()


def test_a_realtor_sees_a_new_offer_at_once(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    his = open_at(walk, "wei@example.com", "/console/")
    page = his.page
    has_unread(page, 0)

    booked = App(site, fang).book(store)

    has_unread(page, 1)
    his.let_pass(A_MOMENT)
    expect(page.get_by_role("heading", name="Fang")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) Today"))
    row = Notification.objects.get(user=wei.user)
    expect(page.get_by_role("link", name=row.title)).to_have_attribute("href", row.link)
    his.fits()
    # And that somebody else has settled it.
    App(site, fang).post(f"appointment/appointments/{booked.code}/cancel", {"reason": "ill"})
    has_unread(page, 2)
    his.let_pass(A_MOMENT)
    expect(page.get_by_role("heading", name="Fang")).to_be_hidden()


def test_her_list_moves_though_it_never_polls(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    booked = booked_by(fang, store)
    hers = open_at(walk, "fang@example.com", "/appointments/")
    status = hers.page.locator("#mine .card .pill").first
    before, was = unread_of(hers.page), status.inner_text()

    App(site, wei.user).accept(booked)

    has_unread(hers.page, before + 1)
    hers.let_pass(A_MOMENT)
    expect(status).to_have_text("confirmed")
    assert was != "confirmed"
    # Elsewhere than on its page the toast leads there.
    link = hers.page.get_by_role("link", name=told(fang, Type.CONFIRMED))
    expect(link).to_have_attribute("href", f"/appointments/{booked.code}/")


@pytest.mark.parametrize(
    ("path", "part", "gone"),
    [
        ("/console/calendar/?week={day}", "#week", True),
        ("/console/appointments/{pk}/", "#visit", False),
    ],
    ids=["his week", "his view of it"],
)
def test_pages_of_the_console_move_though_they_never_poll(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User, path, part, gone
):
    booked = booked_by(fang, store)
    accepted(booked)
    day = booked.starts_at.astimezone(store.zone).date()
    his = open_at(walk, "wei@example.com", path.format(pk=booked.pk, day=day))
    shown = his.page.locator(part)
    expect(shown).to_contain_text("Fang")
    expect(shown).to_contain_text("confirmed")
    before = unread_of(his.page)

    App(site, fang).post(f"appointment/appointments/{booked.code}/cancel", {"reason": "ill"})

    has_unread(his.page, before + 1)
    his.let_pass(A_MOMENT)
    expect(shown).not_to_contain_text("confirmed")
    if gone:
        expect(shown).not_to_contain_text("Fang")
    else:
        expect(shown.locator(".status, .pill").first).to_have_text("cancelled")


def test_a_note_that_is_being_written_is_left_alone(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    booked = booked_by(fang, store)
    accepted(booked)
    his = open_at(walk, "wei@example.com", f"/console/appointments/{booked.pk}/")
    before = unread_of(his.page)
    note = his.page.locator("#visit textarea").first
    note.fill("Bring the keys")

    App(site, fang).post(f"appointment/appointments/{booked.code}/cancel", {"reason": "ill"})

    has_unread(his.page, before + 1)
    his.let_pass(A_MOMENT)
    expect(toasts(his.page)).to_have_text(told(wei.user, Type.CANCELLED))
    expect(note).to_have_value("Bring the keys")


# --- Several pages of one person


def test_what_is_read_in_one_tab_is_read_in_the_other(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    accepted(booked_by(fang, store))
    hers = open_at(walk, "fang@example.com", "/notifications/", frozen=False)
    other = hers.page.context.new_page()
    other.goto(f"{site.url}/stores/")
    connected(other)
    count = unread_of(other)
    assert count > 0
    has_unread(hers.page, count)

    hers.page.get_by_role("button", name="Mark all as read").click()

    has_unread(other, 0)
    expect(hers.page.get_by_role("button", name="Mark all as read")).to_be_hidden()
    has_unread(hers.page, 0)


def test_the_list_of_notifications_grows_while_it_is_read(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    booked = booked_by(fang, store)
    hers = open_at(walk, "fang@example.com", "/notifications/")
    before = unread_of(hers.page)

    App(site, wei.user).accept(booked)

    has_unread(hers.page, before + 1)
    hers.let_pass(A_MOMENT)
    news = hers.page.get_by_role("button", name=told(fang, Type.CONFIRMED))
    expect(news).to_be_visible()


def test_nobody_who_is_not_signed_in_opens_a_socket(walk: Start, store: Store):
    lan = walk()
    opened: list[str] = []
    lan.page.on("websocket", lambda socket: opened.append(socket.url))
    lan.go("/stores/")

    assert lan.page.locator("script[src*='js/live']").count() == 0
    assert lan.page.locator("body").get_attribute("data-live") is None
    assert opened == []


# --- The line breaks


def test_a_server_that_dies_loses_nothing(
    live_uvicorn: StartServer,
    open_page: OpenPage,
    store: Store,
    wei: Realtor,
    fang: User,
    monkeypatch: pytest.MonkeyPatch,
):
    first = live_uvicorn()
    one, two = booked_by(fang, store, "10:00"), booked_by(fang, store, "14:00")
    hers = Walk(open_page(locale="en-US"), first)
    hers.sign_in("fang@example.com", to="/appointments/")
    connected(hers.page)
    before = unread_of(hers.page)
    numbers = heard(hers.page)

    first.kill()
    expect(hers.page.locator("body")).to_have_attribute("data-live-state", "waiting")
    accepted(one)
    accepted(two)
    monkeypatch.setattr("tests.support.server.spare_port", lambda: first.port)
    second = live_uvicorn()

    has_unread(hers.page, before + 2, timeout=A_RESTART)
    titles = list(fang.notifications.filter(type=Type.CONFIRMED).order_by("u"))
    expect(toasts(hers.page)).to_have_text([row.title for row in titles])
    expect(hers.page.locator("#mine")).to_contain_text(
        re.compile("confirmed.*confirmed", re.DOTALL)
    )
    # Each once and in order, those after the restart as well.
    App(second, fang).post(f"appointment/appointments/{one.code}/cancel", {"reason": "ill"})
    expect(hers.page.locator("#mine .card")).to_have_count(1)
    came = numbers()
    assert came == sorted(set(came))
    assert came[-1] == UserStream.objects.get(pk=fang.pk).last_u
    assert len(came) == came[-1] - came[0] + 1


def test_what_is_not_kept_any_more_is_loaded_anew(
    live_uvicorn: StartServer,
    open_page: OpenPage,
    store: Store,
    wei: Realtor,
    fang: User,
    monkeypatch: pytest.MonkeyPatch,
):
    first = live_uvicorn()
    one, two = booked_by(fang, store, "10:00"), booked_by(fang, store, "14:00")
    hers = Walk(open_page(locale="en-US"), first)
    hers.sign_in("fang@example.com", to="/appointments/")
    connected(hers.page)
    before = unread_of(hers.page)

    first.kill()
    accepted(one)
    # As the sweep does when it has been too long.
    last = UserStream.objects.get(pk=fang.pk).last_u
    UserEvent.objects.filter(user=fang).delete()
    UserStream.objects.filter(pk=fang.pk).update(floor_u=last + 1)
    accepted(two)
    monkeypatch.setattr("tests.support.server.spare_port", lambda: first.port)
    live_uvicorn()

    has_unread(hers.page, before + 2, timeout=A_RESTART)
    expect(hers.page.locator("#mine")).to_contain_text(
        re.compile("confirmed.*confirmed", re.DOTALL)
    )


def test_a_page_nobody_sees_gives_its_line_back_and_asks_later(
    walk: Start, site: Server, store: Store, wei: Realtor, fang: User
):
    booked = booked_by(fang, store)
    hers = open_at(walk, "fang@example.com", "/appointments/")
    body, before = hers.page.locator("body"), unread_of(hers.page)

    hide(hers.page, True)
    hers.let_pass(4 * 60)
    expect(body).not_to_have_attribute("data-live-state", "resting")
    hers.let_pass(2 * 60)
    expect(body).to_have_attribute("data-live-state", "resting")
    App(site, wei.user).accept(booked)
    has_unread(hers.page, before)

    hide(hers.page, False)
    connected(hers.page)
    has_unread(hers.page, before + 1)


@pytest.mark.parametrize(
    ("code", "comes_back"), [(4403, False), (4401, False), (1012, True), (4500, True)]
)
def test_it_comes_back_only_where_it_may(
    walk: Start, store: Store, fang: User, code: int, comes_back: bool
):
    hers = walk()
    hers.sign_in("fang@example.com", to="/appointments/")
    connected(hers.page)
    tries: list[WebSocketRoute] = []

    def refuse_once(route: WebSocketRoute) -> None:
        tries.append(route)
        if len(tries) == 1:
            route.close(code=code, reason="")
        else:
            route.connect_to_server()

    hers.page.route_web_socket(SOCKETS, refuse_once)
    stop_the_clock(hers.page)
    hers.go("/appointments/")
    body = hers.page.locator("body")
    expect(body).to_have_attribute("data-live-state", "waiting" if comes_back else "over")
    # However long.
    hers.let_pass(60)

    if comes_back:
        connected(hers.page)
    else:
        hide(hers.page, True)
        hide(hers.page, False)
        expect(body).to_have_attribute("data-live-state", "over")
    assert len(tries) == 1 + comes_back


def test_one_tab_too_many_tries_again_when_somebody_looks_at_it(
    walk: Start, store: Store, fang: User
):
    """Others may be closed by then."""
    hers = walk()
    hers.sign_in("fang@example.com", to="/appointments/")
    connected(hers.page)
    tries: list[WebSocketRoute] = []

    def refuse_once(route: WebSocketRoute) -> None:
        tries.append(route)
        if len(tries) == 1:
            route.close(code=4409, reason="")
        else:
            route.connect_to_server()

    hers.page.route_web_socket(SOCKETS, refuse_once)
    stop_the_clock(hers.page)
    hers.go("/appointments/")
    expect(hers.page.locator("body")).to_have_attribute("data-live-state", "over")
    hers.let_pass(60)
    assert len(tries) == 1

    hide(hers.page, True)
    hide(hers.page, False)

    connected(hers.page)
    assert len(tries) == 2


# --- Without it


def test_without_a_socket_pages_move_by_polling(
    walk: Start, store: Store, wei: Realtor, fang: User
):
    his, hers = walk(), walk()
    for person in (his, hers):
        person.page.route_web_socket(SOCKETS, lambda route: route.close(code=1011, reason=""))
        person.page.clock.install(time=timezone.now())
    his.sign_in("wei@example.com", to="/console/")
    his.fits()
    booked = booked_by(fang, store)
    his.let_pass(POLLED)
    expect(his.page.get_by_role("heading", name="Fang")).to_be_visible()

    hers.sign_in("fang@example.com", to=f"/appointments/{booked.code}/")
    hers.fits()
    before = unread_of(hers.page)
    his.page.get_by_role("button", name="Accept").click()
    expect(his.page.get_by_text("Accepted. Fang is in your plan below.")).to_be_visible()
    hers.let_pass(POLLED)

    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Your appointment is confirmed")
    # Nothing but the page has moved: who hears of it some other way, hears it from the socket.
    expect(toasts(hers.page)).to_have_count(0)
    has_unread(hers.page, before)


# --- Document 1's page


def test_the_try_out_page_signs_in_connects_and_shows_a_push(
    live_uvicorn: StartServer, open_page: OpenPage, store: Store, wei: Realtor, fang: User
):
    site = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.faces.settings")
    page = open_page(locale="en-US")
    page.goto(f"{site.url}/web/index.html")
    rows = page.locator("[data-frames] li")
    expect(page.get_by_role("button", name="Connect", exact=True)).to_be_disabled()

    _sign_in(page, "not-her-password")
    expect(page.get_by_role("alert")).to_have_text(re.compile("password|incorrect|wrong", re.I))
    expect(page.get_by_role("button", name="Connect", exact=True)).to_be_disabled()

    _sign_in(page, PASSWORD)
    expect(page.get_by_text("Signed in as Fang")).to_be_visible()
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text(f"Connected as number {fang.pk}")).to_be_visible()
    expect(rows.first).to_contain_text('"event":"welcome"')

    booked = App(site, fang).book(store)
    App(site, wei.user).accept(booked)
    push = rows.filter(has_text='"event":"notification"').first
    expect(push).to_contain_text(told(fang, Type.CONFIRMED))

    page.get_by_role("button", name="Ping").click()
    expect(rows.filter(has_text='"id":"t1","ok":true')).to_be_visible()
    page.get_by_role("button", name="Resume", exact=True).click()
    expect(rows.filter(has_text='"missed":')).to_be_visible()
    page.get_by_label("A frame of your own").fill('{"event": "dance", "id": "mine"}')
    page.get_by_role("button", name="Send").click()
    expect(rows.filter(has_text='"code":"unsupported"')).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator("[data-state]")).to_have_text("Closed: 1000")


def test_the_try_out_page_tells_staff_who_is_there(
    live_uvicorn: StartServer, open_page: OpenPage, store: Store, fang: User
):
    site = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.faces.settings")
    make_user("boss@example.com", display_name="Boss", is_staff=True, is_superuser=True)
    page = open_page(locale="en-US")
    page.goto(f"{site.url}/web/index.html")
    figures = page.locator("[data-figures]")

    _sign_in(page, PASSWORD)
    expect(page.get_by_text("Signed in as Fang")).to_be_visible()
    page.get_by_role("button", name="Who is online").click()
    expect(figures).not_to_be_empty()
    expect(figures).not_to_contain_text("display_name")

    _sign_in(page, PASSWORD, "boss@example.com")
    expect(page.get_by_text("Signed in as Boss")).to_be_visible()
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "open")
    page.get_by_role("button", name="Who is online").click()
    expect(figures).to_contain_text('"display_name": "Boss"')
    page.get_by_role("button", name="Figures").click()
    expect(figures).to_contain_text('"processes"')


def test_the_site_itself_has_no_try_out_page(site: Server):
    assert httpx.get(f"{site.url}/web/index.html").status_code == 404


def _sign_in(page: Page, password: str, login: str = "fang@example.com") -> None:
    page.get_by_label("E-mail or phone").fill(login)
    page.locator("main input[name=password]").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()
