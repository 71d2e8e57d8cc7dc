"""The back office's stylesheet and icons are parts of the theme's; nothing is missed."""

import re
from pathlib import Path

import pytest
import unfold

from appointments.admin import moves as of_appointments
from booking_site.settings.env import BASE_DIR
from booking_site.site import backoffice
from chat.admin import moves as of_chat
from deploy.dev.theme import LEAN, THEIRS, kept, lean
from reviews.admin import moves as of_reviews

from .checks import ICONS, Visit

AGAIN = "run .venv/bin/python deploy/dev/theme.py"
PACKAGES = Path(unfold.__file__).parents[1]
TEMPLATES = [
    *(BASE_DIR / "templates" / "admin").rglob("*.html"),
    *(BASE_DIR / "templates" / "unfold").rglob("*.html"),
    *(path for one in THEIRS if one.startswith("unfold/templates") for path in PACKAGES.glob(one)),
]
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)
DRAWN = re.compile(r'material-symbols-outlined[^"]*"[^>]*>([^<]*)<')
NAMED = re.compile(r'\bicon="(\w+)"')


def test_the_stylesheet_is_made_of_what_stands_in_the_code_today():
    assert LEAN.read_text() == lean(), AGAIN


@pytest.mark.django_db
def test_no_page_has_a_class_that_was_left_out(visits: list[Visit]):
    pages = [one for one in visits if one.office and one.is_page]
    shown = {name for one in pages for name in one.source.classes}

    assert len(shown) > 300
    assert lean(shown) == LEAN.read_text(), f"name what is put together in PARTED, then {AGAIN}"


def test_a_class_that_nobody_writes_is_left_out():
    sheet = (
        "@layer a;@font-face{src:url(x)}h1,.seen:hover,.never{color:red}"
        r"@media print{.never{a:b}.md\:w-1\/2,.w-\[2px\].seen{c:d}}.x\~y [a=\".never\"]{e:f}"
        "@media screen{.never:not(.seen){g:h}}"
    )

    assert kept(sheet, {"seen", "md:w-1/2", "w-[2px]", "x~y"}) == (
        "@layer a;@font-face{src:url(x)}h1,.seen:hover{color:red}"
        r"@media print{.md\:w-1\/2,.w-\[2px\].seen{c:d}}.x\~y [a=\".never\"]{e:f}"
    )


def test_every_icon_that_a_template_names_is_in_the_font():
    named = {name for path in TEMPLATES for name in icons_in(path.read_text())}

    assert {"search", "check_small", "history"} <= named
    assert named - ICONS == set()


def test_every_icon_that_the_stylesheet_draws_is_in_the_font():
    drawn = set(re.findall(r'content:"([a-z_]+)"', LEAN.read_text()))

    assert "check_small" in drawn
    assert drawn - ICONS == set()


def test_every_icon_of_the_menu_and_of_what_can_be_done_is_in_the_font():
    menu = {icon for _group, models in backoffice.GROUPS for _model, icon in models}
    pages = {icon for _name, _title, icon in backoffice.PAGES.values()}
    moves = {move.icon for moves in (of_appointments, of_chat, of_reviews) for move in moves.MOVES}

    assert len(moves) > 10
    assert (menu | pages | moves | {backoffice.REST_ICON}) - ICONS == set()


def icons_in(template: str) -> set[str]:
    drawn = (TAG.sub(" ", one).split() for one in DRAWN.findall(template))
    names = {word for words in drawn for word in words if re.fullmatch("[a-z_]+", word)}
    return names | set(NAMED.findall(template))
