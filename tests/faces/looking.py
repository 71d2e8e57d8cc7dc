"""Looks at pages in the browser as somebody with a phone does, and writes down what is wrong."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Route

from tests.support.browser import LOOPBACK, MOST_SHIFT, PHONE, SHIFT

from . import hostile, worlds
from .pages import Page as Known
from .worlds import World

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Everything WCAG 2.2 asks at A and AA, and what axe's authors hold to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# The dark colours are other colours on the same elements: nothing else can have changed.
RUN_COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
# What is longer than 50 ms is a motion.
SETTLED = """() => new Promise(
  (done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))
)"""
FACTS = """async () => {
  const shift = await (SHIFT)();
  const root = document.documentElement;
  await document.fonts.ready;
  const isWord = (icon) => {
    const drawn = document.createRange();
    drawn.selectNodeContents(icon);
    return drawn.getBoundingClientRect().width > 1.5 * parseFloat(getComputedStyle(icon).fontSize);
  };
  const icons = [...document.querySelectorAll(".material-symbols-outlined")];
  const moving = document.getAnimations().filter((one) => {
    const time = one.effect.getComputedTiming();
    return one.playState === "running" && time.activeDuration > 50;
  }).map((one) => one.animationName || one.transitionProperty || "a script's");
  return {
    wide: root.scrollWidth - root.clientWidth,
    shift,
    moving: [...new Set(moving)],
    classes: [...document.querySelectorAll("[class]")].flatMap((one) => [...one.classList]),
    words: icons.filter(isWord).map((icon) => icon.textContent.trim()),
    sent: performance.getEntriesByType("resource")
      .filter((one) => !/\\.(svg|png|jpe?g|webp|ico)(#|\\?|$)/.test(one.name))
      .reduce((sum, one) => sum + one.encodedBodySize, 0)
      + performance.getEntriesByType("navigation")[0].encodedBodySize,
  };
}""".replace("SHIFT", SHIFT)


class Looker:
    """One person's browser, kept for all of their pages. ``wrong`` is what was found, by what is
    wrong, with the pages where."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.options = {"viewport": PHONE, "reduced_motion": "reduce"} | options
        self.browser = browser
        self.wrong: dict[str, list[str]] = defaultdict(list)
        self.heaviest = (0, "")
        self.office_classes: set[str] = set()
        self._page: Page | None = None
        self._where = ""
        self._said: list[str] = []
        self._opened: set[str] = set()

    def enter(self, world: World, who: str, language: str) -> None:
        self.leave()
        context = self.browser.new_context(
            locale={"zh-hans": "zh-CN", "en": "en-US"}[language], **self.options
        )
        context.set_default_timeout(20_000)
        client = worlds.client_of(world, who, language)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.url}]
        )
        self._use(context)

    def enter_as_nobody(self) -> None:
        self.leave()
        self._use(self.browser.new_context(**self.options))

    def _use(self, context: BrowserContext) -> None:
        context.route(_is_elsewhere, self._refuse)
        self._page = context.new_page()
        self._page.on("console", self._heard)
        self._page.on("pageerror", lambda error: self._said.append(f"script error: {error}"))

    def leave(self) -> None:
        if self._page is not None:
            self._page.context.close()
            self._page = None

    @property
    def page(self) -> Page:
        assert self._page is not None
        return self._page

    def look_at(self, known: Known, address: str) -> None:
        """Open it, ask everything of it in light, and of its colours in the dark."""
        self._where = f"{known} {address}"
        self._said.clear()
        self._opened.add(self.url + address)
        self.page.emulate_media(color_scheme="light")
        try:
            answer = self.page.goto(self.url + address)
        except Error as error:
            # An answer without a page: Chrome shows one of its own.
            if not known.found:
                self._note(f"not opened: {error.message[:120]}")
            return
        if answer is None or answer.status != known.status:
            if not known.found:
                self._note(f"answered {answer and answer.status}")
            return
        if urlsplit(self.page.url).path != urlsplit(address).path:
            if not known.found:
                self._note(f"led on to {urlsplit(self.page.url).path}")
            return
        # A dialog's inside, made to be put into another page.
        if not known.found or "<html" in answer.text():
            self._ask(office=known.office)

    def _ask(self, *, office: bool) -> None:
        facts = self.page.evaluate(FACTS)
        self._take(facts)
        if office:
            self.office_classes.update(facts["classes"])
        for found in self.page.evaluate(hostile.PROWLER):
            self._note(f"stored script: {found}")
        self.page.evaluate(AXE)
        self._axe(RUN_ALL, "light")
        self.page.emulate_media(color_scheme="dark")
        if office:
            # Its theme asks the system once, when it starts.
            self.page.evaluate("document.documentElement.classList.add('dark')")
        self.page.evaluate(SETTLED)
        self._axe(RUN_COLOURS, "dark")
        for said in self._said:
            self._note(said)

    def _take(self, facts: dict[str, Any]) -> None:
        if facts["wide"] > 0:
            self._note("scrolls sideways", f"by {facts['wide']} px")
        if facts["shift"] >= MOST_SHIFT:
            self._note("shifts while it loads", f"by {facts['shift']}")
        if facts["moving"]:
            self._note(f"moves though motion is unwanted: {', '.join(facts['moving'])}")
        if facts["words"]:
            self._note("an icon is shown as its name", ", ".join(facts["words"][:4]))
        self.heaviest = max(self.heaviest, (facts["sent"], self._where))

    def _axe(self, options: dict[str, Any], theme: str) -> None:
        result = self.page.evaluate("(options) => axe.run(document, options)", options)
        for violation in result["violations"]:
            nodes = violation["nodes"]
            shown = f"{len(nodes)}× {nodes[0]['html'][:110]!r}"
            if violation["id"] == "color-contrast":
                shown += " " + nodes[0]["any"][0]["message"][:110]
            self._note(f"axe {violation['id']} ({theme}): {violation['help']}", shown)

    def _heard(self, line: ConsoleMessage) -> None:
        # Chrome says it of the page itself as well, whose status is looked at anyway.
        of_itself = line.location.get("url", "") in self._opened
        if of_itself and "the server responded with a status of" in line.text:
            return
        # Chrome's hints to developers, which nobody sees who does not ask for them.
        if line.type != "verbose":
            self._said.append(f"console {line.type}: {line.text[:160]}")

    def _refuse(self, route: Route) -> None:
        self._note(f"asked another host: {route.request.url[:80]}")
        route.abort()

    def _note(self, what: str, detail: str = "") -> None:
        self.wrong[what].append(f"{self._where}: {detail}" if detail else self._where)

    def report(self, most: int = 6) -> str:
        lines = []
        for what, where in sorted(self.wrong.items()):
            lines.append(f"{what}  [{len(where)}]")
            lines += [f"    {one}" for one in where[:most]]
        return "\n".join(lines)


def look_at_all(looker: Looker, world: World, pages: Iterable[Known], language: str) -> int:
    """Each page by the person it is for; returns how many there were."""
    seen = 0
    for who, theirs in _by_person(pages).items():
        looker.enter(world, who, language)
        for known in theirs:
            address = known.address(world)
            if known.looked_at and address is not None and world.name in known.worlds:
                looker.look_at(known, address)
                seen += 1
    looker.leave()
    return seen


def _by_person(pages: Iterable[Known]) -> dict[str, list[Known]]:
    found = defaultdict(list)
    for known in pages:
        found[known.who].append(known)
    return found


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK
