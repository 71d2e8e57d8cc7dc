#!/usr/bin/env bash
# Pictures of every page into var/screenshots, with a page that shows them all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_run
need chromium has_chromium
need fonts-noto-cjk has_chinese_font
install_missing
require_python
require_venv requirements.txt requirements-dev.txt
compile_messages

exec "$PYTHON" -m tests.faces.screenshots
