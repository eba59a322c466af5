// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/report/plan.h"

#include "api/route/desk_work.h"
#include "api/route/problem.h"
#include "plan/plan_baseline.h"
#include "store/results/plan.h"

#include <math.h>
#include <string.h>

struct plan_request {
    struct desk_request *desk;
    struct plan_wish wish;
    const char *metric;
    bool has_measured, has_plan;
    struct plan_measured measured;
    struct plan plan;
    struct fault fault;
    enum err result;
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

/* Runs in a thread: bounds and powers of planned looks take a while. */
static void work(void *arg)
{
    struct plan_request *q = arg;
    if (q->has_plan)
        q->result = plan_make(&q->wish, &q->plan, &q->fault);
}

static void reply(void *arg)
{
    struct plan_request *q = arg;
    auto_buf struct buf out = {0};
    if (q->result) {
        problem_reply(q->desk->http, &q->fault);
        return;
    }
    buf_add_str(&out, "{\"measured\":");
    if (q->has_measured)
        plan_baseline_write(&q->measured, &out);
    else
        buf_add_str(&out, "null");
    buf_add_str(&out, ",\"plan\":");
    if (q->has_plan)
        plan_write(&q->plan, &out);
    else
        buf_add_str(&out, "null");
    buf_add_str(&out, "}\n");
    desk_reply_json(q->desk, 200, out.data, out.length);
}

static void plan(struct plan_request *q)
{
    q->has_plan = is_plannable(q);
    (void)desk_work_send(q->desk, work, reply, q);
}

static void on_measured(void *arg, const struct pg_answer *answer)
{
    struct plan_request *q = arg;
    if (!answer->result) {
        desk_reply_failed(q->desk, answer);
        return;
    }
    struct plan_measure_row row;
    plan_read_measure(answer->result, &row);
    q->measured = (struct plan_measured){
        .days = row.days > 0 ? row.days : 1,
        .visitors = row.visitors,
        .sampled = row.sampled,
        .metric = q->metric,
        .kind = row.kind ? arena_strdup(q->desk->http->arena, row.kind) : NULL,
        .n = row.n,
        .d = row.d,
        .nn = row.nn,
        .nd = row.nd,
        .dd = row.dd,
        .converted = row.converted,
        .ww = row.ww,
        .wwn = row.wwn,
        .wwnn = row.wwnn,
        .wwnd = row.wwnd,
        .wwdd = row.wwdd,
    };
    if (q->metric && !q->measured.kind) {
        problem_say(q->desk->http, ERR_INVALID, "/metric", "there is no metric %s", q->metric);
        return;
    }
    plan_baseline_fill(&q->measured, &q->wish);
    q->has_measured = true;
    plan(q);
}

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct plan_request *q = arena_zalloc(request->arena, sizeof(*q));
    auto_json json_t *wish = desk_request_fields(r, false, plan_fields);
    if (!wish)
        return;
    const char *metric = json_string_value(json_object_get(wish, "metric"));
    q->desk = r;
    q->metric = metric ? arena_strdup(request->arena, metric) : NULL;
    read_wish(wish, &q->wish);
    if (!metric) {
        plan(q);
        return;
    }
    plan_send_measure(r->pg, r->environment_id, q->metric, on_measured, q);
}

static const struct route_reply replies[] = {
    {.status = 200, .meaning = "the plan", .type = "application/json", .fields = plan_reply_fields},
    {0},
};

const struct route plan_routes[] = {
    {.verb = VERB_POST,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/plan",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = 1 << 10, .fields = plan_fields},
     .replies = replies,
     .handler = show,
     .summary = "How many visitors and days a campaign takes, from those of the last weeks"},
    {0},
};
