"""A store that never closes, so that it is never too late in the day for a test."""

import contextlib
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from appointments.models import Appointment
from stores.models import Store
from tests.accounts.people import PASSWORD, make_user
from tests.appointments import world
from tests.pages.shops import open_shop
from tests.support.browser import OpenPage
from tests.support.server import Server

DIGITS = "0001"


@pytest.fixture
def store(transactional_db: None) -> Store:
    store = open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=True)
    for name in ("Wei", "Ming"):
        world.hire(store, name)
    return store


@pytest.fixture
def fang(transactional_db: None) -> None:
    """A customer with an account."""
    make_user("fang@example.com", display_name="Fang", phone="+8613800000009")


@pytest.fixture
def walk(open_page: OpenPage, site: Server) -> Iterator[Callable[..., "Walk"]]:
    """Start a walk through the site; at its end nothing may have been logged as an error."""
    walks: list[Walk] = []

    def start(**options: object) -> Walk:
        walks.append(Walk(open_page(locale="en-US", **options), site))
        return walks[-1]

    yield start
    assert [line for one in walks for line in one.errors] == []


class Walk:
    """A page and its server, with the steps that several people take."""

    def __init__(self, page: Page, site: Server) -> None:
        self.page, self.site = page, site
        self.errors: list[str] = []
        page.on("console", lambda line: self._note(line.type, line.text))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)
        self.fits()

    def sign_in(self, email: str, to: str) -> None:
        """The password of everybody in these tests is the same."""
        self.go(f"/accounts/login/?next={to}")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        expect(self.page).to_have_url(re.compile(rf"{to}$"))

    def look_again(self) -> None:
        """As when somebody comes back to the page: it looks at once, and not in a few seconds."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def look_until(self, seen: Locator) -> None:
        """A look that is under way already swallows the next one, so it is asked for again."""
        for _turn in range(5):
            self.look_again()
            with contextlib.suppress(PlaywrightTimeout):
                seen.wait_for(timeout=2_000)
                return
        expect(seen).to_be_visible()

    def let_pass(self, seconds: int) -> None:
        """By the clock of the page, which ``page.clock.install()`` has put in our hand."""
        self.page.clock.fast_forward(seconds * 1000)

    def fits(self) -> None:
        """Nothing sticks out at the side."""
        self.page.wait_for_load_state()
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"

    def choose_tomorrow(self, store: Store) -> None:
        self.go("/")
        self.page.get_by_role("link", name=store.name).first.click()
        self.page.locator("a.day").nth(1).click()
        expect(self.page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
        self.fits()

    def unfold(self, clock: str) -> None:
        """Open the part of the day in which this time lies, where the day is a long one."""
        part = self.page.locator("details", has=self.page.locator(".slot", has_text=clock))
        if part.count() and part.get_attribute("open") is None:
            part.locator("summary").click()

    def choose_time(self, clock: str) -> None:
        self.unfold(clock)
        self.page.get_by_role("button", name=clock, exact=True).click()
        expect(self.page).to_have_url(re.compile(r"/book/[^/]+/$"))
        self.fits()

    def fill_in(self, *, name: str = "Lan", phone: str = "138 0000 0001") -> None:
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Your phone").fill(phone)
        self.page.get_by_role("button", name="Continue").click()
        expect(self.page).to_have_url(re.compile(r"/confirm/(\?|$)"))
        self.fits()

    def confirm(self) -> Appointment:
        self.page.get_by_role("button", name="Book now").click()
        return self.arrived()

    def arrived(self) -> Appointment:
        """The booking whose page is open."""
        expect(self.page).to_have_url(re.compile(r"/appointments/\d{6}/$"))
        self.fits()
        code = self.page.url.strip("/").split("/")[-1]
        assert code[:3] in self.page.locator(".code__digits").inner_text()
        return Appointment.objects.get(code=code)
