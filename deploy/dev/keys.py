"""Writes the .env file of a demo with keys of its own, or adds the keys that one lacks."""

import secrets
import sys
from pathlib import Path

HEAD = """\
# Made by `make run` for this machine only; git ignores it. deploy/env.example explains each name.
DEMO=1
DEBUG=0
"""
KEYS = ("SECRET_KEY", "JWT_SIGNING_KEY")
# By this the settings know it: an installation that is no demo does not start with it.
MARK = "demo-"


def main(path: Path) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    there = {line.partition("=")[0].strip() for line in text.splitlines()}
    lacking = [key for key in KEYS if key not in there]
    if not lacking:
        return
    if not text.endswith("\n"):
        text += "\n"
    text += "".join(f"{key}={MARK}{secrets.token_urlsafe(48)}\n" for key in lacking)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
