"""Every sticker is a small drawing of our own that says also to who cannot see it what it is."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings

from chat.presenters.stickers import LABELS, sticker_label
from chat.rules import STICKERS

DRAWINGS = Path(settings.BASE_DIR, "static", "img", "stickers")


def test_each_has_a_drawing_and_words_and_there_are_no_others():
    assert {path.stem for path in DRAWINGS.iterdir()} == set(STICKERS) == set(LABELS)


@pytest.mark.parametrize("name", STICKERS)
def test_its_drawing_is_small_and_asks_nobody_for_anything(name):
    drawing = (DRAWINGS / f"{name}.svg").read_text()
    root = ElementTree.fromstring(drawing)
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert root.get("viewBox") == "0 0 96 96"
    assert tags <= {"svg", "g", "path", "circle", "rect"}
    assert "href" not in drawing
    assert "url(" not in drawing
    assert len(drawing.encode()) < 2500


def test_one_that_we_have_no_more_is_still_a_sticker():
    assert sticker_label("gone-out-of-print") == "Sticker"
