// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "store/operate/migrate.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct values {
    const char *campaign;
    const char *environment;
    const char *database;
    bool is_json;
};

static const struct option_row rows[] = {
    {"campaign", OPTION_TEXT, offsetof(struct values, campaign), 0, 0, "KEY",
     "only this campaign; default: all"},
    {"environment", OPTION_TEXT, offsetof(struct values, environment), 0, 0, "KEY",
     "only this environment; default: all"},
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_URL, else as tools/up wrote it down"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {.rows = rows, .count = sizeof(rows) / sizeof(rows[0])};

static const char rebuild_sql[] =
    "with chosen as ("
    " select coalesce(array_agg(c.id), '{}') as ids from campaign c"
    " join environment e on e.id = c.environment_id"
    " where ($1::text is null or c.key = $1) and ($2::text is null or e.key = $2))"
    " select cardinality(ids), unit_count, outcome_count"
    " from chosen cross join lateral rebuild(ids)";

static void finish(PGconn **connection)
{
    PQfinish(*connection);
}

static void clear(PGresult **result)
{
    PQclear(*result);
}

static enum err rebuild(const char *url, const struct values *values, PGresult **ret_result,
                        struct fault *ret_fault)
{
    __attribute__((cleanup(finish))) PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK)
        return fault_set(ret_fault, ERR_UNAVAILABLE, "", "%s", PQerrorMessage(connection));
    const char *const parameters[] = {values->campaign, values->environment};
    PGresult *result = PQexecParams(connection, rebuild_sql, 2, NULL, parameters, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        *ret_result = result;
        return ERR_OK;
    }
    PQclear(result);
    return fault_set(ret_fault, ERR_INTERNAL, "", "%s", PQerrorMessage(connection));
}

static int report(const struct values *values, const PGresult *r, int64_t took_us)
{
    const char *campaigns = PQgetvalue(r, 0, 0);
    if (values->campaign && strcmp(campaigns, "0") == 0) {
        fprintf(stderr, "mete rebuild: there is no campaign \"%s\"\n", values->campaign);
        return EXIT_FAILED;
    }
    const char *units = PQgetvalue(r, 0, 1), *outcomes = PQgetvalue(r, 0, 2);
    if (values->is_json)
        printf("{\"campaigns\":%s,\"units\":%s,\"outcomes\":%s,\"took_us\":%lld}\n", campaigns,
               units, outcomes, (long long)took_us);
    else
        printf("rebuilt %s campaigns from the events in %.2f s: %s units, %s outcomes\n", campaigns,
               (double)took_us / 1e6, units, outcomes);
    return EXIT_DONE;
}

int verb_rebuild(int argc, char **argv)
{
    struct values values = {0};
    struct fault fault;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    auto_arena struct arena *arena = arena_new(0);
    const char *url = connection_database(values.database, arena);
    if (!url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    if (migrate_check(url, &schema_embedded, &fault)) {
        (void)verb_failed(argv[0], &fault);
        return EXIT_FAILED;
    }
    int64_t begin_us = clock_mono_us();
    __attribute__((cleanup(clear))) PGresult *result = NULL;
    if (rebuild(url, &values, &result, &fault)) {
        (void)verb_failed(argv[0], &fault);
        return EXIT_FAILED;
    }
    return report(&values, result, clock_mono_us() - begin_us);
}
