#!/bin/sh
# deploy/nginx.conf for an nginx on this machine, before workers on these ports: sh deploy/nginx.sh 8001 8002
# What differs from a plain machine is given in the environment.
set -eu
here=$(dirname "$0")
NGINX_WORKERS=
for port in "$@"; do
	# Refused by one that is away, a request goes on to the next at once.
	NGINX_WORKERS="$NGINX_WORKERS server 127.0.0.1:$port max_fails=0;"
done
: "${NGINX_WORKERS:?ports of workers are missing}"

set_to() {
	printf 's|${%s}|%s|g\n' "$1" "$(printf %s "$2" | sed 's/[&|\\]/\\&/g')"
}

{
	set_to NGINX_WORKERS "$NGINX_WORKERS"
	set_to NGINX_LISTEN "${NGINX_LISTEN:-80}"
	set_to NGINX_LOG "${NGINX_LOG:-/var/log/nginx/lootlink.log}"
	set_to NGINX_CACHE "${NGINX_CACHE:-/var/cache/nginx-lootlink}"
	set_to NGINX_STATIC "${NGINX_STATIC:-/srv/lootlink/var/static}"
	set_to NGINX_MEDIA "${NGINX_MEDIA:-/srv/lootlink/var/media}"
	set_to NGINX_RESOLVER "${NGINX_RESOLVER:-}"
	set_to NGINX_REALIP "${NGINX_REALIP:-}"
	set_to FORWARDED_PROTO "${FORWARDED_PROTO:-http}"
} | sed -f - "$here/nginx.conf"
