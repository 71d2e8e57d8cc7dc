"""What the documents point at is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
ROOMS = {path.name for path in ROOT.iterdir() if path.is_dir()}


def named_paths(text: str) -> set[str]:
    """In code spans, from a folder of ours on: ``tests/races/crowd.py``, not ``/api/docs/``."""
    spans = re.findall(r"`([\w./-]+)`", text)
    return {span for span in spans if "/" in span and span.split("/")[0] in ROOMS}


def links(text: str) -> set[str]:
    return {
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)]+)\)", text)
        if not target.startswith(("http", "#"))
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(document: Path):
    text = document.read_text(encoding="utf-8")

    missing = {path for path in named_paths(text) if not (ROOT / path).exists()}
    missing |= {link for link in links(text) if not (document.parent / link).exists()}
    assert missing - {"var/db.sqlite3", "var/mail/"} == set()
