"""Every page in a real browser, on a phone, in light and in dark: axe, console, other hosts, width,
shifts, motion, and what hostile people have written.

Parts, which run beside each other with ``-n 2``. Each reports all it found, not the first.
"""

import os
import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from deploy.dev.theme import LEAN, lean
from tests.support.server import Server, StartServer

from . import hostile, worlds
from .checks import MOST_BYTES
from .looking import Looker, look_at_all
from .pages import Page, every_page


@pytest.fixture
def faces(live_uvicorn: StartServer) -> Server:
    """A server that has the styleguide and the page with every sin as well."""
    return live_uvicorn(DJANGO_SETTINGS_MODULE="tests.faces.settings")


def site_pages() -> list[Page]:
    return [page for page in every_page() if not page.office]


def pages_of_the_empty() -> list[Page]:
    """Of the back office its first pages and a list: forms are the same as in the full one."""
    lists = ("admin:appointments_appointment_changelist", "admin:reviews_review_changelist")
    return [page for page in every_page() if not page.found or page.name in lists]


# The lists and forms of the back office are made alike: a few of them are looked at in every run.
# All of them, and the pages of an empty site, with FACES=all (`make faces`): some minutes more.
OFTEN = re.compile(
    r"^admin:(appointments_appointment|reviews_review|stores_store|realtors_realtor)_"
    r"(changelist|change|history|export|live|reassign|reschedule|hide_here)$"
)
ALL = os.environ.get("FACES") == "all"


def office_pages() -> list[Page]:
    pages = [page for page in every_page() if page.office]
    return pages if ALL else [page for page in pages if not page.found or OFTEN.match(page.name)]


def first_half() -> list[Page]:
    return office_pages()[::2]


def second_half() -> list[Page]:
    return office_pages()[1::2]


PARTS = {
    "full-site": (worlds.full, site_pages, "zh-hans"),
    "full-office-1": (worlds.full, first_half, "zh-hans"),
    "full-office-2": (worlds.full, second_half, "zh-hans"),
}
if ALL:
    PARTS["empty"] = (worlds.empty, pages_of_the_empty, "en")


@pytest.mark.usefixtures("doors")
@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_wrong_with_any_page(faces: Server, browser: Browser, part: str):
    make, pages, language = PARTS[part]
    looker = Looker(browser, faces.url)

    seen = look_at_all(looker, make(), pages(), language)

    print(f"\n{part}: {seen} pages, the heaviest {looker.heaviest}")
    assert seen >= (5 if part.startswith("full-office") else 20)
    assert not looker.wrong, f"\n{looker.report()}"
    # Only what is collected first, as make test does, is sent compressed.
    if part.startswith("full-office") and not getattr(settings, "SERVESTATIC_USE_FINDERS", False):
        assert looker.heaviest[0] <= MOST_BYTES
    # Scripts write classes too.
    assert lean(looker.office_classes) == LEAN.read_text()
    assert "Traceback" not in faces.written(), faces.written()[-4000:]


def test_no_letter_runs_what_somebody_wrote(transactional_db: None, browser: Browser):
    worlds.full()
    written = worlds.letters()
    page = browser.new_page()

    wrong = {}
    for letter in written:
        page.set_content(letter)
        found = page.evaluate(hostile.PROWLER)
        wrong |= {letter[:2000]: found} if found else {}

    assert len(written) > 10
    assert wrong == {}
    # The same eye sees one that does.
    page.set_content(written[0].replace("</body>", hostile.PICTURE + "</body>"))
    assert page.evaluate(hostile.PROWLER)
    page.close()


@pytest.mark.usefixtures("doors")
def test_each_check_can_fail(faces: Server, browser: Browser):
    looker = Looker(browser, faces.url)
    looker.enter_as_nobody()
    looker.look_at(Page("sins"), "/sins/")
    looker.look_at(Page("nowhere"), "/nowhere/")
    looker.leave()
    found = looker.report()

    for sin in (
        "axe button-name",
        "axe color-contrast (light)",
        "axe color-contrast (dark)",
        "axe image-alt",
        "asked another host: http://elsewhere.example",
        "console error: Failed to load resource: the server responded with a status of 404",
        "scrolls sideways",
        "shifts while it loads",
        "moves though motion is unwanted: on",
        "an icon is shown as its name",
        "stored script: <img onerror>",
        "stored script: href=javascript:alert(1)",
        "answered 404",
    ):
        assert sin in found, (sin, found)
