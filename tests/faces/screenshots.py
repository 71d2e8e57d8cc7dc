"""Pictures of every page, at a phone's and a desk's width, in light and dark, in both languages,
with the demo's data and empty.

    make screenshots                           all, into var/screenshots; index.html shows them
    make screenshots ONLY=store,console        pages with one of these in their name
    make screenshots BEST=1                    the few of the documentation, into docs/images, and
                                               the README's, which puts some of them in a row

Each world is a process of its own with a database of its own in a temporary folder.
"""

import html
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "var" / "screenshots"
DOCS = ROOT / "docs" / "images"
WORLDS = ("demo", "empty")
LANGUAGES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-US")}
THEMES = ("light", "dark")
WIDTHS = {390: 844, 1440: 900}
# Also those further down, which a browser would fetch when somebody scrolls there.
ALL_PICTURES = """() => Promise.all([...document.images].map((one) => {
  one.loading = "eager";
  return one.decode().catch(() => null);
}))"""
# A longer page says nothing more.
TALLEST = 12_000
COLOURS = 256
# In the documentation: (page as the registry calls it, language, theme, width).
BEST = {
    "home": ("guest site:home", "zh", "light", 1440),
    "store": ("guest site:store", "zh", "light", 390),
    "booked": ("customer appointments:detail confirmed", "zh", "light", 390),
    "console": ("realtor appointments:console:today", "zh", "dark", 390),
    "office": ("operator admin:index", "zh", "light", 1440),
    "reviews": ("guest reviews:of_store", "en", "light", 390),
    "chat": ("customer chat:thread talk", "zh", "light", 1440),
    "courses": ("guest site:courses", "zh", "light", 1440),
    "sessions": ("realtor appointments:console:sessions", "zh", "light", 390),
    "houses": ("guest site:houses", "zh", "light", 1440),
    "boarding": ("guest appointments:boarding", "zh", "light", 390),
    "viewing": ("guest site:viewing", "zh", "light", 390),
}

KEPT = timedelta(minutes=5)
OVERVIEW = ("home", "booked", "console")
OVERVIEW_HEIGHT, GAP, GROUND = 600, 24, "#dfe7e3"


def main() -> int:
    """Both worlds beside each other, then the page that shows them."""
    with tempfile.TemporaryDirectory(prefix="yuejian-") as folder:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.faces.screenshots", world],
                cwd=ROOT,
                env=_environment(Path(folder) / world),
            )
            for world in (WORLDS[:1] if os.environ.get("BEST") else WORLDS)
        ]
        ended = [one.wait() for one in running]
    if os.environ.get("BEST"):
        _put_in_a_row()
    else:
        pictures = sorted(OUT.rglob("*.png"))
        (OUT / "index.html").write_text(_sheet(pictures), encoding="utf-8")
        print(f"{len(pictures)} pictures; look at {(OUT / 'index.html').relative_to(ROOT)}")
    return max(ended)


def _environment(folder: Path) -> dict[str, str]:
    folder.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    asked = {name: os.environ[name] for name in ("ONLY", "BEST") if name in os.environ}
    return kept | asked | {
        "DJANGO_SETTINGS_MODULE": "tests.faces.settings",
        "TEST_FOLDER": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
        # Playwright's own loop runs in this thread, which makes Django careful for nothing.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }  # fmt: skip


@dataclass(frozen=True)
class Shot:
    language: str
    theme: str
    width: int
    name: str

    def path(self) -> Path:
        return OUT / self.language / self.theme / str(self.width) / f"{self.name}.png"


def shoot_a_world(name: str) -> None:
    """In a process that has Django's settings in its environment."""
    import django
    from django.core.management import call_command
    from playwright.sync_api import sync_playwright

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from tests.faces import worlds
    from tests.support.browser import CHROMIUM, FLAGS
    from tests.support.server import Server

    world = getattr(worlds, name)()
    server = Server(Path(os.environ["TEST_FOLDER"]) / "server.log", {})
    try:
        server.wait_until_ready()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            count = sum(1 for _shot in _shoot(browser, server.url, world))
            browser.close()
    finally:
        server.stop()
    print(f"{name}: {count} pictures", flush=True)


def _shoot(browser: Any, url: str, world: Any) -> Iterator[Path]:
    """Each page is opened once for each language, and then looked at from all sides."""
    from django.utils import timezone

    from appointments.models import Hold
    from tests.faces import worlds

    for code, (language, locale) in LANGUAGES.items():
        # The one that was taken when the world was made ends before the second language begins.
        Hold.objects.update(expires_at=timezone.now() + KEPT)
        for who in worlds.PEOPLE:
            pages = [(page, where) for page, where in _wanted(world) if page.who == who]
            if not pages:
                continue
            context = browser.new_context(
                locale=locale, timezone_id="Asia/Shanghai", reduced_motion="reduce"
            )
            client = worlds.client_of(world, who, language)
            session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
            context.add_cookies([session])
            tab = context.new_page()
            for page, address in pages:
                answer = tab.goto(url + address)
                if answer and answer.status == page.status and "<html" in answer.text():
                    yield from _sides(tab, page, code, world.name)
            context.close()


def _wanted(world: Any) -> Iterator[tuple[Any, str]]:
    from django.urls import clear_url_caches

    from tests.faces.pages import every_page

    clear_url_caches()
    only = [word for word in os.environ.get("ONLY", "").split(",") if word]
    best = {what for what, *_rest in BEST.values()} if os.environ.get("BEST") else None
    for page in every_page():
        address = page.address(world)
        skipped = address is None or not page.looked_at or world.name not in page.worlds
        if skipped or (only and not any(word in str(page) for word in only)):
            continue
        if address is not None and (best is None or str(page) in best):
            yield page, address


def _sides(tab: Any, page: Any, code: str, world: str) -> Iterator[Path]:
    name = re.sub(r"\W+", "-", str(page)).strip("-") + ("-empty" if world == "empty" else "")
    for theme, width in product(THEMES, WIDTHS):
        best = [one for one, wanted in BEST.items() if wanted == (str(page), code, theme, width)]
        if os.environ.get("BEST") and not best:
            continue
        tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
        tab.emulate_media(color_scheme=theme)
        if page.office:
            # The theme draws its charts in the colours that there were when it began.
            tab.reload()
        tab.evaluate(ALL_PICTURES)
        tab.wait_for_timeout(120)
        if os.environ.get("BEST"):
            path = DOCS / f"{best[0]}.png"
            tab.screenshot(path=path)
            _press(path)
        else:
            path = Shot(code, theme, width, name).path()
            path.parent.mkdir(parents=True, exist_ok=True)
            _photograph(tab, path, width)
        yield path


def _photograph(tab: Any, path: Path, width: int) -> None:
    """In a window as tall as the page, so that a bar at its foot is at its foot."""
    tall = tab.evaluate("document.documentElement.scrollHeight")
    tab.set_viewport_size({"width": width, "height": max(WIDTHS[width], min(tall, TALLEST))})
    tab.wait_for_timeout(60)
    tab.screenshot(path=path)


def _press(path: Path) -> None:
    """Fewer colours: nobody sees the difference, and the repository stays small."""
    from PIL import Image

    picture = Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)} {path.stat().st_size / 1000:.0f} kB")


def _put_in_a_row() -> None:
    """What the README shows."""
    from PIL import Image

    shown = [Image.open(DOCS / f"{name}.png").convert("RGB") for name in OVERVIEW]
    shown = [
        one.resize((one.width * OVERVIEW_HEIGHT // one.height, OVERVIEW_HEIGHT)) for one in shown
    ]
    size = (sum(one.width + GAP for one in shown) + GAP, OVERVIEW_HEIGHT + 2 * GAP)
    row, left = Image.new("RGB", size, GROUND), GAP
    for one in shown:
        row.paste(one, (left, GAP))
        left += one.width + GAP
    row.save(DOCS / "overview.png")
    _press(DOCS / "overview.png")


def _sheet(pictures: list[Path]) -> str:
    """All pictures of a page in one row, small, each a link to itself."""
    rows: dict[str, list[Path]] = {}
    for path in pictures:
        if len(path.relative_to(OUT).parts) == 4:
            rows.setdefault(path.stem, []).append(path)
    body = "".join(
        f"<h2>{html.escape(name)}</h2><p>{_row(rows[name])}</p>" for name in sorted(rows)
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page</title><style>"
        "body{font:14px system-ui;margin:24px;background:#eef2f0}h2{margin:32px 0 8px}"
        "p{display:flex;gap:12px;overflow-x:auto;margin:0;align-items:flex-start}a{color:#0c5f49}"
        "img{display:block;height:320px;width:auto;border:1px solid #cbd8d1;background:#fff}"
        f"</style><h1>{len(pictures)} pictures of {len(rows)} pages</h1>{body}</html>"
    )


def _row(paths: list[Path]) -> str:
    return "".join(
        f"<a href='{path.relative_to(OUT)}'><img loading=lazy src='{path.relative_to(OUT)}' alt=''>"
        f"{'/'.join(path.relative_to(OUT).parts[:3])}</a>"
        for path in paths
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        shoot_a_world(sys.argv[1])
    else:
        sys.exit(main())
