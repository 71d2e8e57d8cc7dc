#!/bin/sh
# Starts nginx as any user, with nothing written but a folder of its own:
#
#   start.sh tls       speaks TLS itself, with tls/fullchain.pem and tls/privkey.pem of FILES
#   start.sh behind    stands behind something of one's own that does (an Ingress, a load balancer)
#   start.sh check     … tls or behind: only says whether the files are in order
#
# WEB is where the site listens, a name or an address; a name is looked up again every few seconds,
# because a container that is made anew has another address. FILES holds static/, media/ and tls/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
only_look=
if [ "${1-}" = check ]; then
    only_look=yes
    shift
fi
case "${1-}" in
tls | behind) entrance=$1 ;;
*)
    echo "start.sh: tls or behind?" >&2
    exit 1
    ;;
esac

web=${WEB:-web:8000}
name=${web%:*}
case "$name" in
*[!0-9.]*)
    # nginx knows no search domains: its name must be whole, as Kubernetes' own resolver tells it.
    until found=$(getent hosts "$name"); do
        echo "start.sh: $name has no address yet" >&2
        sleep 2
    done
    web=$(echo "$found" | awk 'NR == 1 {print $2}'):${web##*:}
    ;;
esac
resolver=$(awk '$1 == "nameserver" {print ($2 ~ /:/) ? "[" $2 "]" : $2}' "${RESOLV_CONF:-/etc/resolv.conf}" | tr '\n' ' ')

work=$(mktemp -d)
cp -R "$here/refused" "$work/"
for file in nginx.conf site.conf "$entrance.conf"; do
    sed -e "s#web:8000#$web#" -e "s#/srv#${FILES:-/srv}#" -e "s#resolver 127.0.0.11#resolver ${resolver:-127.0.0.11}#" \
        -e "s#\b8080\b#${HTTP_PORT:-8080}#" -e "s#\b8443\b#${HTTPS_PORT:-8443}#" "$here/$file" >"$work/$file"
done
mv "$work/$entrance.conf" "$work/entrance.conf"
if [ -n "$only_look" ]; then
    trap 'rm -rf "$work"' EXIT
    nginx -t -p "$work" -c "$work/nginx.conf"
else
    exec nginx -p "$work" -c "$work/nginx.conf"
fi
