#!/usr/bin/env bash
# Every check that needs no test: all of them run, and one failure fails the whole.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_run
install_missing
require_python
require_venv requirements.txt requirements-dev.txt

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
production_environment "$FOLDER"

FAILED=()

check() { # name, command…
    local name=$1 began=$SECONDS
    shift
    if "$@" >"$FOLDER/output" 2>&1; then
        say "  ok      $name ($((SECONDS - began)) s)"
    else
        say "  FAILED  $name: $*"
        sed 's/^/          /' "$FOLDER/output" >&2
        FAILED+=("$name")
    fi
}

schema_is_current() {
    bash deploy/dev/schema.sh "$FOLDER/openapi.yml" || return 1
    if [ -e docs/openapi.yml ] && ! cmp "$FOLDER/openapi.yml" docs/openapi.yml; then
        echo "docs/openapi.yml is older than the code: run make schema"
        return 1
    fi
}

translations_are_complete() {
    local po code=0
    while IFS= read -r -d '' po; do
        if LC_ALL=C msgfmt --check-format --statistics --output-file=/dev/null "$po" 2>&1 |
            grep -E 'untranslated|fuzzy|error'; then
            echo "in $po: run make messages, then fill the empty and correct the fuzzy entries of"
            msgattrib --untranslated --no-obsolete --no-wrap "$po" | grep '^msgid "..*"' | head -n 20
            msgattrib --only-fuzzy --no-obsolete --no-wrap "$po" | grep '^msgid "..*"' | head -n 20
            code=1
        fi
    done < <(find . -path ./.venv -prune -o -path '*/LC_MESSAGES/*.po' -print0)
    return "$code"
}

check style "$VENV/bin/ruff" check .
check format "$VENV/bin/ruff" format --check .
check types "$VENV/bin/mypy"
check boundaries "$VENV/bin/lint-imports" --no-logo
check migrations "$PYTHON" -W error::RuntimeWarning manage.py makemigrations --check --dry-run
check deployment "$PYTHON" manage.py check --deploy --fail-level WARNING
check schema schema_is_current
check translations translations_are_complete

((${#FAILED[@]} == 0)) || stop "make lint: ${#FAILED[@]} failed: ${FAILED[*]}"
