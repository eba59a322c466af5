#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes web-ui/generated anew with the program write_types (build/tools/write_types when none is named).
# --check changes nothing: it fails where the file is not what would be written.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
file=$top/web-ui/generated/results.d.ts
if [ "${1:-}" = --check ]; then
    if ! "$2" | diff -u "$file" -; then
        echo "web-ui/generated is old: tools/types/write.sh writes it" >&2
        exit 1
    fi
else
    "${1:-$top/build/tools/write_types}" > "$file"
fi
