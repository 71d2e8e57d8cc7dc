"""Colours that can be read, in both themes, and a styleguide that shows all there is."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from booking_site.site import palette
from booking_site.site.palette import pairs
from booking_site.site.views.styleguide import PICTURES

STYLEGUIDE = Path(settings.BASE_DIR) / "templates" / "site" / "styleguide.html"
PARTS = Path(settings.BASE_DIR) / "templates" / "_components"
# Parts of others, and of the frame around every page.
SHOWN_INSIDE = {
    "day_strip",
    "heart",
    "slot",
    "header",
    "bell",
    "talks",
    "footer",
    "nav_link",
    "form_errors",
    "theme_toggle",
}


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair.text}-on-{pair.ground}")
def test_a_pair_of_colours_has_the_contrast_it_needs(pair):
    assert pair.light >= pair.least
    assert pair.dark >= pair.least


def test_contrast_is_reckoned_as_wcag_does():
    assert palette.contrast("#000000", "#ffffff") == 21
    assert palette.contrast("#777777", "#ffffff") == 4.48
    assert palette.contrast("#0f6a52", "#0f6a52") == 1


def test_dark_is_the_same_whoever_asks_for_it():
    _light, by_system, by_choice = palette.blocks()

    assert by_system == by_choice
    assert len(by_system) > 30


def test_every_part_is_in_the_styleguide_and_in_the_list_of_parts():
    shown = set(re.findall(r"_components/(\w+)\.html", STYLEGUIDE.read_text()))
    listed = (PARTS / "README.md").read_text()
    parts = {path.stem for path in PARTS.glob("*.html")}

    assert parts - shown - SHOWN_INSIDE == set()
    assert {part for part in parts - SHOWN_INSIDE if f"`{part}`" not in listed} == set()


def test_every_drawing_for_an_empty_place_is_shown():
    drawn = (Path(settings.BASE_DIR) / "static" / "img").glob("empty-*.svg")

    assert {path.stem.removeprefix("empty-") for path in drawn} == set(PICTURES)
