# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by up. A shop with an experiment on its pages, and visitors who behave by known rates.

demo_visitors=20000

# desk METHOD PATH [BODY]: prints the reply, fails on an error status.
desk() {
    local body=()
    [ -z "${3:-}" ] || body=(-H 'Content-Type: application/json' -d "$3")
    curl -sS --fail-with-body --noproxy '*' -X "$1" -H @<(echo "Authorization: Bearer $METE_SECRET_KEY") \
        "${body[@]}" "$METE_DESK_URL/api/v1$2"
}

must_desk() {
    local reply
    reply=$(desk "$@") || fail "The demo campaign could not be made: $reply"
}

# The shop speaks to the edge as any site does: by a client key, which the edge puts into its pages.
open_shop() {
    [ "$(setting demo_key "")" = "$client_key" ] && return
    sed -i '/^ *demo_key *=/d' "$var/meted.conf" && printf 'demo_key = %s\n' "$client_key" >>"$var/meted.conf" ||
        fail "var/meted.conf could not be written."
    start_server
    wait_for 30 do_answer readyz || stop_failed
}

# Each connection may meet another edge: all know of it when many in a row do.
is_demo_served() {
    local i
    for i in 1 2 3 4 5 6 7 8 9 10; do
        curl -sS --noproxy '*' -X POST -H "Authorization: Bearer $client_key" -H 'Content-Type: application/json' \
            -d '{"visitor_id": "tools-up", "campaigns": ["demo"]}' "$METE_EDGE_URL/v1/decide" |
            grep -q '"phase":1' || return 1
    done
}

make_demo() {
    open_shop
    if desk GET /campaigns/demo >/dev/null 2>&1; then
        say "The demo campaign is there already."
        return
    fi
    must_desk POST /campaigns "$(cat "$root/tools/lib/demo.json")"
    must_desk POST /campaigns/demo/start '{}'
    wait_for 30 is_demo_served || fail "The edges do not serve the demo campaign."
    say "Sending $demo_visitors visitors of the last seven days through the demo campaign."
    "$var/bin/mete" simulate --campaign demo --visitors $demo_visitors --days 7 --rates control=0.10,promise=0.122 >&2 ||
        fail "The simulated traffic did not get through; see above."
}

print_demo() {
    cat <<TEXT

The demo shop:

  shop        $METE_EDGE_URL/demo/
  results     $METE_DESK_URL/app/campaigns/demo     (after the log-in above)

Look at a thing, buy it: the exposure and the purchase arrive in the results within seconds. "Come back as
somebody else", at the foot of each page, makes you another visitor.
TEXT
}
