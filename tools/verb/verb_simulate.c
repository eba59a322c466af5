// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/simulate/simulate.h"

#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/mete.h"
#include "tools/cli/table.h"
#include "tools/cli/verb.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (30 * INT64_C(1000000))

static const struct option_row rows[] = {
    {"campaign", OPTION_TEXT, offsetof(struct simulate_options, campaign), 0, 0, "KEY",
     "the running campaign to visit"},
    {"visitors", OPTION_INT, offsetof(struct simulate_options, visitors), 1, 1e9, "N",
     "how many visitors (default 1000)"},
    {"rates", OPTION_TEXT, offsetof(struct simulate_options, rates), 0, 0, "RATES",
     "true purchase rates: 0.1 or a=0.10,b=0.12 (default 0.10, 0.11, …)"},
    {"aov", OPTION_TEXT, offsetof(struct simulate_options, aov), 0, 0, "VALUES",
     "mean order values: 60 or a=60,b=66 (default 60)"},
    {"seed", OPTION_INT, offsetof(struct simulate_options, seed), 0, 1e15, "N",
     "another seed, other visitors (default 1)"},
    {"days", OPTION_NUMBER, offsetof(struct simulate_options, days), 0, 7, "D",
     "spread over the past D days (default 0: now)"},
    {"until", OPTION_TIME, offsetof(struct simulate_options, until_us), 0, 0, "TIME",
     "when the last visits end (default: now); the same time repeats the same events"},
    {"connections", OPTION_INT, offsetof(struct simulate_options, in_flight), 1, 256, "C",
     "visitors at once (default 16)"},
    {"rate", OPTION_NUMBER, offsetof(struct simulate_options, visitors_per_second), 0, 1e6, "R",
     "visitors per second at most (default: as fast as it goes)"},
};

static void print_json(const struct simulation *s)
{
    auto_buf struct buf out = {0};
    buf_add_str(&out, "{\"campaign\":");
    json_add_string(&out, s->options->campaign);
    buf_printf(&out,
               ",\"decisions\":%llu,\"outside\":%llu,\"accepted\":%llu,\"duplicate\":%llu,"
               "\"rejected\":%llu,\"requests\":%llu,\"retries\":%llu,\"seconds\":%.3f",
               (unsigned long long)s->decisions, (unsigned long long)s->outside,
               (unsigned long long)s->accepted, (unsigned long long)s->duplicate,
               (unsigned long long)s->rejected, (unsigned long long)s->requests,
               (unsigned long long)client_retries(s->client), (double)s->took_us / 1e6);
    json_add_key(&out, "reasons");
    json_add_value(&out, s->reasons);
    buf_add_str(&out, ",\"variants\":[");
    for (size_t i = 0; i < s->variant_count; i++) {
        const struct simulate_variant *v = &s->variants[i];
        json_add_comma(&out);
        buf_add_str(&out, "{\"key\":");
        json_add_string(&out, v->key);
        buf_printf(&out, ",\"rate\":%g,\"aov\":%g,\"visitors\":%llu,\"orders\":%llu,", v->rate,
                   v->aov, (unsigned long long)v->visitors, (unsigned long long)v->orders);
        buf_printf(&out, "\"revenue\":%.2f}", v->revenue);
    }
    buf_add_str(&out, "]}");
    puts(out.data);
}

static void print_outside(const struct simulation *s)
{
    const char *reason;
    json_t *count;
    if (!s->outside)
        return;
    printf("%llu visitors were in no variant:", (unsigned long long)s->outside);
    json_object_foreach(s->reasons, reason, count)
        printf(" %s %lld", reason, (long long)json_integer_value(count));
    putchar('\n');
}

static void print_text(const struct simulation *s)
{
    static const char *const titles[] = {"variant", "visitors", "true rate",
                                         "orders",  "true aov", "revenue"};
    struct table t = {0};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        table_cell(&t, "%s", titles[i]);
    table_row(&t);
    for (size_t i = 0; i < s->variant_count; i++) {
        const struct simulate_variant *v = &s->variants[i];
        table_cell(&t, "%s%s", v->key, v->is_control ? " (control)" : "");
        table_cell(&t, "%llu", (unsigned long long)v->visitors);
        table_cell(&t, "%.4f", v->rate);
        table_cell(&t, "%llu", (unsigned long long)v->orders);
        table_cell(&t, "%.2f", v->aov);
        table_cell(&t, "%.2f", v->revenue);
        table_row(&t);
    }
    table_print(&t, 0, stdout);
    print_outside(s);
    printf("%llu events stored, %llu were there already, %llu refused; %llu requests in %.1f s "
           "(%.0f/s), %llu sent again\n",
           (unsigned long long)s->accepted, (unsigned long long)s->duplicate,
           (unsigned long long)s->rejected, (unsigned long long)s->requests,
           (double)s->took_us / 1e6, (double)s->requests * 1e6 / (double)s->took_us,
           (unsigned long long)client_retries(s->client));
}

static enum err run(struct simulation *s, struct arena *arena, json_t **ret_campaign,
                    struct fault *fault)
{
    const struct simulate_options *o = s->options;
    if (!o->campaign || !text_is_key(o->campaign))
        return fault_set(fault, ERR_INVALID, "", "--campaign is needed: the key of a campaign");
    const char *url = connection_desk_url(&o->connection, arena, "/campaigns/%s", o->campaign);
    enum err e = client_call(s->client, "GET", url, NULL, ret_campaign, fault);
    if (e)
        return e;
    const char *status = json_string_value(json_object_get(*ret_campaign, "status"));
    if (!status || strcmp(status, "running") != 0)
        return fault_set(fault, ERR_CONFLICT, "", "the campaign \"%s\" is %s, not running",
                         o->campaign, status ? status : "");
    e = simulate_plan(s, *ret_campaign, fault);
    return e ? e : simulate_run(s, fault);
}

int verb_simulate(int argc, char **argv)
{
    struct simulate_options options = {.visitors = 1000, .seed = 1, .in_flight = 16};
    const struct option_table table = {
        .rows = rows,
        .count = sizeof(rows) / sizeof(rows[0]),
        .shared = connection_rows,
        .shared_count = CONNECTION_ROWS,
        .shared_offset = offsetof(struct simulate_options, connection),
    };
    auto_arena struct arena *arena = arena_new(0);
    auto_json json_t *campaign = NULL;
    struct fault fault = {0};
    int status;
    if (!verb_begin(&table, argc, argv, &options, arena, &status))
        return status;
    struct client_options client = {.key = options.connection.key,
                                    .in_flight = (unsigned)options.in_flight,
                                    .timeout_us = TIMEOUT_US};
    struct simulation s = {
        .options = &options, .client = client_new(&client), .reasons = json_object()};
    enum err e = run(&s, arena, &campaign, &fault);
    if (e)
        status = verb_failed(argv[0], &fault);
    else if (options.connection.is_json)
        print_json(&s);
    else
        print_text(&s);
    client_free(s.client);
    json_decref(s.reasons);
    return e ? status : EXIT_DONE;
}
