#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes web-ui/generated anew: types of results with the program write_types (build/tools/write_types when none is
# named), and the sentences that stand in the server's sources.
# --check changes nothing: it fails where a file is not what would be written.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
generated=$top/web-ui/generated
results() { "${program:-$top/build/tools/write_types}"; }
sentences() { node "$top/tools/types/sentences.mjs"; }
check=
if [ "${1:-}" = --check ]; then
    check=1
    shift
fi
program=${1:-}
for what in results sentences; do
    if [ -z "$check" ]; then
        $what > "$generated/$what.d.ts"
    elif ! $what | diff -u "$generated/$what.d.ts" -; then
        echo "web-ui/generated is old: tools/types/write.sh writes it" >&2
        exit 1
    fi
done
