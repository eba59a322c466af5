#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints what all migrations together make, as pg_dump says it, without what differs from one
# machine to the next (owner, grants, settings, partitions of the day). schema.sql is this text:
#
#   sql/dump_schema.sh build/tools/mete > sql/schema.sql
#   sql/dump_schema.sh --check build/tools/mete    shows the difference; status 0: there is none
#
# Versions of PostgreSQL word the same schema differently, and one words what it has read back
# differently again. So --check lets the server at hand read both texts, schema.sql and the one of
# now, and compares what it says of each. Without PostgreSQL it ends with 77 (skipped).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
is_check=false
if [ "${1:-}" = --check ]; then
    is_check=true
    shift
fi
mete=$(realpath "${1:?which mete program?}")

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ]; then
    echo "PostgreSQL is not installed" >&2
    exit 77
fi
bin=$(dirname "$bin")

folder=$(mktemp -d "${TMPDIR:-/tmp}/dump-schema-XXXXXX")
server="postgresql://owner@"

# PostgreSQL refuses to run as root.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then
        (cd "$folder" && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
    else
        (cd "$folder" && "$@")
    fi
}

finish() {
    unprivileged "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

# The text of the schema of a database.
dump() {
    "$bin/pg_dump" --schema-only --no-owner --no-privileges \
        --exclude-table='visitor_event_[0-9]*' "$server/$1?host=$folder" >"$folder/dump"
    sed -E '/^--/d; /^SET /d; /^SELECT pg_catalog\.set_config/d; /^\\(un)?restrict/d' "$folder/dump" | cat -s
}

if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
fi
unprivileged "$bin/initdb" -D "$folder/data" -U owner -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
unprivileged "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-h '' -k $folder -F" start >/dev/null
"$mete" migrate --database "$server/postgres?host=$folder" >&2

# The same of a file, as this server words what it reads. Functions come before the tables they name.
reword() {
    "$bin/psql" -X -q "$server/postgres?host=$folder" -c "create database $1" >&2
    PGOPTIONS='-c check_function_bodies=off -c client_min_messages=warning' "$bin/psql" -X -q \
        -v ON_ERROR_STOP=1 -f "$2" "$server/$1?host=$folder" >&2
    dump "$1" >"$folder/$1"
}

if $is_check; then
    dump postgres >"$folder/now"
    reword written "$here/schema.sql"
    reword made "$folder/now"
    (cd "$folder" && diff -u written made)
else
    dump postgres
fi
