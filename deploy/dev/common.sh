# Sourced by the scripts of this folder: where things are, and how to make sure they are there.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT" || exit 1
VENV=$ROOT/.venv
PYTHON=$VENV/bin/python

# Debian keeps servers in sbin, which is not on everybody's PATH.
export PATH=$PATH:/usr/local/sbin:/usr/sbin
export PYTHONUNBUFFERED=1

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "$*"
    exit 1
}

# --- Debian packages -------------------------------------------------------------------------
# Each is looked for by what it is needed for, so a machine that has it from elsewhere is fine.

MISSING=()

need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || MISSING+=("$package")
}

has_python_headers() {
    python3 -c 'import pathlib, sys, sysconfig
sys.exit(not (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists())'
}

has_client_library() { pkg-config --exists libmariadb || pkg-config --exists mysqlclient; }
has_chromium() { test -x /usr/bin/chromium; }
has_chinese_font() { compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*'; }

need_for_run() {
    need python3 command -v python3
    need python3-venv python3 -c 'import ensurepip, venv'
    need python3-dev has_python_headers
    need gcc command -v gcc
    need pkg-config command -v pkg-config
    need default-libmysqlclient-dev has_client_library
    need gettext command -v msgfmt
}

need_for_backup() {
    need_for_run
    need mariadb-client command -v mariadb-dump
}

need_for_test() {
    need_for_run
    need mariadb-server command -v mariadbd
    need redis-server command -v redis-server
    need chromium has_chromium
    need fonts-noto-cjk has_chinese_font
}

install_missing() {
    ((${#MISSING[@]})) || return 0
    local line="apt-get install -y --no-install-recommends ${MISSING[*]}" as_root=()
    if ! command -v apt-get >/dev/null; then
        stop "This machine lacks what Debian calls ${MISSING[*]}: install it with your system's own tools and start again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            stop "Some system packages are missing and need an administrator. Run this once and start again:
    sudo apt-get update && sudo $line"
        fi
        as_root=(sudo -n)
    fi
    say "Installing system packages: ${MISSING[*]}"
    local log apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
    log=$(mktemp)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${MISSING[@]}"; } \
        >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        stop "The packages could not be installed. The command that would: $line"
    fi
    rm -f "$log"
    MISSING=()
}

require_python() {
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        stop "Python 3.11 or newer is needed; the python3 on the PATH is $(python3 --version 2>&1 || true)."
}

# --- The virtual environment -----------------------------------------------------------------

require_venv() { # requirements files…
    if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "Creating .venv"
        rm -rf "$VENV"
        python3 -m venv "$VENV"
    fi
    local file stale=()
    for file in "$@"; do
        if ! sha256sum --check --status "$VENV/.$file.sha256" 2>/dev/null; then
            stale+=("$file")
        fi
    done
    ((${#stale[@]})) || return 0
    say "Installing ${stale[*]} into .venv (up to a minute)"
    local pip=("$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input
        --require-hashes "${stale[@]/#/--requirement=}")
    "${pip[@]}" || stop "The Python packages could not be installed. The command that would: ${pip[*]}"
    for file in "${stale[@]}"; do
        sha256sum "$file" >"$VENV/.$file.sha256"
    done
}

# --- Translations ----------------------------------------------------------------------------

compile_messages() {
    local po mo
    while IFS= read -r -d '' po; do
        mo=${po%.po}.mo
        if [ ! -e "$mo" ] || [ "$po" -nt "$mo" ]; then
            msgfmt --check-format --output-file="$mo" "$po"
        fi
    done < <(find . -path ./.venv -prune -o -path ./var -prune -o -path '*/LC_MESSAGES/*.po' -print0)
}

# --- Settings for commands that only look ----------------------------------------------------

random_key() { "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(48))'; }

# What an installation would set: nothing here is reached by the commands that use it.
production_environment() { # a folder for the empty database
    SECRET_KEY=$(random_key)
    JWT_SIGNING_KEY=$(random_key)
    export SECRET_KEY JWT_SIGNING_KEY
    export DEBUG=0 DEMO=0 STAFF_MFA_REQUIRED=1
    export DATABASE_URL="sqlite:///$1/db.sqlite3" REDIS_URL=redis://127.0.0.1:6379/0
    export ALLOWED_HOSTS=yuejian.example CSRF_TRUSTED_ORIGINS=https://yuejian.example
    export EMAIL_URL=smtp+tls://mailer:password@mail.yuejian.example:587
    export DJANGO_SETTINGS_MODULE=booking_site.settings
}
