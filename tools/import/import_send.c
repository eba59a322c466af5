// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/progress.h"

#include <stdio.h>
#include <string.h>

#define BATCH_EVENTS     500
#define BATCH_BYTES      (200 * 1024)
#define COMPLAINTS_SHOWN 10

/* Batches stand in a list in the order they were made: the state may pass a batch only when all
 * before it are acknowledged too. */
struct batch {
    struct batch *next;
    struct sending *sending;
    struct buf body;
    size_t count;
    uint64_t rows[BATCH_EVENTS]; /* the row each event came from */
    uint64_t last_row;           /* complete up to here with this batch */
    bool is_acknowledged;
};

struct sending {
    struct import *import;
    struct batch *first, *last;
    struct batch *open;           /* being filled; in no list */
    uint64_t row;                 /* in work */
    uint64_t complaints, unrated; /* events refused; stored, but without their money */
    struct progress progress;
    char url[600];
    struct fault failure; /* of a batch; code ERR_OK: none */
};

static void batch_free(struct batch *b)
{
    buf_done(&b->body);
    mem_free(b);
}

static void advance(struct sending *s)
{
    while (s->first && s->first->is_acknowledged) {
        struct batch *b = s->first;
        s->first = b->next;
        if (!s->first)
            s->last = NULL;
        s->import->state.row = b->last_row;
        batch_free(b);
    }
    if (import_state_save(&s->import->state, false, &s->failure))
        return;
    char note[64];
    snprintf(note, sizeof(note), "row %llu", (unsigned long long)s->import->state.row);
    progress_show(&s->progress, csv_file_done(s->import->file), note);
}

static void complain(struct sending *s, const struct batch *b, const json_t *rejected)
{
    s->import->state.rejected++;
    if (s->complaints++ >= COMPLAINTS_SHOWN)
        return;
    json_int_t index = json_integer_value(json_object_get(rejected, "index"));
    const char *pointer = json_string_value(json_object_get(rejected, "pointer"));
    const char *detail = json_string_value(json_object_get(rejected, "detail"));
    bool is_known = index >= 0 && (size_t)index < b->count;
    fprintf(stderr, "row %llu: the server refused an event: %s (%s)\n",
            (unsigned long long)(is_known ? b->rows[index] : 0), detail ? detail : "",
            pointer ? pointer : "");
}

/* Events that count, but whose money cannot be converted: none is lost, and a rate mends it. */
static void warn(struct sending *s, const struct batch *b, const json_t *warning)
{
    json_int_t index = json_integer_value(json_object_get(warning, "index"));
    bool is_known = index >= 0 && (size_t)index < b->count;
    if (s->unrated++ < COMPLAINTS_SHOWN)
        fprintf(stderr, "row %llu: %s\n", (unsigned long long)(is_known ? b->rows[index] : 0),
                json_text_or(warning, "detail", ""));
}

static enum err read_reply(struct sending *s, const struct batch *b,
                           const struct client_reply *reply)
{
    enum err e = client_reply_err(reply, &s->failure);
    if (e)
        return e;
    auto_json json_t *answer = json_loadb(reply->body, reply->body_bytes, 0, NULL);
    json_t *accepted = json_object_get(answer, "accepted");
    json_t *duplicate = json_object_get(answer, "duplicate");
    json_t *rejected = json_object_get(answer, "rejected"), *one;
    if (!json_is_integer(accepted) || !json_is_integer(duplicate) || !json_is_array(rejected))
        return fault_set(&s->failure, ERR_INTERNAL, "", "the server's answer is not understood");
    s->import->state.accepted += (uint64_t)json_integer_value(accepted);
    s->import->state.duplicate += (uint64_t)json_integer_value(duplicate);
    size_t i;
    json_array_foreach(rejected, i, one)
        complain(s, b, one);
    json_array_foreach(json_object_get(answer, "warnings"), i, one)
        warn(s, b, one);
    if (json_array_size(rejected) && !s->import->options->can_skip)
        return fault_set(&s->failure, ERR_INVALID, "",
                         "the server refused events; --skip-bad-rows goes on without them");
    return ERR_OK;
}

static void on_reply(void *arg, const struct client_reply *reply)
{
    struct batch *b = arg;
    struct sending *s = b->sending;
    if (s->failure.code || read_reply(s, b, reply))
        return;
    b->is_acknowledged = true;
    advance(s);
}

static void send_open(struct sending *s)
{
    struct batch *b = s->open;
    s->open = NULL;
    buf_add_str(&b->body, "]}");
    if (s->last)
        s->last->next = b;
    else
        s->first = b;
    s->last = b;
    client_send(s->import->client, &(struct client_request){.method = "POST",
                                                            .url = s->url,
                                                            .body = b->body.data,
                                                            .body_bytes = b->body.length,
                                                            .is_repeatable = true,
                                                            .fn = on_reply,
                                                            .arg = b});
    client_wait(s->import->client, (size_t)s->import->options->in_flight);
}

static void add_event(void *arg, const char *json, size_t length)
{
    struct sending *s = arg;
    if (s->open && (s->open->count == BATCH_EVENTS || s->open->body.length + length > BATCH_BYTES))
        send_open(s);
    if (!s->open) {
        s->open = mem_zalloc(sizeof(*s->open));
        s->open->sending = s;
        s->open->last_row = s->row - 1;
        buf_add_str(&s->open->body, "{\"events\":[");
    }
    struct batch *b = s->open;
    json_add_comma(&b->body);
    buf_add(&b->body, json, length);
    b->rows[b->count++] = s->row;
}

static enum err send_row(void *arg, const struct csv *csv, uint64_t row, const struct fault *bad,
                         struct fault *ret_fault)
{
    struct sending *s = arg;
    struct fault ignored;
    if (row <= s->import->state.row)
        return ERR_OK;
    s->row = row;
    /* The scan has told about bad rows, and gone on only because they may be left out. */
    if (!bad && import_row(&s->import->source, csv, row, add_event, s, &ignored) == ERR_OK &&
        s->open)
        s->open->last_row = row;
    if (s->failure.code)
        *ret_fault = s->failure;
    return s->failure.code;
}

static enum err finish(struct sending *s, struct fault *fault)
{
    if (s->open)
        send_open(s);
    client_wait(s->import->client, 0);
    if (s->failure.code) {
        *fault = s->failure;
        return s->failure.code;
    }
    s->import->state.row = s->import->rows;
    return ERR_OK;
}

static void release(struct sending *s)
{
    if (s->open)
        batch_free(s->open);
    while (s->first) {
        struct batch *b = s->first;
        s->first = b->next;
        batch_free(b);
    }
}

enum err import_send(struct import *im, struct fault *ret_fault)
{
    struct sending s = {.import = im};
    snprintf(s.url, sizeof(s.url), "%s/v1/events", im->options->connection.edge);
    progress_init(&s.progress, "sending", csv_file_bytes(im->file));
    enum err e = import_walk(im, send_row, &s, ret_fault);
    if (!e)
        e = finish(&s, ret_fault);
    /* Whatever went wrong: what is acknowledged stays so. */
    struct fault ignored;
    client_wait(im->client, 0);
    enum err saved = import_state_save(&im->state, true, e ? &ignored : ret_fault);
    progress_done(&s.progress);
    if (s.unrated > 0)
        fprintf(stderr,
                "%llu events count without their money: there was no rate of its currency for the "
                "day; mete rates --import FILE puts rates in, and mends it\n",
                (unsigned long long)s.unrated);
    release(&s);
    return e ? e : saved;
}
