"""Somebody at a browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from chat.models import Conversation
from tests.accounts.people import PASSWORD
from tests.support.server import Server

DESK = {"width": 1440, "height": 900}
# Milliseconds: longer than the outbox waits between two tries.
PATIENCE = 20_000
SEND = re.compile(r"/send/$")


class Somebody:
    """At a browser, in the conversation."""

    def __init__(self, page: Page, site: Server, conversation: Conversation) -> None:
        self.page, self.site, self.conversation = page, site, conversation
        self.address = f"{site.url}/chat/{conversation.pk}/"

    def sign_in(self, user: User) -> None:
        self.page.goto(f"{self.site.url}/accounts/login/?next=/chat/")
        self.page.locator("input[name=login]").fill(user.email)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        expect(self.page).to_have_url(re.compile(r"/chat/$"))

    def come(self) -> "Somebody":
        self.page.goto(self.address)
        return self

    def connected(self) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-live-state", "open")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def said(self) -> Locator:
        """What stands in the thread."""
        return self.page.locator("[data-messages] .msg__text")

    @property
    def waiting(self) -> Locator:
        return self.page.locator("[data-waiting] .msg__text")

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def sees(self, *texts: str) -> None:
        expect(self.said).to_have_text(list(texts), timeout=PATIENCE)

    def fits(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"


Start = Callable[..., Somebody]


def tab_to(wanted: Locator, most: int = 60) -> None:
    """From the beginning of the page."""
    expect(wanted).to_be_visible()
    wanted.page.wait_for_load_state()
    for _turn in range(most):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError(f"{most} times Tab do not lead there")
