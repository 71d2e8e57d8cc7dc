"""What is asked of the source of every page."""

import gzip
import posixpath
import re
from dataclasses import dataclass
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from booking_site.settings.env import BASE_DIR

MOST_QUERIES = 15
# Of the first view without pictures: the page, its styles, scripts and fonts, libraries included.
MOST_BYTES = 150_000
FONT = re.compile(r"""url\(["']?([^"')]+\.(?:woff2?|ttf|otf))["']?\)""")
# What the back office's font draws; deploy/dev/icons.py makes it.
ICON = "material-symbols-outlined"
ICONS = frozenset((BASE_DIR / "static/vendor/material-symbols/icons.txt").read_text().split())
HEADLINES = 1
OWN_HOSTS = ("testserver", "127.0.0.1", "localhost", None)
# What a page of the back office may answer that was found and is not for this person or state.
ELSEWHERE = (301, 302, 403, 405)
FETCHING = {"src", "href", "srcset", "poster", "data", "action", "formaction", "xlink:href"}


class Source(HTMLParser):
    """The page as its author wrote it: elements, titles, what they ask for, and whether there is
    anything below the headline (``said`` counts words and controls there)."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.title = ""
        self.headlines = 0
        self.inline: list[str] = []
        self.stored: list[str] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.classes: set[str] = set()
        self.icons: set[str] = set()
        self.said = 0
        self._in = ""
        self._in_icon = False
        self._below_headline = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        self.classes.update(classes)
        self._in, self._in_icon = tag, ICON in classes
        if tag == "html":
            self.language = given.get("lang", "")
        self.headlines += tag == "h1"
        self.said += self._below_headline and tag in ("a", "button", "input", "img")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.inline.append(f"<{tag} {name}={value[:60]!r}>")
            if "__ran" in value and (
                name.startswith("on") or value.strip().startswith("javascript")
            ):
                self.stored.append(f"<{tag} {name}={value[:60]!r}>")
            if name in FETCHING and (tag, name) != ("a", "href"):
                self.asked.append((tag, value, given))
        if tag == "style" or (tag == "script" and "src" not in given and _runs(given)):
            self.inline.append(f"<{tag}> without a file")

    def handle_endtag(self, tag: str) -> None:
        self._in, self._in_icon = "", False
        if tag in ("h1", "main"):
            self._below_headline = tag == "h1"

    def handle_data(self, data: str) -> None:
        if self._in == "script" and "__ran" in data:
            self.stored.append("<script>")
        if self._in_icon and data.strip():
            self.icons.add(data.strip())
        if self._in == "title" and not self.title:
            self.title = data.strip()
        self.said += self._below_headline and bool(data.strip())


def _runs(given: dict[str, str]) -> bool:
    return given.get("type", "") in ("", "module", "text/javascript") and "nonce" not in given


@dataclass(frozen=True)
class Visit:
    """One page as one person got it."""

    what: str
    address: str
    language: str
    status: int
    wanted_status: int
    html: str
    queries: tuple[str, ...]
    office: bool = False
    found: bool = False
    # Bytes of scripts that are no files.
    answered: int = 0

    @property
    def is_page(self) -> bool:
        """Pages that were found by themselves may lead elsewhere or belong to somebody else."""
        return self.status == self.wanted_status and "<html" in self.html

    @cached_property
    def source(self) -> Source:
        return Source(self.html)

    @property
    def weight(self) -> int:
        """Bytes of the first view without pictures, as the server sends them: the middleware
        compresses pages, and ServeStatic keeps styles and scripts compressed. A font that a style
        names is fetched once a letter of it is shown: all are counted."""
        files = self.files()
        fonts = {font for name in files if name.endswith(".css") for font in fonts_of(name)}
        return squeezed(self.html.encode()) + self.answered + sum(map(packed, files | fonts))

    def files(self) -> set[str]:
        found = set()
        for tag, value, given in self.source.asked:
            wanted = tag == "script" or (tag == "link" and given.get("rel") == "stylesheet")
            if wanted and value.startswith(settings.STATIC_URL):
                found.add(unquote(urlsplit(value).path.removeprefix(settings.STATIC_URL)))
        return found


def wrong_status(visit: Visit) -> list[str]:
    if visit.status == visit.wanted_status or (visit.found and visit.status in ELSEWHERE):
        return []
    return [f"answered {visit.status}, not {visit.wanted_status}"]


def too_many_queries(visit: Visit) -> list[str]:
    if len(visit.queries) <= MOST_QUERIES:
        return []
    shown = "".join(f"\n      {sql[:150]}" for sql in visit.queries)
    return [f"{len(visit.queries)} queries{shown}"]


def too_heavy(visit: Visit) -> list[str]:
    return [] if visit.weight <= MOST_BYTES else [f"{visit.weight:,} bytes"]


def inline_code(visit: Visit) -> list[str]:
    """The back office's theme has styles of its own inline; handlers are nobody's."""
    found = visit.source.inline
    if visit.office:
        found = [one for one in found if " on" in one.split("=")[0]]
    return [f"inline: {', '.join(found[:4])}"] if found else []


def stored_script(visit: Visit) -> list[str]:
    """What somebody wrote came out as markup (tests.faces.hostile)."""
    found = visit.source.stored
    return [f"as markup: {', '.join(found[:3])}"] if found else []


def unknown_icons(visit: Visit) -> list[str]:
    """Its name would stand there in letters."""
    found = visit.source.icons - ICONS
    told = "add to static/vendor/material-symbols/icons.txt, run deploy/dev/icons.py"
    return [f"{told}: {', '.join(sorted(found))}"] if found else []


def foreign_hosts(visit: Visit) -> list[str]:
    found = [
        value
        for tag, value, _given in visit.source.asked
        if urlsplit(value).hostname not in OWN_HOSTS and not value.startswith("data:")
    ]
    return [f"asks {', '.join(found[:3])}"] if found else []


def wrong_language(visit: Visit) -> list[str]:
    spoken = visit.source.language.lower()
    right = {"zh-hans": ("zh-hans",), "en": ("en",)}[visit.language]
    return [] if spoken in right else [f"lang={spoken!r} for a reader of {visit.language}"]


def no_single_headline(visit: Visit) -> list[str]:
    count = visit.source.headlines
    return [] if count == HEADLINES else [f"{count} h1"]


def nothing_on_it(visit: Visit) -> list[str]:
    """A template that stumbles within ``block.super`` leaves an empty place and no error."""
    return [] if visit.office or visit.source.said else ["nothing below the headline"]


def no_title(visit: Visit) -> list[str]:
    return [] if len(visit.source.title) > 2 else ["no title"]


# Of whole pages, and of whatever else is answered.
ANYWHERE = (wrong_status, stored_script)
CHECKS = (
    *ANYWHERE,
    too_many_queries,
    too_heavy,
    inline_code,
    unknown_icons,
    foreign_hosts,
    wrong_language,
    no_single_headline,
    nothing_on_it,
    no_title,
)


def squeezed(content: bytes) -> int:
    """As booking_site.common.middleware.Compressed sends it."""
    return len(gzip.compress(content, 6))


@cache
def packed(name: str) -> int:
    """A static file in the size in which it is sent: a font is compressed in itself."""
    path = _found(name)
    if path is None:
        return 0
    content = path.read_bytes()
    return len(content) if FONT.match(f"url({name})") else len(gzip.compress(content, 9))


@cache
def fonts_of(name: str) -> frozenset[str]:
    """The files of fonts that a stylesheet names."""
    path = _found(name)
    named = FONT.findall(path.read_text()) if path else []
    return frozenset(posixpath.normpath(posixpath.join(name, "..", font)) for font in named)


def _found(name: str) -> Path | None:
    plain = re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name)
    path = finders.find(name) or finders.find(plain)
    return Path(path) if path else None
