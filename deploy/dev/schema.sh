#!/usr/bin/env bash
# Writes the OpenAPI document of the code as it stands, and fails on anything unclear in it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

TARGET=${1:?the file to write}
require_python
require_venv requirements.txt

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
production_environment "$FOLDER"

"$PYTHON" manage.py spectacular --validate --fail-on-warn --file "$FOLDER/openapi.yml"
mkdir -p "$(dirname "$TARGET")"
mv "$FOLDER/openapi.yml" "$TARGET"
