"""The scripts and styles of lists and forms. Django and the theme name all that any of them could
want; here is left what this one uses (tests/faces/checks.py weighs every page)."""

from typing import Any

from django.forms import Media

# Letters of all alphabets in short names, which ours have not; rows, which the theme adds itself.
UNUSED = ("admin/js/vendor/xregexp/", "admin/js/inlines.js")
ACTIONS = ("admin/js/actions.js",)
SLUGS = ("admin/js/urlify.js", "admin/js/prepopulate.js")
SMALLER = {
    "admin/js/vendor/select2/select2.full.js": "admin/js/vendor/select2/select2.full.min.js",
    "admin/css/vendor/select2/select2.css": "admin/css/vendor/select2/select2.min.css",
}


def needed(media: Media, *, actions: bool = True, slugs: bool = False) -> Media:
    """``actions``: on what is chosen in a list. ``slugs``: made of a name while it is typed."""
    unused = UNUSED + (() if actions else ACTIONS) + (() if slugs else SLUGS)

    def left(names: list[Any]) -> list[Any]:
        smaller = [SMALLER.get(name, name) for name in names]
        return [name for name in dict.fromkeys(smaller) if not str(name).startswith(unused)]

    # Merged, in the order in which they need each other.
    merged: Any = media
    css: Any = {medium: left(names) for medium, names in merged._css.items()}
    return Media(css=css, js=left(merged._js))
