#!/bin/sh
# What each process of an installation runs, in a container and without one:
#
#   start.sh web         pages, API and sockets on PORT; WEB_CONCURRENCY processes share it
#   start.sh worker      what is due: lines, letters, pushes, webhooks, payments
#   start.sh beat        tells the workers when; one of it is enough
#   start.sh migrate     brings the tables up to date: once for each release, before its processes start
#   start.sh migrated    waits until somebody has done that
#   start.sh backup      makes one backup, for whoever has a clock of their own (cron, a CronJob, a systemd timer)
#   start.sh backups     stays, and makes one every day at BACKUP_AT
#   start.sh manage …    manage.py
set -eu
cd "$(dirname "$0")/.."
[ ! -x .venv/bin/python ] || PATH=$PWD/.venv/bin:$PATH

# The settings read the .env file by themselves; these names matter to uvicorn, Celery and here.
for name in PORT BIND REDIS_URL WEB_CONCURRENCY WORKER_CONCURRENCY FORWARDED_ALLOW_IPS PROMETHEUS_MULTIPROC_DIR; do
    eval "value=\${$name-}"
    if [ -z "$value" ] && [ -f .env ]; then
        value=$(sed -n "s/^$name=//p" .env | tail -n 1)
    fi
    [ -z "$value" ] || export "$name=$value"
done

stop() {
    echo "start.sh: $*" >&2
    exit 1
}

web() {
    export WEB_CONCURRENCY="${WEB_CONCURRENCY:-1}"
    # Each would do the timed work, and none would hear what the others' sockets are to be told.
    [ "$WEB_CONCURRENCY" = 1 ] || [ -n "${REDIS_URL-}" ] || stop "WEB_CONCURRENCY=$WEB_CONCURRENCY needs REDIS_URL."
    if [ -n "${PROMETHEUS_MULTIPROC_DIR-}" ]; then
        mkdir -p "$PROMETHEUS_MULTIPROC_DIR"
        rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db
    fi
    # Access logs would keep codes, tokens and query strings. X-Forwarded-For is believed from
    # FORWARDED_ALLOW_IPS alone. On SIGTERM sockets are closed with 1012 and requests end.
    exec python -m uvicorn booking_site.asgi:application \
        --host "${BIND:-127.0.0.1}" --port "${PORT:-8000}" --workers "$WEB_CONCURRENCY" \
        --ws websockets-sansio --ws-max-size 65536 --ws-per-message-deflate false \
        --ws-ping-interval 20 --ws-ping-timeout 20 --timeout-graceful-shutdown 20 \
        --lifespan on --no-access-log --no-server-header \
        --proxy-headers --forwarded-allow-ips "${FORWARDED_ALLOW_IPS:-127.0.0.1}"
}

worker() {
    [ -n "${REDIS_URL-}" ] || stop "a worker needs REDIS_URL; without it the web process does its work."
    exec python -m celery --app booking_site --quiet worker --hostname "worker-$$@%h" \
        --concurrency "${WORKER_CONCURRENCY:-2}" --loglevel WARNING
}

beat() {
    [ -n "${REDIS_URL-}" ] || stop "beat needs REDIS_URL; without it the web process does its work."
    folder=var
    [ -w "$folder" ] || folder=$(mktemp -d)
    exec python -m celery --app booking_site --quiet beat --pidfile= \
        --schedule "$folder/celerybeat-schedule" --loglevel WARNING
}

migrate() {
    python manage.py check --deploy --fail-level ERROR --database default
    exec python manage.py migrate --no-input
}

migrated() {
    until said=$(python manage.py migrate --check 2>&1); do
        echo "Waiting for the tables of this release: $(echo "$said" | tail -n 1)" >&2
        sleep 5
    done
}

backup() {
    exec python manage.py backup
}

backups() {
    exec python manage.py backup --every-day
}

case "${1-}" in
web | worker | beat | migrate | migrated | backup | backups) "$1" ;;
manage)
    shift
    exec python manage.py "$@"
    ;;
*) stop "web, worker, beat, migrate, migrated, backup, backups or manage?" ;;
esac
