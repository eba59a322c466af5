// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Replies that go packed to who accepts it. Decisions and the configuration hold nothing that their
 * asker may not know, and no cookie makes them another's: their length tells nothing (BREACH).
 */
#include "api/edge/edge_private.h"
#include "api/route/accept.h"

static bool accepts_gzip(const struct http_request *request)
{
    static const char *const codings[] = {"gzip"};
    return accept_coding(http_header(request, "accept-encoding"), codings, 1) == 0;
}

void edge_reply(struct edge *e, struct http_request *request, const struct buf *body)
{
    struct buf_slice plain = {body->data, body->length}, gzip = {0};
    bool is_worth = body->length >= CODING_GZIP_LEAST && body->length <= CODING_GZIP_MOST;
    if (is_worth && accepts_gzip(request)) {
        buf_clear(&e->packed);
        coding_gzip_write(e->gzip, body->data, body->length, &e->packed);
        gzip = (struct buf_slice){e->packed.data, e->packed.length};
    }
    edge_reply_prepared(request, &plain, &gzip);
}

void edge_reply_prepared(struct http_request *request, const struct buf_slice *plain,
                         const struct buf_slice *gzip)
{
    const struct buf_slice *chosen = plain;
    if (plain->length >= CODING_GZIP_LEAST)
        http_reply_line(request, "Vary: Accept-Encoding\r\n");
    if (gzip->length && gzip->length < plain->length && accepts_gzip(request)) {
        http_reply_line(request, "Content-Encoding: gzip\r\n");
        chosen = gzip;
    }
    http_reply(request, 200, "application/json", chosen->text, chosen->length);
}
