#!/usr/bin/env bash
# Makes a backup of what the .env file names, or brings one back: manage.py backup, manage.py restore.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_backup
install_missing
require_python
require_venv requirements.txt
compile_messages

exec "$PYTHON" manage.py "$@"
