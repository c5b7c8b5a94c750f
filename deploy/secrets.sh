#!/bin/sh
# Makes the secrets of docker-compose.yml, each a file in ./secrets. What is there already stays as it is.
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
# Only who may enter the folder reaches the files; containers are given each its own, and are not root.
chmod 700 "$folder"
# What the operator adds for the site's containers, which see it as /run/own.
mkdir -p "$folder/own"
chmod 755 "$folder/own"

make() {
	[ -e "$folder/$1" ] || printf %s "$2" > "$folder/$1"
	chmod 644 "$folder/$1"
}

letters() {
	od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

make secret_key "$(letters)"
make postgres_password "$(letters)"
make redis_password "$(letters)"
make database_url "postgres://lootlink:$(cat "$folder/postgres_password")@postgres:5432/lootlink"
make redis_url "redis://lootlink:$(cat "$folder/redis_password")@redis:6379/0"
