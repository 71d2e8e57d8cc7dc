"""Every page in both languages, empty and full, for everybody who looks at it: few queries, little
weight, nothing inline, nobody else's host, one headline.

``pytest tests/faces/test_pages.py -s`` prints the heaviest and the most curious.
"""

from collections import Counter
from dataclasses import replace

import pytest
from django.conf import settings

from .checks import ANYWHERE, CHECKS, MOST_BYTES, Source, Visit, fonts_of, packed
from .conftest import visit
from .pages import Page
from .worlds import GUEST, client_of, empty

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_no_page_has(visits: list[Visit], check):
    seen = [one for one in visits if one.is_page or check in ANYWHERE]

    wrong = [f"{one.what} {one.address}: {said}" for one in seen for said in check(one)]

    assert len(seen) > 50
    assert not wrong, "\n" + "\n".join(wrong)


def test_titles_tell_pages_apart(visits: list[Visit]):
    ours = {
        (one.source.title, one.address.partition("?")[0])
        for one in visits
        if one.is_page and not one.office
    }
    told = Counter(title for title, _address in ours)

    # A page that is about one of many (a booking, a store) may share its title with the others.
    assert {title: count for title, count in told.items() if count > 6} == {}


def test_how_much_they_ask_and_weigh(visits: list[Visit]):
    """Prints; the limits are checked above."""
    for office in (False, True):
        pages = [one for one in visits if one.is_page and one.office == office]
        curious = max(pages, key=lambda one: len(one.queries))
        heavy = max(pages, key=lambda one: one.weight)
        print(
            f"\n{'back office' if office else 'site'}: {len(pages)} pages, at most"
            f" {len(curious.queries)} queries ({curious.what}),"
            f" {heavy.weight / 1000:.1f} kB ({heavy.what})"
        )


@pytest.mark.usefixtures("doors")
def test_each_check_can_fail():
    world = empty()
    sins = visit(client_of(world, GUEST), Page("sins"), "/sins/", "en")
    lost = visit(client_of(world, GUEST), Page("nowhere"), "/nowhere/", "en")

    assert wrong(sins) == {
        "too_many_queries",
        "too_heavy",
        "inline_code",
        "unknown_icons",
        "stored_script",
        "foreign_hosts",
        "wrong_language",
        "no_single_headline",
    }
    assert "wrong_status" in wrong(lost)


@pytest.mark.parametrize(
    ("below", "said"), [("", 0), (" \n<div></div>", 0), ("<p>Sent.</p>", 1), ("<input>", 1)]
)
def test_what_is_below_the_headline_is_counted(below, said):
    page = f"<main><p>Home</p><h1>Title</h1>{below}</main><footer>Help</footer>"

    assert Source(page).said == said


def test_libraries_and_fonts_weigh_like_everything_else():
    page = Visit("a page", "/", "en", 200, 200, html="", queries=())
    sheet = "unfold/fonts/inter/styles.css"
    heavy = replace(page, html=f'<link rel="stylesheet" href="{settings.STATIC_URL}{sheet}">')

    assert fonts_of(sheet) == {
        f"unfold/fonts/inter/Inter-{weight}.woff2"
        for weight in ("Regular", "Medium", "SemiBold", "Bold")
    }
    assert heavy.weight > 400_000
    assert replace(page, answered=MOST_BYTES).weight > MOST_BYTES
    assert packed("unfold/js/chart/chart.js") > 60_000


def wrong(one: Visit) -> set[str]:
    return {check.__name__ for check in CHECKS if check(one)}
