// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/plan.h"

#include "api/desk_request.h"
#include "api/problem.h"
#include "engine/plan_baseline.h"
#include "io/row.h"
#include "sql/queries.h"

#include <math.h>
#include <string.h>

struct plan_request {
    struct desk_request *desk;
    struct plan_wish wish;
    const char *metric;
};

static double number_of(const json_t *body, const char *name)
{
    const json_t *value = json_object_get(body, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int64_t count_of(const json_t *body, const char *name)
{
    return json_integer_value(json_object_get(body, name));
}

static void read_wish(const json_t *body, struct plan_wish *ret)
{
    *ret = (struct plan_wish){
        .rate = number_of(body, "rate"),
        .mean = number_of(body, "mean"),
        .sd = number_of(body, "sd"),
        .uplift = number_of(body, "uplift"),
        .difference = number_of(body, "difference"),
        .confidence = number_of(body, "confidence"),
        .power = number_of(body, "power"),
        .coverage = number_of(body, "coverage"),
        .daily = number_of(body, "daily"),
        .visitors = count_of(body, "visitors"),
        .days = count_of(body, "days"),
        .variants = count_of(body, "variants"),
        .sides = count_of(body, "sides"),
        .looks = count_of(body, "looks"),
    };
    const char *test = json_string_value(json_object_get(body, "test"));
    for (size_t i = 0; plan_tests[i]; i++)
        if (strcmp(plan_tests[i], test) == 0)
            ret->test = (enum plan_test)i;
}

static bool has_baseline(const struct plan_wish *w)
{
    return !isnan(w->rate) || !isnan(w->mean);
}

/* Whoever asks about a metric alone wants to know what was measured; nothing wrong in that. */
static bool is_plannable(const struct plan_request *q)
{
    const struct plan_wish *w = &q->wish;
    bool has_aim = !isnan(w->uplift) || !isnan(w->difference) || w->visitors || w->days;
    return !q->metric || (has_aim && has_baseline(w));
}

static void reply(const struct plan_request *q, const struct plan_measured *measured)
{
    auto_buf struct buf out = {0};
    struct plan plan;
    struct fault fault;
    bool has_plan = is_plannable(q);
    if (has_plan && plan_make(&q->wish, &plan, &fault)) {
        problem_reply(q->desk->http, &fault);
        return;
    }
    buf_add_str(&out, "{\"measured\":");
    if (measured)
        plan_baseline_write(measured, &out);
    else
        buf_add_str(&out, "null");
    buf_add_str(&out, ",\"plan\":");
    if (has_plan)
        plan_write(&plan, &out);
    else
        buf_add_str(&out, "null");
    buf_add_str(&out, "}\n");
    desk_reply_json(q->desk, 200, out.data, out.length);
}

static void on_measured(void *arg, const struct pg_answer *answer)
{
    struct plan_request *q = arg;
    if (!answer->result) {
        desk_reply_failed(q->desk, answer);
        return;
    }
    const PGresult *r = answer->result;
    struct plan_measured measured = {
        .days = row_is_null(r, 0, 0) ? 1 : row_double(r, 0, 0),
        .visitors = row_double(r, 0, 1),
        .sampled = row_int(r, 0, 2),
        .metric = q->metric,
        .kind = row_text(r, 0, 3),
        .n = row_double(r, 0, 4),
        .d = row_double(r, 0, 5),
        .nn = row_double(r, 0, 6),
        .nd = row_double(r, 0, 7),
        .dd = row_double(r, 0, 8),
        .converted = row_double(r, 0, 9),
    };
    if (q->metric && !measured.kind) {
        problem_say(q->desk->http, ERR_INVALID, "/metric", "there is no metric %s", q->metric);
        return;
    }
    plan_baseline_fill(&measured, &q->wish);
    reply(q, &measured);
}

void plan_show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct plan_request *q = arena_zalloc(request->arena, sizeof(*q));
    struct fault fault;
    json_t *read = NULL;
    auto_json json_t *body = desk_request_body(r, false, &fault);
    if (!body || field_read(plan_fields, body, &read, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    auto_json json_t *wish = read;
    const char *metric = json_string_value(json_object_get(wish, "metric"));
    q->desk = r;
    q->metric = metric ? arena_strdup(request->arena, metric) : NULL;
    read_wish(wish, &q->wish);
    if (!metric) {
        reply(q, NULL);
        return;
    }
    struct pg_params params = {.arena = request->arena};
    pg_param_int(&params, r->environment_id);
    pg_param_text(&params, q->metric);
    pg_send(r->desk->pg, QUERY_PLAN_MEASURE, &params, on_measured, q);
}
