"""The import boundaries of pyproject.toml hold, and no app stands outside of them."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def contract(name: str) -> dict:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["id"] == name)


def local_apps() -> set[str]:
    """Installed apps whose code is ours; the virtual environment lies in the same folder."""
    ours = [path for path in ROOT.iterdir() if (path / "__init__.py").exists()]
    return {
        config.name
        for config in apps.get_app_configs()
        if any(Path(config.path).is_relative_to(path) for path in ours)
    }


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_contract_is_kept():
    checked = lint_imports(ROOT)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_local_app_is_a_layer():
    layers = {name for line in contract("apps")["layers"] for name in re.split(r"\s*[:|]\s*", line)}

    assert local_apps() - layers == set()


def test_every_app_has_its_inside_checked():
    inside = set(contract("inside")["containers"])

    assert {name for name in local_apps() if not name.startswith("booking_site.")} == inside


# Does the machine really notice? Each of these lines, in a copy, must break a contract.
OFFENCES = [
    ("accounts/services.py", "import appointments.models"),
    ("chat/services.py", "import reviews.models"),
    ("stores/rules/opening.py", "import stores.services"),
    ("realtors/services.py", "from rest_framework.response import Response"),
    ("appointments/models/claim.py", "import celery"),
    ("booking_site/common/errors.py", "import stores.models"),
]


@pytest.mark.parametrize(("path", "line"), OFFENCES)
def test_a_forbidden_import_is_noticed(tmp_path: Path, path: str, line: str):
    for package in ("booking_site", *contract("inside")["containers"]):
        for module in ("__init__", "models", "services", "rules"):
            file = tmp_path / package / module / "__init__.py"
            if module == "__init__":
                file = tmp_path / package / "__init__.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    for module in ("urls", "asgi", "site", "settings", "common/__init__"):
        file = tmp_path / "booking_site" / f"{module}.py"
        file.parent.mkdir(exist_ok=True)
        file.touch()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert lint_imports(tmp_path).returncode == 0

    offender = tmp_path / path
    if offender.with_suffix("").is_dir():
        offender = offender.with_suffix("") / "__init__.py"
    offender.write_text(f"{line}\n", encoding="utf-8")

    assert lint_imports(tmp_path).returncode == 1
