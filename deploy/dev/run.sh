#!/usr/bin/env bash
# Starts the site with demo data on this machine. The first start installs what is missing; later
# ones take seconds. Values of the environment win over those in the .env file.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_for_run
install_missing
require_python

# The settings read the .env file by themselves; these two names matter here as well.
from_env_file() { # name
    [ ! -f .env ] || sed -n "s/^$1=//p" .env | tail -n 1
}
export PORT=${PORT-$(from_env_file PORT)}
export PORT=${PORT:-8000}
SITE_URL=${SITE_URL-$(from_env_file SITE_URL)}
export SITE_URL=${SITE_URL:-http://127.0.0.1:$PORT}
REDIS=${REDIS_URL-$(from_env_file REDIS_URL)}

python3 - "$PORT" <<'PYTHON'
import socket, sys

port = sys.argv[1]
if not (port.isdecimal() and 0 < int(port) < 65536):
    sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
probe = socket.socket()
probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    probe.bind(("127.0.0.1", int(port)))
except PermissionError:
    sys.exit(f"Port {port} needs an administrator: choose one above 1023, for example PORT=8000 make run")
except OSError:
    sys.exit(f"Port {port} is taken by another program: choose another one, for example PORT={int(port) % 65535 + 1} make run")
PYTHON

require_venv requirements.txt
compile_messages
mkdir -p var/media
"$PYTHON" deploy/dev/keys.py .env
"$PYTHON" deploy/dev/prepare.py

# Without Redis the server does the timed work itself. With it, a worker must be there; it ends with
# this process, which becomes the server.
if [ -n "$REDIS" ]; then
    "$PYTHON" deploy/dev/with_parent.py "$PYTHON" -m celery --app booking_site --quiet worker --beat \
        --schedule var/celerybeat-schedule --pool threads --concurrency 2 --loglevel WARNING &
fi

# Nothing stands in front of it here, so X-Forwarded-For is anybody's word: uvicorn would believe it
# from loopback, and every limit by address with it. Access logs would keep codes and digits.
exec "$PYTHON" -m uvicorn booking_site.asgi:application --host 127.0.0.1 --port "$PORT" \
    --ws websockets-sansio --ws-max-size 65536 --ws-per-message-deflate false --lifespan on --timeout-graceful-shutdown 5 --no-access-log \
    --no-proxy-headers
