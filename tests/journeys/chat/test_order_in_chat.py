"""Lin orders where she talks to Wei, and both see at once what becomes of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from appointments.models import Appointment, Status
from chat.models import Conversation
from stores.models import Store
from tests.appointments.orders import service
from tests.factories import RealtorFactory
from tests.journeys.conftest import Walk

from .somebody import DESK, PATIENCE

Begin = Callable[..., Walk]


@pytest.fixture
def come(walk: Begin, talking: Conversation) -> Begin:
    """Signed in and in the conversation, where the line is open."""

    def begin(user: User, **options: object) -> Walk:
        somebody = walk(**options)
        somebody.sign_in(user.email, to=f"/chat/{talking.pk}/")
        is_connected(somebody)
        return somebody

    return begin


def is_connected(somebody: Walk) -> None:
    expect(somebody.page.locator("body")).to_have_attribute("data-live-state", "open")


def stays(somebody: Walk) -> None:
    """From here on the page is not loaded anew; see ``has_stayed``."""
    somebody.page.evaluate("document.body.dataset.stayed = 'yes'")


def has_stayed(somebody: Walk) -> None:
    expect(somebody.page.locator("body")).to_have_attribute("data-stayed", "yes")
    somebody.fits()


def seen(what: Locator) -> None:
    expect(what).to_be_visible(timeout=PATIENCE)


def is_told(somebody: Walk, answer: str) -> None:
    """What they have pressed is done, and the page that says so is open."""
    seen(somebody.page.get_by_text(answer, exact=True))
    is_connected(somebody)


def test_an_order_is_made_confirmed_and_called_off_where_the_two_talk(
    come: Begin, store: Store, lin: User, wei: User
):
    service(store, provider=RealtorFactory(store=store, name="Wei", user=wei))
    his = come(wei, viewport=DESK)
    stays(his)
    hers = come(lin)
    orders_for_less(hers)
    is_connected(hers)
    stays(hers)

    his_card, her_card = (one.page.locator(".talk-order") for one in (his, hers))
    seen(his_card.get_by_text("¥150 (listed at ¥200)"))
    has_stayed(his)
    his_card.get_by_role("button", name="Confirm").click()
    is_told(his, "Confirmed.")
    stays(his)

    seen(her_card.get_by_role("link", name="Pay", exact=True))
    seen(hers.page.locator(".note", has_text="The order is confirmed"))
    has_stayed(hers)
    her_card.locator("summary", has_text="Ask to call it off").click()
    her_card.get_by_label("Your reason").fill("I have to travel")
    her_card.get_by_label("Your reason").press("Enter")
    is_told(hers, "They have been asked. Until they agree, the order stands.")
    stays(hers)
    seen(her_card.get_by_text("You have asked to call it off."))

    seen(his_card.get_by_text("I have to travel"))
    has_stayed(his)
    his_card.get_by_role("button", name="Agree to call it off").click()
    is_told(his, "Called off: both of you agreed.")
    seen(her_card.get_by_text("Cancelled"))
    has_stayed(hers)
    assert Appointment.objects.get().status == Status.CANCELLED


def orders_for_less(hers: Walk) -> None:
    page = hers.page
    page.get_by_role("link", name="Order", exact=True).click()
    page.locator("a.day").nth(1).click()
    expect(page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
    hers.unfold("14:00")
    page.get_by_role("button", name="14:00", exact=True).click()
    page.get_by_label("Where to?").fill("Anfu Road 7, room 301")
    page.get_by_label("How much do you offer?").fill("150")
    page.get_by_label(re.compile("phone")).fill("138 0000 0009")
    page.get_by_role("button", name="Order now").click()
    expect(page).to_have_url(re.compile(r"/chat/\d+/$"))
    hers.fits()
