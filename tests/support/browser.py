"""Debian's Chromium through Playwright, kept off the network and on the record."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PHONE = {"width": 390, "height": 844}
# How much of a page has moved since it was opened, without anybody having touched it.
SHIFT = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  }).observe({type: "layout-shift", buffered: true});
  await new Promise((done) => setTimeout(done, 30));
  return Math.round(sum * 1000) / 1000;
}"""
# What nobody notices (web.dev's "good").
MOST_SHIFT = 0.1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module.

    Not for the whole session: while Playwright's synchronous API is started, this thread counts
    as one with a running event loop, and neither Django's ORM nor async_to_sync would work in
    the tests that come after.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield chromium
            chromium.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class OpenPage(Protocol):
    """A page in a context of its own (cookies and all); options are those of ``new_context``."""

    def __call__(self, **options: Any) -> Page: ...


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open pages at a phone's size, in Chinese; ``java_script_enabled=False`` and others change it.

    The test fails when a page asked another host for anything, or when one of its scripts failed
    or was refused by the content security policy. A failed test leaves screenshots in
    ``var/screenshots``.
    """
    if "site" in request.fixturenames:
        # The server that the pages are of must be there longer than they are.
        request.getfixturevalue("site")
    contexts: list[BrowserContext] = []
    wrongs: list[str] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": PHONE, "locale": "zh-CN"} | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.route(_is_elsewhere, lambda route: _refuse(route, wrongs))
        page = context.new_page()
        page.on("pageerror", lambda error: wrongs.append(f"script error: {error}"))
        page.on("console", lambda line: _note_refusal(line.text, wrongs))
        return page

    yield open_one
    if wrongs or getattr(request.node, "failed_in_call", False):
        _photograph(contexts, request.node.nodeid)
    for context in contexts:
        context.close()
    assert not wrongs, "\n".join(wrongs)


def _is_elsewhere(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK


def _refuse(route: Route, wrongs: list[str]) -> None:
    wrongs.append(f"asked another host: {route.request.url}")
    route.abort()


def _note_refusal(text: str, wrongs: list[str]) -> None:
    if "Content Security Policy" in text:
        wrongs.append(text)


def _photograph(contexts: list[BrowserContext], name: str) -> None:
    folder = Path(__file__).resolve().parents[2] / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w-]+", "-", name).strip("-")
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=folder / f"{stem}-{number}.png", full_page=True)
