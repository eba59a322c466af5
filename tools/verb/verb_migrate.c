// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"
#include "base/text.h"
#include "store/fold/slicing.h"
#include "store/operate/migrate.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <stdio.h>

struct values {
    const char *database;
    int64_t slices;
    bool is_check;
    bool is_json;
};

static const struct option_row rows[] = {
    {"check", OPTION_FLAG, offsetof(struct values, is_check), 0, 0, NULL,
     "apply nothing; fail unless the schema is this program's"},
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_OWNER_URL, else METE_DATABASE_URL, else as tools/up wrote it down"},
    {"slices", OPTION_INT, offsetof(struct values, slices), 1, 1024, "N",
     "deal visitors out to so many (8), in a database without events"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

/* What was applied, as the elements of a JSON array; unused for people, who see it at once. */
struct report {
    struct buf json;
    bool is_json;
    size_t applied_count;
};

static void on_applied(void *arg, const struct migration *m, int64_t took_us)
{
    struct report *report = arg;
    report->applied_count++;
    if (!report->is_json) {
        if (m->number)
            printf("applied %04d_%s in %.2f s\n", m->number, m->name, (double)took_us / 1e6);
        else
            printf("made %s in %.2f s\n", m->name, (double)took_us / 1e6);
        fflush(stdout);
        return;
    }
    json_add_comma(&report->json);
    buf_add_char(&report->json, '{');
    json_add_key(&report->json, "number");
    json_add_int(&report->json, m->number);
    json_add_key(&report->json, "name");
    json_add_string(&report->json, m->name);
    json_add_key(&report->json, "took_us");
    json_add_int(&report->json, took_us);
    buf_add_char(&report->json, '}');
}

static void print_report(const struct report *report)
{
    if (report->is_json)
        printf("%s],\"schema\":%zu}\n", report->json.data, schema_embedded.count);
    else if (report->applied_count == 0)
        printf("the schema is up to date (this program knows %zu migrations)\n",
               schema_embedded.count);
}

int verb_migrate(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    auto_arena struct arena *arena = arena_new(0);
    const char *url = connection_owner_database(values.database, arena);
    if (!url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    struct report report = {.is_json = values.is_json};
    buf_add_str(&report.json, "{\"applied\":[");
    enum err code = values.is_check
                        ? migrate_check(url, &schema_embedded, &fault)
                        : migrate_apply(url, &schema_embedded, on_applied, &report, &fault);
    if (!code && values.slices && !values.is_check)
        code = slicing_set(url, values.slices, &fault);
    if (code)
        (void)verb_failed(argv[0], &fault);
    else
        print_report(&report);
    buf_done(&report.json);
    return code ? EXIT_FAILED : EXIT_DONE;
}
