// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/client.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define PAUSE_FIRST_US   INT64_C(100000)
#define PAUSE_MOST_US    (5 * SECOND_US)
#define RETRY_AFTER_MOST 60
#define CONNECT_SECONDS  10L
#define ANSWER_SECONDS   60L
#define POLL_MS          1000

/* One request on its way: waiting in 'queue' (due_us says from when), or in flight. */
struct exchange {
    struct exchange *next;
    CURL *easy;
    struct curl_slist *headers;
    struct buf body;
    struct buf reply;
    char url[1024];
    char method[8];
    bool is_repeatable;
    unsigned attempts;
    int64_t began_us;
    int64_t due_us;
    client_fn *fn;
    void *arg;
};

struct client {
    CURLM *multi;
    char *authorization;
    unsigned in_flight_most;
    unsigned in_flight;
    size_t pending;
    int64_t timeout_us;
    uint64_t retries;
    struct exchange *first, *last; /* queue, in order */
    struct exchange *flying;
    struct exchange *spare; /* done, its handle kept for the next request */
};

struct client *client_new(const struct client_options *options)
{
    static bool is_ready;
    if (!is_ready)
        must(curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK);
    is_ready = true;
    struct client *c = mem_zalloc(sizeof(*c));
    c->multi = curl_multi_init();
    must(c->multi != NULL && options->in_flight >= 1);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)options->in_flight);
    curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    struct buf header = {0};
    buf_printf(&header, "Authorization: Bearer %s", options->key);
    c->authorization = header.data;
    c->in_flight_most = options->in_flight;
    c->timeout_us = options->timeout_us;
    return c;
}

static void free_exchanges(struct client *c, struct exchange *x)
{
    while (x) {
        struct exchange *next = x->next;
        curl_multi_remove_handle(c->multi, x->easy);
        curl_easy_cleanup(x->easy);
        curl_slist_free_all(x->headers);
        buf_done(&x->body);
        buf_done(&x->reply);
        mem_free(x);
        x = next;
    }
}

void client_free(struct client *c)
{
    if (!c)
        return;
    free_exchanges(c, c->first);
    free_exchanges(c, c->flying);
    free_exchanges(c, c->spare);
    curl_multi_cleanup(c->multi);
    mem_free(c->authorization);
    mem_free(c);
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *arg)
{
    struct exchange *x = arg;
    buf_add(&x->reply, bytes, size * count);
    return size * count;
}

static struct exchange *exchange_new(void)
{
    struct exchange *x = mem_zalloc(sizeof(*x));
    x->easy = curl_easy_init();
    must(x->easy != NULL);
    curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
    curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(x->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(x->easy, CURLOPT_TIMEOUT, ANSWER_SECONDS);
    return x;
}

static struct exchange *exchange_take(struct client *c)
{
    struct exchange *x = c->spare;
    if (!x)
        return exchange_new();
    c->spare = x->next;
    x->next = NULL;
    return x;
}

static void add_header(struct exchange *x, const char *line)
{
    x->headers = curl_slist_append(x->headers, line);
    must(x->headers != NULL);
}

static void prepare(struct client *c, struct exchange *x, const struct client_request *request)
{
    struct buf type = {0};
    buf_printf(&type, "Content-Type: %s",
               request->content_type ? request->content_type : "application/json");
    add_header(x, c->authorization);
    add_header(x, "Expect:");
    if (request->body) {
        add_header(x, type.data);
        curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, x->body.data);
        curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE, (long)x->body.length);
    } else {
        curl_easy_setopt(x->easy, CURLOPT_HTTPGET, 1L);
    }
    buf_done(&type);
    curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, x->method);
    curl_easy_setopt(x->easy, CURLOPT_URL, x->url);
    curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static void enqueue(struct client *c, struct exchange *x)
{
    x->next = NULL;
    if (c->last)
        c->last->next = x;
    else
        c->first = x;
    c->last = x;
}

void client_send(struct client *c, const struct client_request *request)
{
    struct exchange *x = exchange_take(c);
    must(strlen(request->url) < sizeof(x->url) && strlen(request->method) < sizeof(x->method));
    strcpy(x->url, request->url);
    strcpy(x->method, request->method);
    buf_clear(&x->body);
    if (request->body)
        buf_add(&x->body, request->body, request->body_bytes);
    x->is_repeatable = request->is_repeatable;
    x->attempts = 0;
    x->began_us = clock_mono_us();
    x->due_us = 0;
    x->fn = request->fn;
    x->arg = request->arg;
    prepare(c, x, request);
    enqueue(c, x);
    c->pending++;
}

size_t client_pending(const struct client *c)
{
    return c->pending;
}

uint64_t client_retries(const struct client *c)
{
    return c->retries;
}

/* Puts queued requests whose time has come into flight. Returns how long until the next one is due,
 * in milliseconds. */
static int launch(struct client *c)
{
    int64_t now = clock_mono_us(), wait_us = POLL_MS * 1000;
    struct exchange *waiting = c->first;
    c->first = c->last = NULL;
    while (waiting) {
        struct exchange *x = waiting;
        waiting = x->next;
        if (x->due_us > now || c->in_flight >= c->in_flight_most) {
            if (x->due_us > now && x->due_us - now < wait_us)
                wait_us = x->due_us - now;
            enqueue(c, x);
            continue;
        }
        buf_clear(&x->reply);
        x->next = c->flying;
        c->flying = x;
        c->in_flight++;
        must(curl_multi_add_handle(c->multi, x->easy) == CURLM_OK);
    }
    return (int)(wait_us / 1000) + 1;
}

static void land(struct client *c, struct exchange *x)
{
    struct exchange **at = &c->flying;
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    x->next = NULL;
    c->in_flight--;
    curl_multi_remove_handle(c->multi, x->easy);
}

static bool should_repeat(const struct exchange *x, CURLcode code, long status)
{
    if (code == CURLE_COULDNT_CONNECT || status == 429 || status == 503)
        return true;
    if (code == CURLE_OK)
        return x->is_repeatable && (status == 502 || status == 504);
    return x->is_repeatable && code != CURLE_URL_MALFORMAT && code != CURLE_UNSUPPORTED_PROTOCOL &&
           code != CURLE_COULDNT_RESOLVE_HOST;
}

/* Doubling, with jitter so that several importers do not knock together; what the server asks for
 * comes first. */
static int64_t pause_us(const struct exchange *x)
{
    curl_off_t asked = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &asked);
    if (asked > 0)
        return (asked < RETRY_AFTER_MOST ? asked : RETRY_AFTER_MOST) * SECOND_US;
    unsigned doublings = x->attempts < 6 ? x->attempts : 6;
    int64_t pause = PAUSE_FIRST_US << doublings;
    if (pause > PAUSE_MOST_US)
        pause = PAUSE_MOST_US;
    return pause / 2 + random() % (pause / 2);
}

static void answer(struct client *c, struct exchange *x, CURLcode code, long status)
{
    struct client_reply reply = {.status = code == CURLE_OK ? (int)status : 0,
                                 .body = x->reply.data ? x->reply.data : "",
                                 .body_bytes = x->reply.length,
                                 .why = code == CURLE_OK ? "" : curl_easy_strerror(code)};
    c->pending--;
    x->fn(x->arg, &reply);
    curl_slist_free_all(x->headers);
    x->headers = NULL;
    x->next = c->spare;
    c->spare = x;
}

static void finish(struct client *c, struct exchange *x, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    land(c, x);
    int64_t now = clock_mono_us();
    if (!should_repeat(x, code, status) || now - x->began_us > c->timeout_us) {
        answer(c, x, code, status);
        return;
    }
    x->due_us = now + pause_us(x);
    x->attempts++;
    c->retries++;
    enqueue(c, x);
}

/* False: nothing has ended. */
static bool collect(struct client *c)
{
    CURLMsg *message;
    int left;
    bool has_ended = false;
    while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
        char *private = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        finish(c, (struct exchange *)(void *)private, code);
        has_ended = true;
    }
    return has_ended;
}

void client_wait(struct client *c, size_t pending)
{
    while (c->pending > pending) {
        int running = 0;
        int wait_ms = launch(c);
        must(curl_multi_perform(c->multi, &running) == CURLM_OK);
        if (!collect(c))
            curl_multi_poll(c->multi, NULL, 0, wait_ms, NULL);
    }
}

char *client_escape(const char *part)
{
    char *escaped = curl_easy_escape(NULL, part, (int)strlen(part));
    must(escaped != NULL);
    char *copy = mem_strdup(escaped);
    curl_free(escaped);
    return copy;
}
