// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/http/http_private.h"

#include "base/mem.h"

#include <string.h>

static void exchange_free(struct http_exchange *x)
{
    buf_done(&x->body);
    buf_done(&x->headers);
    mem_free(x);
}

void http_pool_done(struct http_server *s)
{
    while (s->spare_exchanges) {
        struct http_exchange *x = s->spare_exchanges;
        s->spare_exchanges = x->next_spare;
        exchange_free(x);
    }
    while (s->spare_buffer_count > 0)
        mem_free(s->spare_buffers[--s->spare_buffer_count]);
    while (s->spare_arena_count > 0)
        arena_free(s->spare_arenas[--s->spare_arena_count]);
}

struct http_exchange *http_exchange_take(struct http_connection *c)
{
    struct http_server *s = c->server;
    struct http_exchange *x = s->spare_exchanges;
    if (x) {
        s->spare_exchanges = x->next_spare;
        s->spare_exchange_count--;
    } else {
        x = mem_zalloc(sizeof(*x));
    }
    x->request = (struct http_request){
        .verb = VERB_OTHER,
        .path = "",
        .query = "",
        .peer_address = c->address ? c->address->text : "",
        .is_tls = c->tls != NULL,
        .peer_ip = c->address ? c->address->key : NULL,
    };
    x->connection = c;
    x->begun_us = s->now_us;
    c->was_asked = true;
    x->in_bytes = 0;
    x->is_in_place = false;
    x->coding = CODING_NONE;
    x->chunked = (struct http_chunked){0};
    http_head_init(&x->head);
    c->exchange = x;
    return x;
}

struct arena *http_arena_take(struct http_server *s)
{
    return s->spare_arena_count ? s->spare_arenas[--s->spare_arena_count] : arena_new(0);
}

static void arena_drop(struct http_server *s, struct arena *a)
{
    if (!a)
        return;
    if (!s || s->spare_arena_count == HTTP_POOL) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    s->spare_arenas[s->spare_arena_count++] = a;
}

static void shrink(struct buf *b)
{
    if (b->capacity > HTTP_BUFFER_BYTES)
        buf_done(b);
    else
        b->length = 0;
}

void http_exchange_drop(struct http_connection *c)
{
    struct http_server *s = c->server;
    struct http_exchange *x = c->exchange;
    if (!x)
        return;
    c->exchange = NULL;
    arena_drop(s, x->request.arena);
    if (s)
        s->bodies_bytes -= x->body_counted;
    if (!s || s->spare_exchange_count == HTTP_POOL) {
        exchange_free(x);
        return;
    }
    x->body_counted = 0;
    shrink(&x->body);
    shrink(&x->headers);
    x->next_spare = s->spare_exchanges;
    s->spare_exchanges = x;
    s->spare_exchange_count++;
}

void http_buffer_reserve(struct http_connection *c, size_t room, size_t most)
{
    struct http_server *s = c->server;
    if (!c->in) {
        c->in = s->spare_buffer_count ? s->spare_buffers[--s->spare_buffer_count]
                                      : mem_alloc(HTTP_BUFFER_BYTES);
        c->in_capacity = HTTP_BUFFER_BYTES;
    }
    if (c->in_capacity - c->in_end >= room)
        return;
    memmove(c->in, c->in + c->in_begin, c->in_end - c->in_begin);
    c->in_end -= c->in_begin;
    c->in_begin = 0;
    while (c->in_capacity - c->in_end < room && c->in_capacity < most) {
        c->in_capacity = c->in_capacity * 2 < most ? c->in_capacity * 2 : most;
        c->in = mem_realloc(c->in, c->in_capacity);
    }
}

void http_buffer_drop(struct http_connection *c)
{
    struct http_server *s = c->server;
    if (!c->in)
        return;
    if (s && c->in_capacity == HTTP_BUFFER_BYTES && s->spare_buffer_count < HTTP_POOL)
        s->spare_buffers[s->spare_buffer_count++] = c->in;
    else
        mem_free(c->in);
    c->in = NULL;
    c->in_capacity = c->in_begin = c->in_end = 0;
}
