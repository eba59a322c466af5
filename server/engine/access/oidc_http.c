// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/oidc_http.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <curl/curl.h>
#include <string.h>

#define ANSWER_BYTES ((size_t)256 << 10)
#define CONNECT_S    5L
#define ANSWER_S     10L

static size_t on_bytes(char *bytes, size_t size, size_t count, void *arg)
{
    struct buf *b = arg;
    if (b->length + size * count > ANSWER_BYTES)
        return 0;
    buf_add(b, bytes, size * count);
    return size * count;
}

static void set_options(CURL *easy, const struct oidc_http *request, struct buf *answer)
{
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, ANSWER_S);
    if (request->form)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->form);
    if (request->user) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, request->secret);
    }
    if (request->bearer) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, request->bearer);
    }
}

json_t *oidc_http_ask(const struct oidc_http *request, long *ret_status, struct fault *ret_fault)
{
    static const struct json_limits limits = {.bytes = ANSWER_BYTES, .depth = 16, .nodes = 10000};
    auto_buf struct buf answer = {0};
    CURL *easy = curl_easy_init();
    must(easy);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    set_options(easy, request, &answer);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, ret_status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        fault_set(ret_fault, ERR_UNAVAILABLE, "", "%s: %s", request->url, curl_easy_strerror(code));
        return NULL;
    }
    buf_add_str(&answer, "");
    json_t *body = json_parse(answer.data, answer.length, &limits, NULL, ret_fault);
    if (body && json_is_object(body))
        return body;
    json_decref(body);
    fault_set(ret_fault, ERR_UNAVAILABLE, "", "%s: status %ld without a JSON object", request->url,
              *ret_status);
    return NULL;
}

void oidc_http_add(struct buf *b, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(NULL, value, (int)strlen(value));
    must(escaped);
    buf_printf(b, "%s%s=%s", b->length ? "&" : "", name, escaped);
    curl_free(escaped);
}
