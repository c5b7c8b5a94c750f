#!/bin/sh
# The layer's own user, with its own channels and nothing dangerous; the default user is off.
set -eu
password=${REDIS_PASSWORD:-$(cat "${REDIS_PASSWORD_FILE:?or REDIS_PASSWORD}")}
: "${password:?is empty}"
exec redis-server - <<END
bind ${REDIS_BIND:-0.0.0.0}
port ${REDIS_PORT:-6379}
save ""
appendonly no
maxmemory 128mb
user default off
user lootlink on >$password ~lootlink* &lootlink* +@all -@admin -@dangerous
END
