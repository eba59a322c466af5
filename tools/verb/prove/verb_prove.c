// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/verb/prove/verb_prove.h"

#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/client.h"
#include "tools/cli/mete.h"
#include "tools/cli/progress.h"
#include "tools/cli/verb.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_US (10 * INT64_C(1000000))
#define ASK_MS     200

struct values {
    struct connection connection;
    int64_t phase, days, runs, seed;
    double uplift, confidence;
    const char *svg;
    const char *operand[1]; /* a campaign's key or a file's name */
};

static const struct option_row rows[] = {
    {"runs", OPTION_INT, offsetof(struct values, runs), 1, 1e5, "N",
     "how often visitors are split (default: 1000)"},
    {"uplift", OPTION_NUMBER, offsetof(struct values, uplift), -0.99, 10, "U",
     "put so much into one arm, 0.1 for 10 %, and see how often it is found"},
    {"confidence", OPTION_NUMBER, offsetof(struct values, confidence), 0.5, 0.9999, "C",
     "of every test (default: 0.95)"},
    {"seed", OPTION_INT, offsetof(struct values, seed), 0, 9e15, "N",
     "the same seed gives the same report (default: 1)"},
    {"phase", OPTION_INT, offsetof(struct values, phase), 1, 1e6, "N",
     "an earlier phase (default: the newest)"},
    {"days", OPTION_INT, offsetof(struct values, days), 1, 3650, "N",
     "only visitors exposed in the last so many days"},
    {"svg", OPTION_TEXT, offsetof(struct values, svg), 0, 0, "FILE",
     "draw the p-values into this file"},
    {"environment", OPTION_TEXT, offsetof(struct values, connection.environment), 0, 0, "KEY",
     "another environment than the key's own"},
};

static const struct option_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .shared = connection_rows,
    .shared_count = CONNECTION_ROWS,
    .shared_offset = offsetof(struct values, connection),
    .operands = 1,
    .operand_offset = offsetof(struct values, operand),
};

static void write_input(const struct values *v, struct buf *body)
{
    buf_printf(body, "{\"campaign\":\"%s\",\"runs\":%lld,\"seed\":%lld,\"uplift\":", v->operand[0],
               (long long)v->runs, (long long)v->seed);
    json_add_number(body, v->uplift);
    buf_add_str(body, ",\"confidence\":");
    json_add_number(body, v->confidence);
    if (v->phase)
        buf_printf(body, ",\"phase\":%lld", (long long)v->phase);
    if (v->days)
        buf_printf(body, ",\"days\":%lld", (long long)v->days);
    buf_add_char(body, '}');
}

static bool is_open(const char *state)
{
    return strcmp(state, "queued") == 0 || strcmp(state, "running") == 0;
}

static void rest(void)
{
    const struct timespec pause = {.tv_nsec = ASK_MS * 1000000L};
    nanosleep(&pause, NULL);
}

/* The report of a job that has ended, or why there is none. */
static enum err take_report(const json_t *job, const char *state, json_t **ret, struct fault *fault)
{
    const char *problem = json_string_value(json_object_get(job, "problem"));
    if (strcmp(state, "done") != 0)
        return fault_set(fault, ERR_CONFLICT, "", "%s",
                         problem ? problem : "somebody cancelled the job");
    *ret = json_incref(json_object_get(job, "result"));
    return ERR_OK;
}

/* Asks until the job has ended; *ret is its report. */
static enum err await(struct client *client, const char *url, json_t **ret, struct fault *fault)
{
    struct progress progress;
    enum err e;
    bool is_over = false;
    progress_init(&progress, "runs", 1000);
    do {
        auto_json json_t *job = NULL;
        e = client_call(client, "GET", url, NULL, &job, fault);
        const char *state = json_string_value(json_object_get(job, "state"));
        if (!e && !state)
            e = fault_set(fault, ERR_IO, "", "the answer is no job");
        is_over = e || !is_open(state);
        if (!e && is_over)
            e = take_report(job, state, ret, fault);
        double done = json_number_value(json_object_get(job, "progress"));
        progress_show(&progress, (uint64_t)(done * 1000), state);
        if (!is_over)
            rest();
    } while (!is_over);
    progress_done(&progress);
    return e;
}

static enum err run_job(const struct values *v, struct arena *arena, json_t **ret,
                        struct fault *fault)
{
    if (!text_is_key(v->operand[0]))
        return fault_set(fault, ERR_INVALID, "", "\"%s\" is neither a campaign's key nor a file",
                         v->operand[0]);
    auto_buf struct buf body = {0};
    auto_json json_t *job = NULL;
    struct client_options options = {
        .key = v->connection.key, .in_flight = 1, .timeout_us = TIMEOUT_US};
    struct client *client = client_new(&options);
    write_input(v, &body);
    enum err e = client_call(client, "POST", connection_desk_url(&v->connection, arena, "/prove"),
                             body.data, &job, fault);
    long long id = json_integer_value(json_object_get(job, "id"));
    if (!e)
        e = await(client, connection_desk_url(&v->connection, arena, "/jobs/%lld", id), ret, fault);
    client_free(client);
    return e;
}

static bool on_progress(void *arg, double done)
{
    progress_show(arg, (uint64_t)(done * 1000), NULL);
    return true;
}

static enum err run_file(const struct values *v, struct arena *arena, json_t **ret,
                         struct fault *fault)
{
    struct progress progress;
    struct prove_report report;
    const struct prove_plan plan = {.seed = (uint64_t)v->seed,
                                    .runs = (int)v->runs,
                                    .uplift = v->uplift,
                                    .confidence = v->confidence,
                                    .on_progress = on_progress,
                                    .arg = &progress};
    progress_init(&progress, "runs", 1000);
    enum err e = prove_file(v->operand[0], &plan, arena, &report, fault);
    progress_done(&progress);
    if (e)
        return e;
    auto_buf struct buf text = {0};
    prove_write(&report, &text);
    *ret = json_loadb(text.data, text.length, 0, NULL);
    return ERR_OK;
}

/* Keys hold neither dots nor slashes. */
static bool is_file(const struct values *v)
{
    return strpbrk(v->operand[0], "./") != NULL;
}

static enum err run(struct values *v, struct arena *arena, json_t **ret, struct fault *fault)
{
    if (is_file(v))
        return run_file(v, arena, ret, fault);
    enum err e = connection_complete(&v->connection, arena, fault);
    return e ? e : run_job(v, arena, ret, fault);
}

static enum err draw(const char *path, const json_t *report, struct fault *fault)
{
    FILE *to = fopen(path, "w");
    if (!to)
        return fault_set(fault, ERR_INVALID, "", "--svg: %s: %s", path, strerror(errno));
    prove_draw(report, to);
    bool is_whole = ferror(to) == 0;
    if (fclose(to) != 0 || !is_whole)
        return fault_set(fault, ERR_IO, "", "--svg: %s: %s", path, strerror(errno));
    return ERR_OK;
}

int verb_prove(int argc, char **argv)
{
    struct values values = {.runs = 1000, .seed = 1, .confidence = 0.95};
    struct fault fault;
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *report = NULL;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    if (run(&values, arena, &report, &fault) || (values.svg && draw(values.svg, report, &fault)))
        return verb_failed(argv[0], &fault);
    if (!values.connection.is_json) {
        prove_print(report, stdout);
        return EXIT_DONE;
    }
    auto_buf struct buf out = {0};
    json_add_value(&out, report);
    puts(out.data);
    return EXIT_DONE;
}
