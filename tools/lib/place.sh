# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by up, down and bench. Where a running mete keeps its things, and who runs it. Sets $root
# and $var; all paths are absolute.
#
#   var/bin/         the installed programs (a build does not disturb what runs)
#   var/pg/ run/     the private PostgreSQL cluster, and its socket with the pid files
#   var/state/ log/  what the server keeps and says
#   var/meted.conf   settings, yours to edit
#   var/credentials.json   keys of the first environment, for the owner's eyes only

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
var=$root/var

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# Neither PostgreSQL nor a public server runs as root, nor as a user that owns anything else: root lends
# them the user mete. A cluster that still runs as another user keeps it until it is stopped.
server_user() {
    if [ "$(id -u)" != 0 ]; then
        id -un
    elif is_cluster_alive; then
        stat -L -c %U "$var/pg"
    else
        echo mete
    fi
}

is_cluster_alive() {
    kill -0 "$(head -n 1 "$var/pg/postmaster.pid" 2>/dev/null)" 2>/dev/null
}

make_user() {
    [ "$(id -u)" != 0 ] || id mete >/dev/null 2>&1 ||
        useradd --system --user-group --no-create-home --home-dir /nonexistent \
            --shell /usr/sbin/nologin mete || fail "The user mete could not be made."
}

# hand_over FOLDER: what another user had belongs to the server's now.
hand_over() {
    [ "$(id -u)" != 0 ] || [ "$(stat -L -c %U "$1")" = "$(server_user)" ] ||
        chown -R "$(server_user):$(server_group)" "$1" || fail "Cannot hand over $1."
}

as_server() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid "$(server_user)" --regid "$(server_group)" --clear-groups -- "$@"
    else
        "$@"
    fi
}

server_group() {
    id -g "$(server_user)"
}

# var/ serves as it is when the server's user can reach it (not below /root) and a socket's path fits.
is_var_usable() {
    [ ${#var} -le 70 ] && [[ $var =~ ^[A-Za-z0-9._/+-]+$ ]] && (cd / && as_server test -x "$root")
}

# Otherwise var is a link to a folder of the user's own, named after this one.
make_var() {
    local elsewhere folder
    make_user
    if [ ! -e "$var" ] && ! is_var_usable; then
        elsewhere=/var/lib
        [ "$(id -u)" = 0 ] || elsewhere=${XDG_DATA_HOME:-$HOME/.local/share}
        elsewhere=$elsewhere/mete-$(printf %s "$root" | cksum | cut -d' ' -f1)
        mkdir -p "$elsewhere" && ln -s "$elsewhere" "$var" || fail "Cannot make $elsewhere."
    fi
    mkdir -p "$var" "$var/bin" || fail "Cannot make $var."
    [ -O "$var/" ] || fail "$var belongs to $(stat -L -c %U "$var"): run this as that user."
    var=$(cd "$var" && pwd -P)
    for folder in pg run state log; do
        [ -d "$var/$folder" ] ||
            install -d -m 700 -o "$(server_user)" -g "$(server_group)" "$var/$folder" ||
            fail "Cannot make $var/$folder."
        hand_over "$var/$folder"
    done
}

# Is the process of this pid file alive, and does its command line hold WORD?
is_running() {
    local pid
    pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" |
        grep -q -- "$2"
}

# wait_for SECONDS COMMAND…
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}
