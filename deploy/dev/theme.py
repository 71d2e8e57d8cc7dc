"""Makes the stylesheet of the back office: the theme's, without the rules that nothing can meet.

    .venv/bin/python deploy/dev/theme.py    # after a change of classes in the back office

django-unfold brings one stylesheet for all that anybody could build with it: 330 kB. A rule is kept
if every class in its selector is a word in some template or script that the back office is made of
(so a class is never put together of parts). tests/faces/test_theme.py says when to run it again.
"""

import re
from collections.abc import Iterator, Set
from pathlib import Path

import unfold

ROOT = Path(__file__).resolve().parents[2]
LEAN = ROOT / "static" / "vendor" / "unfold" / "styles.css"
# Below site-packages, then below the repository: everything that writes classes into a page. Of
# the theme's templates not its dress for crispy forms, which we do not use.
THEIRS = (
    "unfold/templates/a*/**/*.html",
    "unfold/templates/registration/**/*.html",
    "unfold/templates/unfold/**/*.html",
    "unfold/*.py",
    "unfold/mixins/*.py",
    "unfold/templatetags/*.py",
    "unfold/contrib/filters/**/*.html",
    "unfold/contrib/filters/**/*.py",
    "unfold/contrib/filters/**/*.js",
    "unfold/static/unfold/js/app.js",
    "unfold/static/admin/js/**/*.js",
    "django/contrib/admin/templates/**/*.html",
    "django/contrib/admin/static/admin/js/**/*.js",
    "django/forms/templates/**/*.html",
    "django/forms/utils.py",
    "import_export/templates/**/*.html",
)
OURS = (
    "templates/admin/**/*.html",
    "templates/unfold/**/*.html",
    "static/js/office*.js",
    "*/admin/**/*.py",
    "booking_site/common/**/*.py",
    "booking_site/site/*.py",
)
# Put together of parts in unfold's tabular_table.html and field rows, and in Django's widgets.
PARTED = frozenset(
    {
        "group/formset-nested",
        "group/formset-parent",
        "lg:grid-cols-3",
        "select2-container--admin-autocomplete",
    }
)
# Where a word may end: the places in which classes are written differ in what stands around them.
ENDS = (r"\s\"", r"\s\"'", r"\s\"'`<>={}%,")
WITH_RULES = ("@media", "@supports", "@layer", "@container")
CLASS = re.compile(r"(?<!\\)\.((?:\\[0-9a-f]{1,6} ?|\\.|[\w-])+)")


def main() -> None:
    LEAN.write_text(lean())


def lean(more: Set[str] = frozenset()) -> str:
    packages = Path(unfold.__file__).parents[1]
    words = _words(_texts(packages, THEIRS)) | _words(_texts(ROOT, OURS)) | PARTED | more
    theirs = (packages / "unfold/static/unfold/css/styles.css").read_text()
    notice, _end, rules = theirs.partition("*/")
    return f"{notice}*/\n{kept(re.sub(r'/[*].*?[*]/', '', rules, flags=re.S), words)}\n"


def _texts(folder: Path, patterns: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        for path in folder.glob(pattern):
            yield path.read_text()


def _words(texts: Iterator[str]) -> set[str]:
    return {word for text in texts for ends in ENDS for word in re.findall(f"[^{ends}]+", text)}


def kept(rules: str, words: Set[str]) -> str:
    found = ""
    for head, body in _rules(rules):
        if head.startswith(WITH_RULES) and body:
            inner = kept(body, words)
            found += f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@") or body is None:
            found += head if body is None else f"{head}{{{body}}}"
        else:
            met = [one for one in _parts(head) if _can_be_met(one, words)]
            found += f"{','.join(met)}{{{body}}}" if met else ""
    return found


def _can_be_met(selector: str, words: Set[str]) -> bool:
    # What stands in brackets is another attribute's.
    bare = re.sub(r"(?<!\\)\[(?:\\.|[^\]\\])*\]", "", selector)
    return all(_is_written(name, words) for name in CLASS.findall(bare))


def _is_written(name: str, words: Set[str]) -> bool:
    plain = re.sub(r"\\([0-9a-f]{1,6}) ?", lambda code: chr(int(code[1], 16)), name)
    plain = re.sub(r"\\(.)", r"\1", plain)
    # Underscores in the content of an element are written with a stroke before them.
    return plain in words or plain.replace("_", r"\_") in words


def _rules(text: str) -> Iterator[tuple[str, str | None]]:
    """Each rule as its head and its body; what ends with a semicolon has none."""
    place = 0
    while place < len(text.rstrip()):
        end = _end_of(text, place, "{;")
        if text[end] == ";":
            yield text[place : end + 1], None
            place = end + 1
            continue
        closed = _end_of(text, end + 1, "}")
        yield text[place:end].strip(), text[end + 1 : closed]
        place = closed + 1


def _parts(selectors: str) -> Iterator[str]:
    place = 0
    while place < len(selectors):
        end = _end_of(selectors, place, ",")
        yield selectors[place:end]
        place = end + 1


def _end_of(text: str, place: int, signs: str) -> int:
    """Where one of the signs stands outside of texts, brackets and what a stroke takes along."""
    depth = 0
    while place < len(text):
        sign = text[place]
        if depth == 0 and sign in signs:
            return place
        if sign == "\\":
            place += 1
        elif sign in "\"'":
            place = _end_of_text(text, place)
        depth += (sign in "([{") - (sign in ")]}")
        place += 1
    return place


def _end_of_text(text: str, place: int) -> int:
    mark, place = text[place], place + 1
    while text[place] != mark:
        place += 1 + (text[place] == "\\")
    return place


if __name__ == "__main__":
    main()
