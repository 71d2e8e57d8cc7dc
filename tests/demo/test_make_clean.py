"""`make clean` removes what the scripts made, and never a backup."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MADE = (
    ".venv/bin/python",
    "var/demo.sqlite3",
    "var/media/cat.jpg",
    "var/.hidden",
    ".ruff_cache/x",
    "stores/__pycache__/x.pyc",
    "locale/django.mo",
)
STAYS = (".env", "manage.py")
BACKUP = "var/backups/2026-11-28T030000Z/uploads/x.mo"


def put(checkout: Path, *names: str) -> None:
    for name in names:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def clean(checkout: Path) -> str:
    """What it says."""
    done = subprocess.run(
        ["make", "clean"], cwd=checkout, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile and its scripts, and what they and their user have made."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "deploy" / "dev", folder / "deploy" / "dev")
    shutil.copy(ROOT / "Makefile", folder)
    put(folder, *MADE, *STAYS)
    return folder


def test_backups_stay_and_it_says_so(checkout: Path):
    put(checkout, BACKUP)

    said = clean(checkout)

    assert (checkout / BACKUP).read_text(encoding="utf-8") == BACKUP
    assert "Kept: var/backups" in said
    assert [path.name for path in (checkout / "var").iterdir()] == ["backups"]
    assert [name for name in MADE if (checkout / name).exists()] == []
    assert [name for name in STAYS if not (checkout / name).exists()] == []


def test_without_backups_nothing_of_var_is_left(checkout: Path):
    (checkout / "var" / "backups").mkdir()

    said = clean(checkout)

    assert not (checkout / "var").exists()
    assert "Kept" not in said
    assert "Kept" not in clean(checkout), "a second time there is nothing to do, and no fault"
