// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/simulate/simulate.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/uuid.h"
#include "tools/cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE_US (60 * SECOND_US)
/* What a visitor does takes up to so long. */
#define VISIT_US  (40 * MINUTE_US)
#define PAST_DAYS 7

/* One visitor on the way through: decide, then events. */
struct visit {
    struct run *run;
    uint64_t number;
    struct simulate_visitor who;
    char id[SIMULATE_ID_SIZE];
    int64_t at_us;
    struct simulate_variant *variant;
};

struct run {
    struct simulation *simulation;
    char decide_url[600], events_url[600];
    uint64_t done;
    struct progress progress;
    struct fault failure; /* code ERR_OK: none */
};

static void add_event(const struct visit *v, struct buf *body, const char *name, int64_t after_us,
                      const char *properties)
{
    char hashed[256], id_text[UUID_TEXT_SIZE], ts[CLOCK_TEXT_SIZE];
    int64_t ts_us = v->at_us + after_us;
    int n =
        snprintf(hashed, sizeof(hashed), "simulate %s %s %lld", v->id, name, (long long)after_us);
    struct uuid id = uuid_hashed(ts_us, hashed, (size_t)n);
    uuid_format(&id, id_text);
    clock_format(ts_us, ts);
    json_add_comma(body);
    buf_printf(body,
               "{\"event_id\":\"%s\",\"visitor_id\":\"%s\",\"name\":\"%s\",\"ts\":\"%s\","
               "\"properties\":%s}",
               id_text, v->id, name, ts, properties);
}

static void add_purchase(const struct visit *v, struct buf *body)
{
    struct simulate_variant *variant = v->variant;
    double cents = (double)(int64_t)(variant->aov * v->who.basket * 100 + 0.5);
    char properties[320];
    snprintf(properties, sizeof(properties),
             "{\"transaction_id\":\"order-%s\",\"value\":%.2f,\"items\":[{\"item_id\":\"sku-%d\","
             "\"quantity\":%d,\"price\":%.2f}]}",
             v->id, cents / 100, (int)(v->number % 50), v->who.quantity,
             cents / 100 / v->who.quantity);
    add_event(v, body, "purchase", 30 * MINUTE_US, properties);
    variant->orders++;
    variant->revenue += cents / 100;
}

static void add_events(const struct visit *v, int phase, struct buf *body)
{
    /* Two and a half baskets for an order. */
    const double baskets = 2.5;
    char exposure[400];
    snprintf(exposure, sizeof(exposure),
             "{\"campaign\":\"%s\",\"variant\":\"%s\",\"phase\":%d,\"device\":\"%s\","
             "\"country\":\"%s\",\"visitor_type\":\"%s\"}",
             v->run->simulation->options->campaign, v->variant->key, phase, v->who.device,
             v->who.country, v->who.type);
    buf_add_str(body, "{\"events\":[");
    add_event(v, body, "exposure", 0, exposure);
    for (int page = 0; page < v->who.pages; page++)
        add_event(v, body, "page_view", 1000 + page * MINUTE_US, "{}");
    if (v->who.luck < v->variant->rate * baskets)
        add_event(v, body, "add_to_cart", 10 * MINUTE_US, "{}");
    if (v->who.luck < v->variant->rate)
        add_purchase(v, body);
    buf_add_str(body, "]}");
}

static void finish(struct visit *v)
{
    struct run *run = v->run;
    run->done++;
    progress_show(&run->progress, run->done, NULL);
    mem_free(v);
}

static void on_stored(void *arg, const struct client_reply *reply)
{
    struct visit *v = arg;
    struct simulation *s = v->run->simulation;
    s->requests++;
    if (!v->run->failure.code && !client_reply_err(reply, &v->run->failure)) {
        auto_json json_t *answer = json_loadb(reply->body, reply->body_bytes, 0, NULL);
        s->accepted += (uint64_t)json_integer_value(json_object_get(answer, "accepted"));
        s->duplicate += (uint64_t)json_integer_value(json_object_get(answer, "duplicate"));
        s->rejected += json_array_size(json_object_get(answer, "rejected"));
    }
    finish(v);
}

static void send_body(struct visit *v, const char *url, const struct buf *body, client_fn *fn)
{
    client_send(v->run->simulation->client, &(struct client_request){.method = "POST",
                                                                     .url = url,
                                                                     .body = body->data,
                                                                     .body_bytes = body->length,
                                                                     .is_repeatable = true,
                                                                     .fn = fn,
                                                                     .arg = v});
}

static void count_outside(struct simulation *s, const json_t *decision)
{
    const char *reason = json_string_value(json_object_get(decision, "reason"));
    const char *key = reason ? reason : "unknown_campaign";
    s->outside++;
    json_object_set_new(s->reasons, key,
                        json_integer(json_integer_value(json_object_get(s->reasons, key)) + 1));
}

static struct simulate_variant *variant_of(struct simulation *s, const json_t *decision)
{
    const char *key = json_string_value(json_object_get(decision, "variant"));
    for (size_t i = 0; key && i < s->variant_count; i++)
        if (strcmp(s->variants[i].key, key) == 0)
            return &s->variants[i];
    return NULL;
}

/* True: the visitor goes on. */
static bool take_decision(struct visit *v, const struct client_reply *reply)
{
    struct run *run = v->run;
    if (run->failure.code || client_reply_err(reply, &run->failure))
        return false;
    auto_json json_t *answer = json_loadb(reply->body, reply->body_bytes, 0, NULL);
    const json_t *decision = json_array_get(json_object_get(answer, "decisions"), 0);
    run->simulation->decisions++;
    v->variant = variant_of(run->simulation, decision);
    if (!v->variant) {
        count_outside(run->simulation, decision);
        return false;
    }
    v->variant->visitors++;
    auto_buf struct buf body = {0};
    add_events(v, (int)json_integer_value(json_object_get(decision, "phase")), &body);
    send_body(v, run->events_url, &body, on_stored);
    return true;
}

static void on_decided(void *arg, const struct client_reply *reply)
{
    struct visit *v = arg;
    v->run->simulation->requests++;
    if (!take_decision(v, reply))
        finish(v);
}

static void begin_visit(struct run *run, uint64_t number)
{
    struct simulation *s = run->simulation;
    struct visit *v = mem_zalloc(sizeof(*v));
    v->run = run;
    v->number = number;
    v->who = simulate_visitor((uint64_t)s->options->seed, number);
    simulate_name(s, number, v->id);
    v->at_us = s->from_us + (int64_t)((double)(s->until_us - s->from_us) * v->who.moment);
    auto_buf struct buf body = {0};
    buf_printf(&body,
               "{\"visitor_id\":\"%s\",\"campaigns\":[\"%s\"],\"attributes\":{\"device\":\"%s\","
               "\"country\":\"%s\",\"visitor_type\":\"%s\"}}",
               v->id, s->options->campaign, v->who.device, v->who.country, v->who.type);
    send_body(v, run->decide_url, &body, on_decided);
}

/* Nobody may act in the future, nor before the days that live keys may write. */
static void set_span(struct simulation *s)
{
    int64_t now = clock_wall_us();
    int64_t first = (clock_day(now) - PAST_DAYS) * DAY_US;
    int64_t until = s->options->until_us ? s->options->until_us : now;
    s->until_us = until - VISIT_US;
    s->from_us = s->until_us - (int64_t)(s->options->days * (double)DAY_US);
    if (s->from_us < first)
        s->from_us = first;
}

static void hold_rate(const struct run *run, uint64_t number, int64_t began_us)
{
    double rate = run->simulation->options->visitors_per_second;
    if (rate <= 0)
        return;
    int64_t wait_us = began_us + (int64_t)((double)number / rate * 1e6) - clock_mono_us();
    if (wait_us <= 0)
        return;
    struct timespec pause = {.tv_sec = wait_us / SECOND_US, .tv_nsec = wait_us % SECOND_US * 1000};
    nanosleep(&pause, NULL);
}

enum err simulate_run(struct simulation *s, struct fault *ret_fault)
{
    struct run run = {.simulation = s};
    uint64_t visitors = (uint64_t)s->options->visitors;
    size_t in_flight = (size_t)s->options->in_flight;
    int64_t began_us = clock_mono_us();
    snprintf(run.decide_url, sizeof(run.decide_url), "%s/v1/decide", s->options->connection.edge);
    snprintf(run.events_url, sizeof(run.events_url), "%s/v1/events", s->options->connection.edge);
    set_span(s);
    progress_init(&run.progress, "visitors", visitors);
    for (uint64_t number = 0; number < visitors && !run.failure.code; number++) {
        hold_rate(&run, number, began_us);
        begin_visit(&run, number);
        client_wait(s->client, in_flight - 1);
    }
    client_wait(s->client, 0);
    progress_done(&run.progress);
    s->took_us = clock_mono_us() - began_us;
    if (run.failure.code)
        *ret_fault = run.failure;
    return run.failure.code;
}
