"""What stands in the place of the theme's plugins does what they did (docs/decisions/0016)."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.server import Server, StartServer

from . import worlds
from .looking import Looker
from .worlds import OPERATOR


@pytest.fixture
def looker(live_uvicorn: StartServer, browser: Browser) -> Looker:
    server: Server = live_uvicorn()
    looker = Looker(browser, server.url, viewport={"width": 1280, "height": 800})
    looker.enter(worlds.full(), OPERATOR, "en")
    return looker


def test_a_new_store_gets_its_short_name_while_its_name_is_typed(looker: Looker):
    page = looker.page
    page.goto(f"{looker.url}/admin/stores/store/add/")

    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type("Café by the Lake")

    expect(page.locator("#id_slug")).to_have_value("cafe-by-the-lake")
    looker.leave()


def test_a_menu_hangs_below_what_opens_it(looker: Looker):
    page = looker.page
    page.goto(f"{looker.url}/admin/realtors/realtor/add/")
    opener = page.locator("[x-ref^=relatedWidgetWrapper]").first
    menu = page.locator("body > nav[id^=related-widget-wrapper]").first

    expect(menu).to_be_hidden()
    opener.click()
    expect(menu).to_be_visible()
    page.wait_for_timeout(300)

    over, under = opener.bounding_box(), menu.bounding_box()
    assert over is not None
    assert under is not None
    assert under["y"] - over["y"] - over["height"] == pytest.approx(4, abs=1)
    assert under["x"] + under["width"] == pytest.approx(over["x"] + over["width"], abs=1)
    looker.leave()


def test_a_policy_is_explained_while_it_is_changed(looker: Looker):
    page = looker.page
    page.goto(f"{looker.url}/admin/stores/bookingpolicy/add/")
    told = page.locator("#policy-told")

    expect(told).not_to_contain_text("77")
    page.locator("#id_max_advance_days").fill("77")

    expect(told).to_contain_text("77")
    looker.leave()
