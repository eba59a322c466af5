# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced, after place.sh and packages.sh. The private PostgreSQL cluster in $var/pg: a unix socket in
# a folder only its user (and root) can enter, no port; who reaches the socket is trusted.

# Programs of the version the cluster was made with, else the newest.
cluster_bin() {
    local version
    version=$(cat "$var/pg/PG_VERSION" 2>/dev/null)
    if [ -n "$version" ]; then
        echo "/usr/lib/postgresql/$version/bin"
    else
        postgres_bin
    fi
}

# cluster_run PROGRAM ARGUMENT…, as its user and without the caller's lock
cluster_run() {
    local program=$1
    shift
    (cd / && as_server "$(cluster_bin)/$program" "$@" 9>&-)
}

cluster_conninfo() { # ROLE [DATABASE]
    echo "host=$var/run user=$1 dbname=${2:-mete}"
}

cluster_sql() { # DATABASE SQL
    "$(cluster_bin)/psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$(cluster_conninfo mete_owner "$1")" -c "$2"
}

cluster_is_up() {
    cluster_run pg_ctl status -D "$var/pg" >/dev/null 2>&1
}

cluster_make() {
    cluster_run initdb -D "$var/pg" -U mete_owner -A trust -E UTF8 --locale=C.UTF-8 \
        >"$var/initdb.log" 2>&1 || { cat "$var/initdb.log" >&2; return 1; }
    rm -f "$var/initdb.log"
    as_server tee -a "$var/pg/postgresql.conf" >/dev/null <<CONF

# Written by tools/up
listen_addresses = ''
unix_socket_directories = '$var/run'
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

cluster_start() {
    [ -f "$var/pg/PG_VERSION" ] || cluster_make || return 1
    [ -x "$(cluster_bin)/postgres" ] ||
        { say "var/pg needs PostgreSQL $(cat "$var/pg/PG_VERSION"), which is not installed."; return 1; }
    cluster_is_up || cluster_run pg_ctl start -D "$var/pg" -w -t 60 -l "$var/log/postgresql.log" \
        >/dev/null || { tail -n 20 "$var/log/postgresql.log" >&2; return 1; }
    local role
    for role in mete_runtime mete_analyst; do
        [ -n "$(cluster_sql postgres "select 1 from pg_roles where rolname = '$role'")" ] ||
            cluster_sql postgres "create role $role login" || return 1
    done
    [ -n "$(cluster_sql postgres "select 1 from pg_database where datname = 'mete'")" ] ||
        cluster_sql postgres "create database mete owner mete_owner"
}

cluster_stop() {
    ! cluster_is_up || cluster_run pg_ctl stop -D "$var/pg" -m fast -w -t 60 >/dev/null
}
