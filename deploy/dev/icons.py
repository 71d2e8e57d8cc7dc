# /// script
# dependencies = ["fonttools[woff]"]
# ///
"""Makes the icon font of the back office, with no more than the icons that are shown there.

    uv run deploy/dev/icons.py      # after a change of static/vendor/material-symbols/icons.txt

They are taken from the font in the theme (Material Symbols Outlined of Google, Apache-2.0, as
django-unfold brings it): 3,800 icons and 290 kB, of which some eighty are used. An icon is a
ligature: the word "search" in this font is drawn as a magnifying glass.
"""

from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "static" / "vendor" / "material-symbols"
THEIRS = "unfold/static/unfold/fonts/material-symbols/Material-Symbols-Outlined.woff2"


def main() -> None:
    whole = next(ROOT.glob(f".venv/lib/python*/site-packages/{THEIRS}"))
    wanted = set((HERE / "icons.txt").read_text().split())
    options = subset.Options(flavor="woff2", layout_features=["*"], drop_tables=["FFTM"])
    font = subset.load_font(whole, options)
    missing = wanted - keep_ligatures(font, wanted)
    if missing:
        raise SystemExit(f"The theme's font has no icon called {', '.join(sorted(missing))}")
    maker = subset.Subsetter(options)
    maker.populate(text="".join(wanted))
    maker.subset(font)
    subset.save_font(font, HERE / "material-symbols.woff2", options)


def keep_ligatures(font, wanted):
    """Drops all words but those; returns which of them there were."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found = set()
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in table.ligatures.items():
                words = {id(one): _word(letters, first, one) for one in ligatures}
                ligatures[:] = [one for one in ligatures if words[id(one)] in wanted]
                found |= {words[id(one)] for one in ligatures}
    return found


def _word(letters, first, ligature):
    return "".join(letters.get(glyph, "?") for glyph in (first, *ligature.Component))


if __name__ == "__main__":
    main()
