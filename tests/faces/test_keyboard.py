"""The whole way from the first page to the code, without a pointer."""

import pytest
from playwright.sync_api import Page, expect

from stores.models import Store
from tests.factories import PolicyFactory, RealtorFactory, StoreFactory
from tests.support.browser import OpenPage
from tests.support.server import Server

MOST_STOPS = 160
# What a person sees of where they are: the element itself, what is drawn over it, or its label.
SEEN = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const looks = [getComputedStyle(one), getComputedStyle(one, "::after")];
  const label = one.closest("label") || one.labels?.[0];
  if (label) looks.push(getComputedStyle(label));
  for (let up = one.parentElement, steps = 0; up && steps < 2; up = up.parentElement, steps++)
    looks.push(getComputedStyle(up));
  const box = one.getBoundingClientRect();
  return {
    what: one.outerHTML.slice(0, 120),
    ring: looks.some(ring),
    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
BARE = """<h1>Bare</h1><style>a { outline: none }</style><a href="#1">one</a><a href="#2">two</a>"""
TRAP = """<h1>Trap</h1><style>input { outline: 3px solid }</style><input><script>
document.querySelector("input").addEventListener("keydown", (event) => event.preventDefault());
</script>"""


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock, so that no hour of the day is too late for the test."""
    store = StoreFactory(name="Never Closed")
    PolicyFactory(store=store, auto_confirm=True)
    for name in ("Wei", "Ming"):
        RealtorFactory(store=store, name=name)
    return store


def test_a_keyboard_alone_books(open_page: OpenPage, site: Server, store: Store):
    page = open_page(locale="en-US")
    page.goto(f"{site.url}/")

    go_to(page, f"main a[href*='/stores/{store.pk}/']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/stores/{store.pk}/**")
    go_to(page, "a.day:not([aria-current])")
    page.keyboard.press("Enter")
    expect(page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
    go_to(page, ".slot[name='starts_at']:not(.slot--queue), a.slot:not(.slot--queue)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/**")
    write(page, "[name='name']", "Lan")
    write(page, "[name='phone']", "138 0000 0001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    go_to(page, "main form button:not([name])")
    page.keyboard.press("Enter")

    expect(page.locator(".code__digits").first).to_be_visible()


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(
    open_page: OpenPage, live_uvicorn, transactional_db: None
):
    server = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.faces.settings")
    page = open_page(locale="en-US", viewport={"width": 1280, "height": 800})
    page.goto(f"{server.url}/styleguide/")
    opener = page.locator("[data-dialog]").first

    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    for _stop in range(8):
        page.keyboard.press("Tab")
        # Between the last and the first the browser itself is reached, and nothing else.
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('dialog[open]').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(opener).to_be_focused()


def test_stars_are_chosen_with_the_arrow_keys(
    open_page: OpenPage, live_uvicorn, transactional_db: None
):
    server = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.faces.settings")
    page = open_page(locale="en-US")
    page.goto(f"{server.url}/styleguide/")
    page.locator("#stars_4").focus()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#stars_5")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#stars_3")).to_be_checked()
    lit = page.locator(".rating-input").first.evaluate(
        """(stars) => {
          const colour = (one) => getComputedStyle(one).color;
          const colours = [...stars.querySelectorAll("label")].map(colour);
          return colours.filter((one) => one === colours[0]).length;
        }"""
    )
    assert lit == 3


def test_the_walk_notices_focus_that_is_not_seen(open_page: OpenPage):
    page = open_page()
    page.set_content(BARE)

    with pytest.raises(AssertionError, match="nobody sees the focus"):
        go_to(page, "a[href='#2']")


def test_the_walk_notices_a_trap(open_page: OpenPage):
    page = open_page()
    page.set_content(TRAP)

    with pytest.raises(AssertionError, match="no way on"):
        go_to(page, "a")


def go_to(page: Page, wanted: str) -> None:
    """Tab until what is wanted has the focus; at every stop it can be seen."""
    before = None
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(SEEN)
        if here is None:
            before = None
            continue
        if not here["inView"]:
            # A strip that was swapped this moment is still being brought into place.
            page.wait_for_timeout(500)
            here = page.evaluate(SEEN)
        assert here["ring"], f"nobody sees the focus on {here['what']}"
        assert here["inView"], f"out of view: {here['what']}"
        assert here["what"] != before, f"no way on from {here['what']}"
        before = here["what"]
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is not reached in {MOST_STOPS} stops")


def write(page: Page, field: str, text: str) -> None:
    go_to(page, field)
    page.keyboard.type(text)
