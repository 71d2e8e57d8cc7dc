"""Where listings lie, in a browser: drawn without a script, and on tiles with one."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from realtors.models import Listing
from stores.models import Store
from tests.faces.looking import AXE, RUN_ALL
from tests.factories import ListingFactory
from tests.support.browser import MOST_SHIFT, SHIFT, OpenPage
from tests.support.server import Server, StartServer

from .conftest import Walk

TILES = "https://tiles.example/{z}/{x}/{y}.png"
WIDE = {"width": 1440, "height": 900}
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"/>'


@pytest.fixture
def flats(store: Store) -> list[Listing]:
    """The second on the other side of the lake, the first with a name that is no markup."""
    at = [("30.2523", "120.1639"), ("30.2438", "120.1301"), ("30.2481", "120.1802")]
    realtor = store.realtors.get(name="Wei")
    return [
        ListingFactory(
            title=f"Flat <i>{number}",
            realtor=realtor,
            house=True,
            price=number,
            latitude=latitude,
            longitude=longitude,
        )
        for number, (latitude, longitude) in enumerate(at, start=1)
    ]


@pytest.fixture
def tiled(live_uvicorn: StartServer) -> Server:
    return live_uvicorn(MAP_TILE_URL=TILES, MAP_ATTRIBUTION="© Makers of maps")


def test_a_drawing_leads_to_the_cards_without_a_script(
    walk: Callable[..., Walk], flats: list[Listing]
):
    lan = walk(java_script_enabled=False, viewport=WIDE)
    lan.page.goto(lan.site.url + "/houses/?view=map&sort=price")
    lan.page.get_by_role("link", name="2: Flat <i>2").click()

    expect(lan.page).to_have_url(re.compile(rf"#listing-{flats[1].pk}$"))
    expect(lan.page.locator(f"#listing-{flats[1].pk}")).to_be_in_viewport()
    lan.page.get_by_role("navigation", name="Shown as").get_by_role("link", name="List").click()
    expect(lan.page.locator("figure.where")).to_have_count(0)


def test_on_a_telephone_it_stands_above_the_list_and_folds_away(
    walk: Callable[..., Walk], flats: list[Listing]
):
    lan = walk()
    lan.go("/houses/")
    lan.page.get_by_role("link", name="Map", exact=True).click()
    drawing = lan.page.locator(".where__drawing")
    expect(drawing).to_be_visible()
    lan.fits()
    first = lan.page.locator(f"#listing-{flats[0].pk}")
    assert drawing.bounding_box()["y"] < first.bounding_box()["y"]

    lan.page.get_by_text("Where they are").first.click()

    expect(drawing).to_be_hidden()


def asked_of_tiles(page: Page) -> list[Request]:
    """Their host answers, and what it was asked is kept."""
    asked: list[Request] = []

    def answer(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(body=PICTURE, content_type="image/svg+xml")

    page.route("https://tiles.example/**", answer)
    return asked


def test_tiles_have_the_same_numbers_and_are_used_with_the_keyboard(
    open_page: OpenPage, tiled: Server, flats: list[Listing]
):
    lan = Walk(open_page(locale="en-US", viewport=WIDE, reduced_motion="reduce"), tiled)
    asked = asked_of_tiles(lan.page)
    lan.go("/houses/?view=map&sort=price&lat=30.25&lng=120.15")
    marks = lan.page.locator(".where__mark:not(.where__mark--here)")

    expect(marks).to_have_text(["1", "2", "3"])
    expect(lan.page.locator(".where__mark--here")).to_be_visible()
    expect(lan.page.locator(".where__drawing")).to_be_hidden()
    expect(lan.page.locator(".leaflet-tile-loaded").first).to_be_visible()
    expect(lan.page.get_by_text("© Makers of maps")).to_be_visible()
    # The host of the tiles hears which site asks, and not for which place.
    assert {one.all_headers().get("referer") for one in asked} == {f"{tiled.url}/"}
    assert lan.page.evaluate(SHIFT) < MOST_SHIFT
    lan.page.evaluate(AXE)
    found = lan.page.evaluate("(options) => axe.run(document, options)", RUN_ALL)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []

    mark = lan.page.get_by_role("button", name="3: Flat <i>3")
    mark.focus()
    mark.press("Enter")
    expect(lan.page).to_have_url(re.compile(rf"#listing-{flats[2].pk}$"))
    expect(lan.page.get_by_role("link", name="Flat <i>3", exact=True)).to_be_focused()
    marks.first.click()
    expect(lan.page).to_have_url(re.compile(rf"#listing-{flats[0].pk}$"))
    assert lan.errors == []


def test_a_page_on_tiles_shows_where_it_is(
    open_page: OpenPage, tiled: Server, flats: list[Listing]
):
    lan = Walk(open_page(locale="en-US"), tiled)
    asked = asked_of_tiles(lan.page)
    lan.go(f"/listings/{flats[0].pk}/")

    expect(lan.page.get_by_role("button", name="1: Flat <i>1")).to_be_visible()
    expect(lan.page.get_by_role("button", name="Closer")).to_be_visible()
    lan.fits()
    assert asked
    assert lan.errors == []


def test_where_the_host_of_the_tiles_is_away_the_numbers_still_lead_to_the_cards(
    open_page: OpenPage, tiled: Server, flats: list[Listing]
):
    page = open_page(locale="en-US")
    page.route("https://tiles.example/**", lambda route: route.abort())
    page.goto(f"{tiled.url}/houses/?view=map&sort=price")

    page.get_by_role("button", name="2: Flat <i>2").click()

    expect(page).to_have_url(re.compile(rf"#listing-{flats[1].pk}$"))
