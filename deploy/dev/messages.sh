#!/usr/bin/env bash
# Collects what is marked for translation into the .po files, and compiles them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_run
install_missing
require_python
require_venv requirements.txt

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
production_environment "$FOLDER"

# Line numbers would make every edit a change of the .po files; the file's name is enough.
for domain in django djangojs; do
    "$PYTHON" manage.py makemessages --no-obsolete --domain "$domain" --locale zh_Hans \
        --add-location file --no-wrap \
        --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'static/vendor' --ignore 'node_modules'
done
compile_messages

find . -path ./.venv -prune -o -path '*/LC_MESSAGES/*.po' -print | while read -r po; do
    printf '%s: ' "$po"
    msgfmt --check-format --statistics --output-file=/dev/null "$po" 2>&1
done
