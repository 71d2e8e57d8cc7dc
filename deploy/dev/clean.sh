#!/usr/bin/env bash
# Removes what the other scripts made. The .env file stays: it may hold values of the user's own. So does
# var/backups, the default of BACKUP_FOLDER: backups are there for the day when all else is gone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
if [ -d var ]; then
    find -H var -mindepth 1 -maxdepth 1 ! -name backups -exec rm -rf {} +
    rmdir --ignore-fail-on-non-empty var/backups 2>/dev/null || true
    rmdir --ignore-fail-on-non-empty var 2>/dev/null || true
fi
# What was backed up is nobody's cache, whatever its name.
find . \( -path ./.git -o -path ./var \) -prune -o \( -name __pycache__ -o -name '*.mo' \) -print0 |
    xargs -0 --no-run-if-empty rm -rf
if [ -d var/backups ]; then
    say "Kept: var/backups, with the backups. Whoever no longer needs them removes the folder by hand."
fi
