"""How `make run` starts the server: what it must not believe, and not write down."""

from pathlib import Path

import pytest
from django.conf import settings

RUN = (Path(settings.BASE_DIR) / "deploy" / "dev" / "run.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "flag",
    [
        # From loopback uvicorn would take anybody's word for their address, and limits with it.
        "--no-proxy-headers",
        # Query strings carry codes and digits.
        "--no-access-log",
    ],
)
def test_the_server_is_started_with(flag: str):
    assert flag in RUN.split("exec ")[-1].split()
