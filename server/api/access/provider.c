// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/provider.h"

#include "api/access/access_log.h"
#include "api/access/session.h"
#include "api/route/desk_request.h"
#include "api/route/guard.h"
#include "api/route/problem.h"
#include "base/clock.h"
#include "base/json/json.h"
#include "base/process/log.h"
#include "engine/access/oidc.h"
#include "engine/access/oidc_http.h"
#include "model/provider_role.h"
#include "store/access/session.h"

#include <sodium.h>
#include <string.h>

#define RETURN_PATH    "/sign-in/provider/return"
#define COOKIE_SECONDS 600
#define CODE_BYTES     2048
#define QUIET_US       (60 * SECOND_US) /* between two lines about a provider that fails */

struct provider {
    struct provider_options options;
    const char *redirect_uri;
    struct oidc *oidc;
    int64_t logged_us;
};

struct provider *provider_new(struct loop *l, struct arena *arena,
                              const struct provider_options *options, const char *public_url)
{
    if (!options->issuer || !options->issuer[0])
        return NULL;
    struct provider *p = arena_zalloc(arena, sizeof(*p));
    size_t length = strlen(public_url);
    while (length > 0 && public_url[length - 1] == '/')
        length--;
    p->options = *options;
    p->redirect_uri = arena_printf(arena, "%.*s" RETURN_PATH, (int)length, public_url);
    p->oidc = oidc_new(l, &(struct oidc_options){.issuer = options->issuer,
                                                 .client_id = options->client_id,
                                                 .client_secret = options->client_secret,
                                                 .redirect_uri = p->redirect_uri});
    return p;
}

void provider_free(struct provider *p)
{
    if (p)
        oidc_free(p->oidc);
}

static const char *cookie_name(const struct desk_request *r)
{
    return desk_request_is_tls(r) ? "__Host-mete_provider" : "mete_provider";
}

/* Lax: it comes along when the provider's page leads back. */
static void set_cookie(struct desk_request *r, const char *token, int seconds)
{
    http_reply_header(
        r->http, "Set-Cookie",
        arena_printf(r->http->arena, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                     cookie_name(r), token, seconds, desk_request_is_tls(r) ? "; Secure" : ""));
}

static void lead_to(struct desk_request *r, const char *place)
{
    http_reply_header(r->http, "Cache-Control", "no-store");
    http_reply_header(r->http, "Location", place);
    http_reply(r->http, 303, NULL, "", 0);
}

/* Back to the sign-in page, with a reason it has words for. */
static void refuse(struct desk_request *r, const char *reason)
{
    if (strcmp(reason, "away") != 0)
        access_log_refusal(r, "provider.refuse", NULL, reason);
    lead_to(r, arena_printf(r->http->arena, "/?sign_in=%s", reason));
}

static void refuse_fault(struct desk_request *r, const struct fault *fault)
{
    struct provider *p = r->desk->provider;
    if (fault->code == ERR_FORBIDDEN) {
        refuse(r, fault->pointer[0] ? "unverified" : "refused");
        return;
    }
    int64_t now_us = clock_mono_us();
    if (p->logged_us == 0 || now_us - p->logged_us > QUIET_US) {
        p->logged_us = now_us;
        log_warn("desk: nobody can sign in by the provider: %s", fault->detail);
    }
    refuse(r, "away");
}

static bool has_provider(struct desk_request *r)
{
    if (r->desk->provider)
        return true;
    problem_say(r->http, ERR_NOT_FOUND, "", "there is nothing at this path");
    return false;
}

/* Going there. */

static void on_endpoint(void *arg, const struct oidc_answer *answer)
{
    struct desk_request *r = arg;
    const struct provider *p = r->desk->provider;
    struct oidc_binding binding;
    char token[TOKEN_LENGTH + 1];
    auto_buf struct buf query = {0};
    if (answer->fault.code) {
        refuse_fault(r, &answer->fault);
        return;
    }
    token_random(token);
    oidc_bind(token, &binding);
    oidc_http_add(&query, "response_type", "code");
    oidc_http_add(&query, "client_id", p->options.client_id);
    oidc_http_add(&query, "redirect_uri", p->redirect_uri);
    oidc_http_add(&query, "scope", p->options.scopes);
    oidc_http_add(&query, "state", binding.state);
    oidc_http_add(&query, "nonce", binding.nonce);
    oidc_http_add(&query, "code_challenge", binding.challenge);
    oidc_http_add(&query, "code_challenge_method", "S256");
    set_cookie(r, token, COOKIE_SECONDS);
    lead_to(r, arena_printf(r->http->arena, "%s%s", answer->endpoint, query.data));
}

static void go(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    if (has_provider(r) && guard_admit_anybody(r->desk->guard, request) &&
        oidc_begin(r->desk->provider->oidc, on_endpoint, r))
        refuse(r, "away");
}

/* Coming back. */

static void on_opened(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    if (!answer->result) {
        desk_reply_failed(r, answer);
    } else if (!session_read_provided(answer->result)) {
        refuse(r, "unknown");
    } else {
        session_reply_open(r);
        lead_to(r, "/");
    }
}

/* False: the provider says that they have no role here. */
static bool find_role(const struct provider *p, const json_t *claims, const char **ret_role)
{
    const struct provider_options *o = &p->options;
    *ret_role = NULL;
    if (!o->role_claim[0])
        return true;
    enum role role = provider_role_find(o->roles, json_object_get(claims, o->role_claim));
    *ret_role = role == ROLE_NONE ? o->role : role_name(role);
    return *ret_role[0] != '\0';
}

static void on_person(void *arg, const struct oidc_answer *answer)
{
    struct desk_request *r = arg;
    const struct provider *p = r->desk->provider;
    const struct oidc_person *person = &answer->person;
    uint8_t session[TOKEN_HASH_BYTES];
    const char *role;
    if (answer->fault.code) {
        refuse_fault(r, &answer->fault);
        return;
    }
    if (!find_role(p, person->claims, &role)) {
        refuse(r, "unknown");
        return;
    }
    const struct session_vouched vouched = {
        .provider_id = arena_printf(r->http->arena, "%s %s", p->options.issuer, person->subject),
        .email = arena_strdup(r->http->arena, person->email),
        .role = role,
        .new_role = p->options.role[0] ? p->options.role : NULL,
    };
    session_token(r, session);
    const struct session_opening opening = {session, SESSION_HOURS, session_agent(r)};
    session_send_open_by_provider(r->pg, &vouched, &opening, on_opened, r);
}

/* The browser that went is the one that comes: its cookie makes the state that was sent along. */
static bool is_bound(const struct desk_request *r, const char *state, struct oidc_binding *ret)
{
    const char *token = desk_request_find_cookie(r, cookie_name(r));
    if (!token || !state || strlen(token) != TOKEN_LENGTH || strlen(state) != TOKEN_LENGTH)
        return false;
    oidc_bind(token, ret);
    return sodium_memcmp(ret->state, state, TOKEN_LENGTH) == 0;
}

static void come_back(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)match;
    struct desk_request *r = arg;
    struct oidc_binding binding;
    if (!has_provider(r) || !guard_admit_anybody(r->desk->guard, request))
        return;
    const char *code = http_query(request, "code", NULL);
    const char *issuer = http_query(request, "iss", NULL);
    if (!is_bound(r, http_query(request, "state", NULL), &binding)) {
        refuse(r, "stale");
        return;
    }
    set_cookie(r, "", 0);
    bool is_other = issuer && strcmp(issuer, r->desk->provider->options.issuer) != 0;
    if (is_other || !code || !code[0] || strlen(code) > CODE_BYTES)
        refuse(r, "refused");
    else if (oidc_finish(r->desk->provider->oidc, code, &binding, on_person, r))
        refuse(r, "away");
}

/* What the sign-in page asks first. */
static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)request;
    (void)match;
    struct desk_request *r = arg;
    auto_buf struct buf body = {0};
    buf_add_str(&body, "{\"provider\":");
    if (r->desk->provider) {
        buf_add_str(&body, "{\"name\":");
        json_add_string(&body, r->desk->provider->options.name);
        buf_add_char(&body, '}');
    } else {
        buf_add_str(&body, "null");
    }
    buf_add_str(&body, "}\n");
    desk_reply_json(r, 200, body.data, body.length);
}

static const struct field provider_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .meaning = "what people call it; may be empty"},
    {0},
};
static const struct field show_fields[] = {
    {.name = "provider",
     .kind = FIELD_OBJECT,
     .of = provider_fields,
     .meaning = "that people sign in by, at /sign-in/provider; null: there is none"},
    {0},
};
static const struct route_reply show_replies[] = {
    {.status = 200, .meaning = "how", .type = "application/json", .fields = show_fields},
    {0},
};
static const struct route_reply go_replies[] = {
    {.status = 303, .meaning = "Location is the provider's page, or says why not"},
    {0},
};
static const struct route_reply back_replies[] = {
    {.status = 303, .meaning = "the session's cookie; or Location says why not"},
    {0},
};
#define PROBLEMS                                                                                   \
    ROUTE_PROBLEM(ERR_NOT_FOUND) | ROUTE_PROBLEM(ERR_LIMITED) | ROUTE_PROBLEM(ERR_UNAVAILABLE) |   \
        ROUTE_PROBLEM(ERR_INTERNAL)

const struct route provider_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = DESK_API "/sign-in",
     .replies = show_replies,
     .handler = show,
     .summary = "How people can sign in beside passwords and links"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = "/sign-in/provider",
     .replies = go_replies,
     .problems = PROBLEMS,
     .handler = go,
     .summary = "Leads to the identity provider"},
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = RETURN_PATH,
     .replies = back_replies,
     .problems = PROBLEMS,
     .handler = come_back,
     .summary = "Opens a session for whom the provider vouches"},
    {0},
};
