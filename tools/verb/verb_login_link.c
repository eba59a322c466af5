// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"
#include "tools/verb/setup.h"

#include <stdio.h>
#include <stdlib.h>

#define DESK_DEFAULT "http://127.0.0.1:8401"

struct values {
    const char *database;
    const char *desk;
    bool is_json;
};

static const struct option_row rows[] = {
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_URL, else as tools/up wrote it down"},
    {"desk", OPTION_TEXT, offsetof(struct values, desk), 0, 0, "URL",
     "default: METE_DESK_PUBLIC_URL, else METE_DESK_URL, else " DESK_DEFAULT},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

static const char *desk_url(const char *given, struct arena *arena)
{
    const char *places[] = {given, getenv("METE_DESK_PUBLIC_URL"), getenv("METE_DESK_URL"),
                            connection_known_desk(arena)};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i] && *places[i])
            return places[i];
    return DESK_DEFAULT;
}

static void print_link(const struct values *values, const char *token, struct arena *arena)
{
    const char *desk = desk_url(values->desk, arena);
    auto_buf struct buf url = {0};
    auto_buf struct buf out = {0};
    buf_printf(&url, "%s/login/%s", desk, token);
    if (!values->is_json) {
        printf("%s\nworks once, within an hour\n", url.data);
        return;
    }
    buf_add_str(&out, "{\"url\":");
    json_add_string(&out, url.data);
    json_add_key(&out, "token");
    json_add_string(&out, token);
    printf("%s}\n", out.data);
}

int verb_login_link(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    const char *token;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    auto_arena struct arena *arena = arena_new(0);
    const char *url = connection_database(values.database, arena);
    if (!url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    if (setup_login_link(url, arena, &token, &fault))
        return verb_failed(argv[0], &fault);
    print_link(&values, token, arena);
    return EXIT_DONE;
}
