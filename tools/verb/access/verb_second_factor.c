// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"
#include "model/admin/app_user.h"
#include "store/operate/init.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <stdio.h>
#include <stdlib.h>

struct values {
    const char *database;
    const char *email;
    bool is_json;
};

static const struct option_row rows[] = {
    {"reset", OPTION_TEXT, offsetof(struct values, email), 0, 0, "E-MAIL", "whose it is"},
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_URL"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

static enum err reset(const char *conninfo, const char *email, bool *ret_had_one,
                      struct fault *ret_fault)
{
    auto_database PGconn *database = NULL;
    auto_free char *folded = mem_strdup(email);
    app_user_fold_email(folded);
    enum err e = database_open(conninfo, &database, ret_fault);
    return e ? e : init_reset_second_factor(database, folded, ret_had_one, ret_fault);
}

int verb_second_factor(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    bool had_one;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    const char *url = values.database ? values.database : getenv("METE_DATABASE_URL");
    if (!values.email || !values.email[0])
        return verb_misused(argv[0], "whose? --reset E-MAIL");
    if (!url || !*url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    if (reset(url, values.email, &had_one, &fault))
        return verb_failed(argv[0], &fault);
    if (values.is_json)
        printf("{\"removed\":%s}\n", had_one ? "true" : "false");
    else
        puts(had_one ? "removed: the password alone signs in" : "there was no second factor");
    return EXIT_DONE;
}
