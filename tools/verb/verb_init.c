// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"
#include "tools/verb/setup.h"

#include <stdio.h>
#include <stdlib.h>

struct values {
    const char *database;
    const char *environment;
    const char *currency;
    const char *time_zone;
    bool wants_key;
    bool is_json;
};

static const struct option_row rows[] = {
    {"currency", OPTION_TEXT, offsetof(struct values, currency), 0, 0, "CODE",
     "of a new environment's money (default: EUR)"},
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_URL"},
    {"environment", OPTION_TEXT, offsetof(struct values, environment), 0, 0, "KEY",
     "default: production"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
    {"new-key", OPTION_FLAG, offsetof(struct values, wants_key), 0, 0, NULL,
     "make one more secret key; by itself only the first is made"},
    {"time-zone", OPTION_TEXT, offsetof(struct values, time_zone), 0, 0, "NAME",
     "of a new environment's days (default: UTC)"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

static void print_json(const struct values *values, const struct setup_result *made)
{
    auto_buf struct buf b = {0};
    buf_add_char(&b, '{');
    json_add_key(&b, "environment");
    json_add_string(&b, values->environment);
    json_add_key(&b, "is_new");
    buf_add_str(&b, made->is_new ? "true" : "false");
    json_add_key(&b, "client_key");
    json_add_string(&b, made->client_key);
    json_add_key(&b, "secret_key");
    if (made->secret_key)
        json_add_string(&b, made->secret_key);
    else
        buf_add_str(&b, "null");
    printf("%s}\n", b.data);
}

static void print_text(const struct values *values, const struct setup_result *made)
{
    printf("environment  %s (%s)\n"
           "client key   %s\n",
           values->environment, made->is_new ? "new" : "was there", made->client_key);
    if (made->secret_key)
        printf("secret key   %s\n"
               "The secret key is shown this once; for pages and apps take the client key.\n",
               made->secret_key);
    else
        printf("secret key   there is one already; --new-key makes another\n");
}

int verb_init(int argc, char **argv)
{
    struct values values = {.environment = "production"};
    struct setup_result made;
    struct fault fault;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    const char *url = values.database ? values.database : getenv("METE_DATABASE_URL");
    if (!url || !*url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    auto_arena struct arena *arena = arena_new(0);
    const struct setup_options options = {
        .environment = values.environment,
        .currency = values.currency,
        .time_zone = values.time_zone,
        .wants_secret_key = values.wants_key,
    };
    if (setup_run(url, &options, arena, &made, &fault))
        return verb_failed(argv[0], &fault);
    if (values.is_json)
        print_json(&values, &made);
    else
        print_text(&values, &made);
    return EXIT_DONE;
}
