// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/resource/currency_rates.h"

#include "api/route/desk_work.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "model/currency.h"
#include "model/rate/rate_file.h"
#include "store/config/currency_rate.h"
#include "store/view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES (4 << 20)
#define MANY       10000
/* So many at once, so that others who ask the desk's connection come in between. */
#define PORTION  5000
#define ROWS_MAX 1000

#define ROW(name_, kind_, meaning_)                                                                \
    {                                                                                              \
        .name = name_, .kind = kind_, .meaning = meaning_                                          \
    }

static const struct field rate_fields[] = {
    {.name = "day",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .max = 40,
     .meaning = "UTC, as 2026-11-27"},
    {.name = "currency",
     .kind = FIELD_TEXT,
     .marks = FIELD_REQUIRED,
     .max = 3,
     .meaning = "of ISO 4217, as USD"},
    {.name = "rate",
     .kind = FIELD_ANY,
     .marks = FIELD_REQUIRED,
     .meaning = "what one unit of the base is worth in it: a decimal number, or the text of one"},
    {0},
};
static const struct field rate_item = {.kind = FIELD_OBJECT, .of = rate_fields};

static const struct field put_fields[] = {
    {.name = "base",
     .kind = FIELD_TEXT,
     .max = 3,
     .meaning = "the currency that rates count in, where a file does not say so; null: the "
                "environment's, or EUR in files of the shapes of the European Central Bank"},
    {.name = "rates", .kind = FIELD_LIST, .of = &rate_item, .max = MANY, .meaning = "or a file"},
    {.name = "file",
     .kind = FIELD_ANY,
     .meaning = "text of a file: eurofxref as CSV or XML, of a day or of all history, or CSV with "
                "the columns day, currency, rate and perhaps base"},
    {0},
};

static const struct field put_reply_fields[] = {
    ROW("rate_count", FIELD_INT, "rates that were read"),
    ROW("changed_count", FIELD_INT, "of these new, or others than before"),
    ROW("unknown_count", FIELD_INT, "left out: of currencies that are not in use"),
    ROW("unused_count", FIELD_INT,
        "left out: of days on which there is none of the environment's currency beside them"),
    {0},
};

static const struct field currency_fields[] = {
    ROW("currency", FIELD_TEXT, "of ISO 4217"),
    ROW("first_day", FIELD_TEXT, "with a rate; null: there is none"),
    ROW("last_day", FIELD_TEXT, "with a rate"),
    ROW("rate_count", FIELD_INT, "days with a rate"),
    ROW("visitor_count", FIELD_INT,
        "visitors whose events named it on the last 28 days; of very many, the newest"),
    {0},
};
static const struct field currency_item = {.kind = FIELD_OBJECT, .of = currency_fields};
static const struct field item_fields[] = {
    ROW("day", FIELD_TEXT, "UTC"),
    ROW("currency", FIELD_TEXT, "what has the rate"),
    ROW("base", FIELD_TEXT, "one unit of it was worth"),
    ROW("rate", FIELD_TEXT, "so much of the currency, exact,"),
    ROW("own_rate", FIELD_TEXT, "and so much of the environment's: money times own_rate / rate"),
    {0},
};
static const struct field item = {.kind = FIELD_OBJECT, .of = item_fields};
static const struct field list_fields[] = {
    ROW("currency", FIELD_TEXT, "the environment's"),
    ROW("days", FIELD_INT,
        "how old a rate may be: the newest of an order's UTC day, or of so many "
        "days before"),
    ROW("is_converting", FIELD_BOOL, "results are being worked out anew, by rates that changed"),
    {.name = "currencies",
     .kind = FIELD_LIST,
     .of = &currency_item,
     .meaning = "that have rates, or were named"},
    {.name = "items",
     .kind = FIELD_LIST,
     .of = &item,
     .meaning = "rates, the newest first; the next ones with before"},
    {0},
};
static const struct field list_query[] = {
    ROW("currency", FIELD_TEXT, "of this currency alone"),
    ROW("before", FIELD_TEXT, "of days before this one"),
    {.name = "limit",
     .kind = FIELD_INT,
     .min = 1,
     .max = ROWS_MAX,
     .initial = "100",
     .meaning = "rates at most"},
    {0},
};
static const struct field delete_query[] = {
    ROW("currency", FIELD_TEXT, "of this currency alone"),
    ROW("from", FIELD_TEXT, "the first day"),
    ROW("to", FIELD_TEXT, "the last day"),
    {0},
};
static const struct field delete_reply_fields[] = {
    ROW("deleted_count", FIELD_INT, "rates that were there"), {0}};

/* A parameter that is a currency; NULL: it is not there. */
static enum err read_currency(const struct http_request *http, const char **ret,
                              struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(http, "currency", &e);
    if (!e && (!text || (strlen(text) == 3 && currency_digits(text) >= 0))) {
        *ret = text;
        return ERR_OK;
    }
    return fault_set(fault, ERR_INVALID, "", "currency must be one of ISO 4217, as USD");
}

/* A parameter that is a day. */
static enum err read_day(const struct http_request *http, const char *name, const char *without,
                         const char **ret, struct fault *fault)
{
    enum err e = ERR_OK;
    int32_t day;
    const char *text = http_query(http, name, &e);
    if (!e && (!text || (strlen(text) == 10 && rate_read_day(text, &day)))) {
        *ret = text ? text : without;
        return ERR_OK;
    }
    return fault_set(fault, ERR_INVALID, "", "%s must be a day as 2026-11-27", name);
}

static enum err read_limit(const struct http_request *http, int *ret, struct fault *fault)
{
    enum err e = ERR_OK;
    const char *text = http_query(http, "limit", &e);
    bool is_number = text && strlen(text) < 6 && strspn(text, "0123456789") == strlen(text);
    *ret = !text ? 100 : is_number ? (int)strtol(text, NULL, 10) : 0;
    return !e && *ret >= 1 && *ret <= ROWS_MAX
               ? ERR_OK
               : fault_set(fault, ERR_INVALID, "", "limit must be a number from 1 to %d", ROWS_MAX);
}

static void list(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct currency_rate_question q = {.environment_id = r->environment_id};
    struct fault fault;
    if (read_currency(request, &q.currency, &fault) ||
        read_day(request, "before", "infinity", &q.before, &fault) ||
        read_limit(request, &q.rows, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    currency_rate_send_list(r->pg, &q, desk_reply_view, r);
}

static void take_out(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct currency_rate_range range = {.environment_id = r->environment_id,
                                        .actor = desk_request_actor(r)};
    struct fault fault;
    if (read_currency(request, &range.currency, &fault) ||
        read_day(request, "from", "-infinity", &range.from, &fault) ||
        read_day(request, "to", "infinity", &range.to, &fault)) {
        problem_reply(request, &fault);
        return;
    }
    currency_rate_send_delete(r->pg, &range, desk_reply_view, r);
}

/* One request that puts rates in. Lives in an arena of its own: a thread writes to it. */
struct putting {
    struct desk_request *request;
    struct arena *arena;
    json_t *body;
    const char *own;
    struct rate_list list;
    size_t sent, changed;
    enum err err;
    struct fault fault;
};

static void end(struct putting *p)
{
    json_decref(p->body);
    arena_free(p->arena);
}

static const char *number_text(struct arena *arena, const json_t *value)
{
    if (json_is_integer(value))
        return arena_printf(arena, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return rate_number_text(arena, json_real_value(value));
    return json_is_string(value) ? json_string_value(value) : "";
}

static enum err read_rates(struct putting *p, const json_t *rates, const char *base)
{
    for (size_t i = 0; i < json_array_size(rates); i++) {
        const json_t *row = json_array_get(rates, i);
        struct fault why;
        const struct rate_told told = {json_text_at(row, "day"), base,
                                       json_text_at(row, "currency"),
                                       number_text(p->arena, json_object_get(row, "rate")), i + 1};
        if (rates_add(&p->list, &told, &why)) {
            char at[64];
            snprintf(at, sizeof(at), "/rates/%zu%.20s", i, why.pointer);
            return fault_set(&p->fault, ERR_INVALID,
                             strcmp(why.pointer, "/base") == 0 ? "/base" : at, "%s", why.detail);
        }
    }
    return ERR_OK;
}

/* Runs in a thread: all of history takes a while. */
static void read_all(void *arg)
{
    struct putting *p = arg;
    const json_t *file = json_object_get(p->body, "file");
    const json_t *rates = json_object_get(p->body, "rates");
    const char *base = json_string_value(json_object_get(p->body, "base"));
    if (json_is_null(file) == json_is_null(rates)) {
        p->err = fault_set(&p->fault, ERR_INVALID, "/rates", "rates are needed, or a file");
    } else if (json_is_string(file)) {
        char *text = arena_strndup(p->arena, json_string_value(file), json_string_length(file));
        p->err = rate_file_read(text, json_string_length(file), base, p->own, &p->list, &p->fault);
    } else if (!json_is_null(file)) {
        p->err = fault_set(&p->fault, ERR_INVALID, "/file", "must be a text");
    } else {
        p->err = read_rates(p, rates, base ? base : p->own);
    }
    if (!p->err)
        p->err = rates_settle(&p->list, p->own, &p->fault);
}

static void send_portion(struct putting *p);

static void on_put(void *arg, const struct pg_answer *answer)
{
    struct putting *p = arg;
    struct currency_rate_put_row row;
    if (!answer->result) {
        desk_reply_failed(p->request, answer);
        end(p);
        return;
    }
    currency_rate_read_put(answer->result, &row);
    p->changed += (size_t)row.changed_count;
    if (p->sent < p->list.count) {
        send_portion(p);
        return;
    }
    auto_buf struct buf b = {0};
    buf_printf(&b,
               "{\"rate_count\":%zu,\"changed_count\":%zu,\"unknown_count\":%zu,"
               "\"unused_count\":%zu}\n",
               p->list.count, p->changed, p->list.unknown_count, p->list.unused_count);
    desk_reply_json(p->request, 200, b.data, b.length);
    end(p);
}

static void send_portion(struct putting *p)
{
    size_t left = p->list.count - p->sent, count = left < PORTION ? left : PORTION;
    const struct rate *rates = &p->list.rows[p->sent];
    p->sent += count;
    const struct currency_rate_portion portion = {.environment_id = p->request->environment_id,
                                                  .actor = desk_request_actor(p->request),
                                                  .rates = rates,
                                                  .count = count};
    currency_rate_send_put(p->request->pg, &portion, on_put, p);
}

static void on_read(void *arg)
{
    struct putting *p = arg;
    if (!p->err) {
        send_portion(p);
        return;
    }
    if (json_is_string(json_object_get(p->body, "file")) && !p->fault.pointer[0])
        snprintf(p->fault.pointer, sizeof(p->fault.pointer), "/file");
    problem_reply(p->request->http, &p->fault);
    end(p);
}

static void on_environment(void *arg, const struct pg_answer *answer)
{
    struct putting *p = arg;
    if (!answer->result) {
        desk_reply_failed(p->request, answer);
        end(p);
        return;
    }
    auto_json json_t *view = json_loads(view_read(answer->result), 0, NULL);
    p->own = arena_strdup(p->arena, json_text_at(view, "currency"));
    if (!desk_work_send(p->request, read_all, on_read, p))
        end(p);
}

static void put(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    json_t *read = desk_request_fields(r, false, put_fields);
    if (!read)
        return;
    struct arena *arena = arena_new(0);
    struct putting *p = arena_zalloc(arena, sizeof(*p));
    p->request = r;
    p->arena = arena;
    p->body = read;
    p->list = (struct rate_list){.arena = arena, .today = clock_day(clock_wall_us()) + 1};
    currency_rate_send_own(r->pg, r->environment_id, on_environment, p);
}

static const struct route_reply list_replies[] = {
    {.status = 200,
     .meaning = "rates, and what currencies need some",
     .type = "application/json",
     .fields = list_fields,
     .schema = "currency_rates"},
    {0},
};
static const struct route_reply put_replies[] = {
    {.status = 200,
     .meaning = "what was put in",
     .type = "application/json",
     .fields = put_reply_fields,
     .schema = "currency_rates_put"},
    {0},
};
static const struct route_reply delete_replies[] = {
    {.status = 200,
     .meaning = "how many went",
     .type = "application/json",
     .fields = delete_reply_fields,
     .schema = "currency_rates_deleted"},
    {0},
};

const struct route currency_rate_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_REPORT,
     .path = DESK_API "/currency-rates",
     .role = ROLE_VIEWER,
     .tokens = DESK_TOKENS,
     .query = list_query,
     .replies = list_replies,
     .handler = list,
     .summary = "Rates by which money in other currencies is converted"},
    {.verb = VERB_PUT,
     .path = DESK_API "/currency-rates",
     .role = ROLE_PUBLISHER,
     .tokens = DESK_TOKENS,
     .body = {.bytes = FILE_BYTES, .fields = put_fields},
     .replies = put_replies,
     .handler = put,
     .summary = "Puts rates in, over those of the same days; results are worked out anew"},
    {.verb = VERB_DELETE,
     .path = DESK_API "/currency-rates",
     .role = ROLE_PUBLISHER,
     .tokens = DESK_TOKENS,
     .query = delete_query,
     .replies = delete_replies,
     .handler = take_out,
     .summary = "Takes rates out: of a currency and of days"},
    {0},
};
