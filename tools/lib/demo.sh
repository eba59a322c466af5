# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by up. A campaign to look at, with visitors who behave by known rates.

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

make_demo() {
    if desk GET /campaigns/demo >/dev/null 2>&1; then
        say "The demo campaign is there already."
        return
    fi
    must_desk POST /flags '{"key": "cta_text", "type": "string", "default": "Order",
        "description": "Text of the button on the product page"}'
    must_desk POST /campaigns '{"key": "demo", "name": "Text of the order button",
        "hypothesis": "Saying that it is done at once makes more visitors buy.",
        "kind": "experiment",
        "variants": [
            {"key": "control", "name": "Order", "weight": 0.5, "is_control": true,
             "flags": {"cta_text": "Order"}},
            {"key": "at_once", "name": "Order now", "weight": 0.5, "is_control": false,
             "flags": {"cta_text": "Order now"}}],
        "metrics": [
            {"key": "conversion_rate", "role": "primary"},
            {"key": "revenue_per_visitor", "role": "secondary"},
            {"key": "average_order_value", "role": "secondary"}]}'
    must_desk POST /campaigns/demo/start '{}'
    say "Sending $demo_visitors visitors through the demo campaign."
    "$var/bin/mete" simulate --campaign demo --visitors $demo_visitors --rates control=0.10,at_once=0.12 >&2 ||
        fail "The simulated traffic did not get through; see above."
}

print_demo() {
    cat <<TEXT

Results of the demo campaign:

  curl -s $METE_DESK_URL/api/v1/campaigns/demo/results -H "Authorization: Bearer \$(sed -n 's/.*"secret_key":"\([^"]*\)".*/\1/p' $root/var/credentials.json)"
  build/tools/mete results demo
TEXT
}
