#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the SQL files as C: queries.{c,h} and migrations.{c,h}, routines among these.

A queries file (queries/<area>/<resource>.sql) is a row of queries, each of which begins with

    -- name: campaign_read
    -- for: edge desk
    -- Comment: what it returns, which index it leans on.

'for' names the processes that prepare it; without it all do. A migration is one whole file
(migrations/NNNN_name.sql), numbered from 1 without a gap. A line of it

    -- serves: 11

says that a program which knows 11 migrations may go on serving when this one has been applied; without
it, none but those that know it. Routines (functions/<area>/*.sql, views/*.sql, triggers/*.sql) are whole
files too, made in this order by each migrate that brings others than the database has. Anything else fails
the build with the file and line.
"""

import argparse
import hashlib
import pathlib
import re
import sys

PROCESSES = ["edge", "desk", "worker", "fold", "sender", "tool"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
HEADER = "// SPDX-License-Identifier: GPL-3.0-or-later\n/* Made by embed.py: change the SQL files. */\n"


class Refused(Exception):
    pass


class Query:
    def __init__(self, name, place):
        self.name = name
        self.place = place
        self.processes = []
        self.lines = []

    def sql(self):
        return "\n".join(self.lines).strip().rstrip(";").rstrip()


def set_processes(query, words, place):
    if query.processes:
        raise Refused(f"{place}: a second '-- for:' in {query.name}")
    for word in words:
        if word not in PROCESSES:
            raise Refused(f"{place}: '{word}' is none of {', '.join(PROCESSES)}")
    if not words:
        raise Refused(f"{place}: '-- for:' names no process")
    query.processes = words


def read_queries_file(path):
    queries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path}:{number}"
        key, _, value = line.removeprefix("--").strip().partition(":")
        is_comment = line.startswith("--")
        if is_comment and key == "name":
            if not NAME.match(value.strip()):
                raise Refused(f"{place}: '{value.strip()}' is no name (a-z, 0-9, _; 63 at most)")
            queries.append(Query(value.strip(), place))
        elif queries and is_comment and key == "for":
            set_processes(queries[-1], value.split(), place)
        elif queries and (queries[-1].lines or (line.strip() and not is_comment)):
            queries[-1].lines.append(line)
        elif line.strip() and not is_comment:
            raise Refused(f"{place}: a query without a line '-- name: …' before it")
    return queries


def read_queries(folder):
    queries = []
    seen = {}
    for path in folder.glob("*.sql"):
        raise Refused(f"{path}: a queries file stands in a folder of its area")
    for path in sorted(folder.glob("*/*.sql")):
        for query in read_queries_file(path):
            if query.name in seen:
                raise Refused(f"{query.place}: {query.name} stands already at {seen[query.name]}")
            if not query.sql():
                raise Refused(f"{query.place}: {query.name} has no statement")
            seen[query.name] = query.place
            queries.append(query)
    return queries


def read_serves(path, number, text):
    """The least number of migrations that a program must know to serve after this one."""
    lines = [line for line in text.splitlines() if re.match(r"--\s*serves\b", line)]
    if not lines:
        return number
    match = re.match(r"-- serves: ([1-9][0-9]{0,3})\Z", lines[0])
    if len(lines) > 1 or not match or int(match[1]) >= number:
        raise Refused(f"{path}: one line '-- serves: N' with a number below {number} is wanted, not '{lines[-1]}'")
    return int(match[1])


def read_migrations(folder):
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        match = re.match(r"([0-9]{4})_([a-z0-9_]+)\.sql\Z", path.name)
        if not match:
            raise Refused(f"{path}: a migration is called NNNN_name.sql")
        if int(match[1]) != len(migrations) + 1:
            raise Refused(f"{path}: number {len(migrations) + 1:04} should come here")
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        text = content.decode("utf-8")
        serves = read_serves(path, int(match[1]), text)
        migrations.append((int(match[1]), match[2], text, digest, serves))
    return migrations


def routine_paths(source):
    return (sorted(source.glob("functions/*/*.sql")) + sorted(source.glob("views/*.sql"))
            + sorted(source.glob("triggers/*.sql")))


def read_routines(source):
    """(path below the source, text) of each, and the checksum of all."""
    routines = [(path.relative_to(source).as_posix(), path.read_text(encoding="utf-8"))
                for path in routine_paths(source)]
    digest = hashlib.sha256()
    for path, text in routines:
        digest.update(f"{path}\0{text}\0".encode("utf-8"))
    return routines, digest.hexdigest()


def c_string(text):
    """A C literal, one source line per line of SQL; bytes beyond ASCII as octal escapes."""
    out = []
    for line in text.splitlines(keepends=True):
        escaped = "".join(
            "\\n" if byte == 10
            else f"\\{chr(byte)}" if byte in b'"\\?'
            else chr(byte) if 32 <= byte < 127
            else f"\\{byte:03o}"
            for byte in line.encode("utf-8")
        )
        out.append(f'        "{escaped}"')
    return "\n".join(out) or '        ""'


def queries_h(queries):
    names = "".join(f"    QUERY_{q.name.upper()},\n" for q in queries)
    groups = "".join(f"    QUERY_FOR_{p.upper()} = {1 << i},\n" for i, p in enumerate(PROCESSES))
    return f"""{HEADER}#pragma once

#include "io/pg/pg.h"

enum query {{
{names}    QUERY_COUNT
}};

/* Who prepares a query: bits of pg_statement.groups and pg_options.groups. */
enum query_group {{
{groups}}};

extern const struct pg_statement queries[{max(1, len(queries))}];
"""


def queries_c(queries):
    rows = []
    for q in queries:
        groups = " | ".join(f"QUERY_FOR_{p.upper()}" for p in q.processes) or "0"
        rows.append(f'    {{\n        "{q.name}",\n{c_string(q.sql())},\n        {groups},\n    }},\n')
    body = "".join(rows) or "    {0},\n"
    return (f'{HEADER}#include "sql/queries.h"\n\n'
            f"const struct pg_statement queries[{max(1, len(queries))}] = {{\n{body}}};\n")


def migrations_h(migrations, routines):
    return f"""{HEADER}#pragma once

#include <stddef.h>

struct migration {{
    int number; /* from 1, without a gap */
    const char *name;
    const char *sql;
    const char *sha256; /* of the file's bytes, lower-case hex */
    int serves; /* programs that know so many migrations may serve after it */
}};

#define MIGRATION_COUNT {len(migrations)}
extern const struct migration migrations[{max(1, len(migrations))}];

/* A file of functions, views or triggers. */
struct routine {{
    const char *path;
    const char *sql;
}};

/* All of them, in the order in which they are made. */
struct routines {{
    const struct routine *files;
    size_t count;
    const char *sha256; /* of all paths and texts, lower-case hex */
}};

extern const struct routines routines;
"""


def migrations_c(migrations, routines, digest):
    rows = []
    for number, name, sql, checksum, serves in migrations:
        rows.append(f'    {{\n        {number},\n        "{name}",\n{c_string(sql)},\n'
                    f'        "{checksum}",\n        {serves},\n    }},\n')
    body = "".join(rows) or "    {0},\n"
    files = "".join(f'    {{\n        "{path}",\n{c_string(sql)},\n    }},\n' for path, sql in routines) or "    {0},\n"
    return (f'{HEADER}#include "sql/migrations.h"\n\n'
            f"const struct migration migrations[{max(1, len(migrations))}] = {{\n{body}}};\n\n"
            f"static const struct routine files[{max(1, len(routines))}] = {{\n{files}}};\n\n"
            f'const struct routines routines = {{files, {len(routines)}, "{digest}"}};\n')


def write_depfile(path, target, source):
    """The folders stand in it too: a file that comes or goes changes its folder's time."""
    read = [source]
    areas = [source / "functions", source / "queries"]
    areas += sorted(p for area in areas for p in area.glob("*") if p.is_dir())
    for folder in [source / "migrations", source / "views", source / "triggers", *areas]:
        if folder.is_dir():
            read += [folder, *sorted(folder.glob("*.sql"))]
    escaped = " ".join(str(p).replace(" ", "\\ ") for p in read)
    path.write_text(f"{target}: {escaped}\n", encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=pathlib.Path, help="folder with migrations/ and queries/")
    arguments.add_argument("out", type=pathlib.Path, help="folder for the C files")
    arguments.add_argument("--depfile", type=pathlib.Path)
    arguments.add_argument("--target", help="what the depfile says is made")
    options = arguments.parse_args()
    try:
        queries = read_queries(options.source / "queries")
        migrations = read_migrations(options.source / "migrations")
        routines, digest = read_routines(options.source)
    except (Refused, UnicodeDecodeError) as refused:
        sys.exit(f"{refused}")
    for name, text in (
        ("queries.h", queries_h(queries)),
        ("queries.c", queries_c(queries)),
        ("migrations.h", migrations_h(migrations, routines)),
        ("migrations.c", migrations_c(migrations, routines, digest)),
    ):
        (options.out / name).write_text(text, encoding="utf-8")
    if options.depfile:
        write_depfile(options.depfile, options.target, options.source)


if __name__ == "__main__":
    main()
