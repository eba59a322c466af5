#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints what all migrations together make, as pg_dump says it, without what differs from one
# machine to the next (owner, grants, settings, partitions of the day). schema.sql is this text:
#
#   sql/dump_schema.sh build/tools/mete > sql/schema.sql
#   sql/dump_schema.sh --check build/tools/mete    shows the difference; status 0: there is none
#
# Versions of pg_dump word the same schema differently: --check ends with 77 (skipped) with another
# one than wrote schema.sql, or without PostgreSQL.
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
version=$("$bin/pg_dump" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
if $is_check && [ "$(head -n 1 "$here/schema.sql")" != "-- pg_dump $version" ]; then
    echo "schema.sql was not written by pg_dump $version" >&2
    exit 77
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/dump-schema-XXXXXX")

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

normalise() {
    echo "-- pg_dump $version"
    sed -E '/^--/d; /^SET /d; /^SELECT pg_catalog\.set_config/d; /^\\(un)?restrict/d' | cat -s
}

if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
fi
unprivileged "$bin/initdb" -D "$folder/data" -U owner -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null
unprivileged "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-h '' -k $folder -F" start >/dev/null
database="postgresql://owner@/postgres?host=$folder"
"$mete" migrate --database "$database" >&2
"$bin/pg_dump" --schema-only --no-owner --no-privileges \
    --exclude-table='visitor_event_[0-9]*' "$database" >"$folder/dump"

if $is_check; then
    normalise <"$folder/dump" | diff -u "$here/schema.sql" -
else
    normalise <"$folder/dump"
fi
