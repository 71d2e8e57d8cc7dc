"""Chinese is complete: what `make messages` would still ask for fails here."""

import gettext
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from appointments.errors import SlotTaken

ROOT = Path(settings.BASE_DIR)
OURS, OF_PACKAGES = (
    Path(folder) / "zh_Hans/LC_MESSAGES/django.po" for folder in settings.LOCALE_PATHS
)
CATALOGUES = [OURS, OF_PACKAGES]
IGNORED = [
    ".*",
    "__pycache__",
    "var",
    "tests",
    "vendor",
    "node_modules",
    "locale",
    "locale_packages",
]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")

both = pytest.mark.parametrize("catalogue", CATALOGUES, ids=["ours", "packages"])


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def asked_for(*options: str | Path) -> list[str]:
    """The texts of a catalogue that msgattrib picks by these options."""
    return re.findall(r'^msgid ".+', run("msgattrib", "--no-wrap", *options), re.MULTILINE)


def texts(catalogue: Path, folder: Path) -> dict[str, str]:
    """Text with context -> translation; a text with plural forms counts by its first."""
    compiled = folder / f"{len(list(folder.iterdir()))}.mo"
    run("msgfmt", "--output-file", compiled, catalogue)
    with compiled.open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key[0] if isinstance(key, tuple) else key: text for key, text in found.items() if key}


def collected(folder: Path) -> set[str]:
    """What the sources ask for now, found as `make messages` finds it, in a copy of them."""
    written = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    call_command("makemessages", locale=["zh_Hans"], no_wrap=True, verbosity=0)
    run("msgen", "--output-file", written, written)
    return set(texts(written, folder))


@both
def test_every_text_is_translated(catalogue: Path):
    assert asked_for("--untranslated", "--no-obsolete", catalogue) == []


@both
def test_no_translation_is_a_guess(catalogue: Path):
    assert asked_for("--only-fuzzy", "--no-obsolete", catalogue) == []


@both
def test_no_text_is_left_over(catalogue: Path):
    assert [line for line in catalogue.read_text("utf-8").splitlines() if line[:2] == "#~"] == []


@both
def test_the_gettext_tools_find_no_fault(catalogue: Path, tmp_path: Path):
    run("msgfmt", "--check", "--output-file", tmp_path / "checked.mo", catalogue)


@both
def test_translations_keep_the_placeholders(catalogue: Path, tmp_path: Path):
    differing = {
        text: translated
        for text, translated in texts(catalogue, tmp_path).items()
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(translated))
    }

    assert differing == {}


def test_the_catalogue_holds_what_the_sources_say(tmp_path: Path, monkeypatch, settings):
    copy, found = tmp_path / "copy", tmp_path / "locale"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*IGNORED, "static", "docs"))
    found.mkdir()
    monkeypatch.chdir(copy)
    settings.LOCALE_PATHS = [str(found)]

    wanted, held = collected(found), set(texts(OURS, found))

    assert wanted - held == set(), "run `make messages` and translate these"
    assert held - wanted == set(), "run `make messages`: nothing says these any more"


def test_a_taken_slot_is_refused_in_the_words_of_the_contract():
    with translation.override("zh-hans"):
        assert str(SlotTaken.message) == "时段已被预约"
