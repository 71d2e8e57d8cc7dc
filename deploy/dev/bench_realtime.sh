#!/usr/bin/env bash
# Installs what the measurements need and hands over to benchmarks/realtime, which starts and stops
# its services.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_test
install_missing
require_python
require_venv requirements.txt requirements-dev.txt
compile_messages

exec "$PYTHON" -m benchmarks.realtime "$@"
