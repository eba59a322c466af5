# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced, after place.sh. meted in the background: a loop that starts it again whenever it leaves by
# itself, until the loop is told to stop.

# setting NAME DEFAULT: from the environment (METE_NAME), else var/meted.conf.
setting() {
    local variable=METE_${1^^}
    local written
    written=$(sed -n "s/^ *$1 *= *//p" "$var/meted.conf" 2>/dev/null | tail -n 1)
    echo "${!variable:-${written:-$2}}"
}

# Made once, for the eyes of the server's user alone: passwords and tokens belong into it.
make_conf() {
    [ -f "$var/meted.conf" ] || (umask 077 && "$var/bin/meted" --print-settings >"$var/meted.conf") ||
        fail "var/meted.conf could not be written."
    # Without it nobody can add a second factor; another one makes those there are unreadable.
    grep -q '^ *sealing_key *=' "$var/meted.conf" ||
        printf 'sealing_key = %s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')" >>"$var/meted.conf" ||
        fail "var/meted.conf could not be written."
    chmod 600 "$var/meted.conf" && hand_over "$var/meted.conf"
}

# The URL by which this machine reaches a listening address.
local_url() {
    local host=${1%:*} port=${1##*:}
    case "$host" in
    "" | "0.0.0.0" | "[::]") host=127.0.0.1 ;;
    esac
    echo "http://$host:$port"
}

does_answer() {
    curl -fsS --noproxy '*' --max-time 5 "$1" >/dev/null 2>&1
}

# Does anybody take connections there?
is_taken() {
    curl -s --noproxy '*' --max-time 2 -o /dev/null "$1/livez"
    [ $? != 7 ]
}

# Runs in a session of its own. A server that leaves at once is not started again faster than once a
# second.
keep_meted() { # PROGRAM PID_FILE SETTINGS
    local child="" is_leaving=""
    trap 'is_leaving=1; [ -z "$child" ] || kill -TERM "$child"' TERM
    trap '[ -z "$child" ] || kill -HUP "$child"' HUP
    while [ -z "$is_leaving" ]; do
        "$1" --config "$3" &
        child=$!
        echo $child >"$2"
        until wait "$child" || ! kill -0 "$child" 2>/dev/null; do :; done
        child=""
        [ -n "$is_leaving" ] || sleep 1
    done
}

# Nothing of this shell stays behind: neither its lock nor its terminal. setsid forks when it must.
server_start() {
    (cd / && as_server setsid --fork bash -c "$(declare -f keep_meted)
        echo \$\$ >'$var/run/loop.pid'
        keep_meted '$var/bin/meted' '$var/run/meted.pid' '$var/meted.conf'" \
        </dev/null >>"$var/log/meted.log" 2>&1 9>&-)
}

server_is_up() {
    is_running "$var/run/loop.pid" keep_meted
}

server_is_down() {
    ! server_is_up && ! is_running "$var/run/meted.pid" bin/meted
}

server_stop() {
    ! server_is_up || kill -TERM "$(cat "$var/run/loop.pid")"
    wait_for 20 server_is_down
}
