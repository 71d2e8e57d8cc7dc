#!/usr/bin/env bash
# Installs what the tests need and hands over to tests/run.py, which starts and stops the services.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_test
install_missing
require_python
require_venv requirements.txt requirements-dev.txt
compile_messages

exec "$PYTHON" -m tests.run "$@"
