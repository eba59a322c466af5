// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/access/login_link.h"

#include "api/access/access_log.h"
#include "api/access/session.h"
#include "api/route/accept.h"
#include "api/route/desk_request.h"
#include "api/route/problem.h"
#include "store/access/session.h"

#include <string.h>

/* The page's own style stands in it; nothing else is loaded, and it can only send its form here. */
#define POLICY                                                                                     \
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "         \
    "frame-ancestors 'none'"

#define STYLE                                                                                      \
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:20vh auto;padding:0 1rem;"     \
    "color-scheme:light dark}button{font:inherit;padding:.6rem 1.4rem;cursor:pointer}"

enum page { PAGE_SIGN_IN, PAGE_USED, PAGE_FOREIGN, PAGE_AWAY, PAGES };

static const char *const languages[] = {"en", "de"};
enum { LANGUAGES = sizeof(languages) / sizeof(languages[0]) };

static const struct words {
    const char *title;
    const char *sentence;
    const char *button; /* NULL: there is nothing to press */
} words[LANGUAGES][PAGES] = {
    {
        [PAGE_SIGN_IN] = {"Sign in to mete",
                          "This link opens a session once. Whoever has it can use it.", "Sign in"},
        [PAGE_USED] = {"This link opens nothing",
                       "It was used already, is too old, or never was one. Ask for a new one.",
                       NULL},
        [PAGE_FOREIGN] = {"Not signed in",
                          "The request came from a page of another site. Open the link itself.",
                          NULL},
        [PAGE_AWAY] = {"Not signed in",
                       "The database cannot be reached. The link is still good: try again.",
                       "Try again"},
    },
    {
        [PAGE_SIGN_IN] = {"Bei mete anmelden",
                          "Dieser Link öffnet einmal eine Sitzung. Wer ihn hat, kann ihn "
                          "benutzen.",
                          "Anmelden"},
        [PAGE_USED] = {"Dieser Link öffnet nichts",
                       "Er wurde schon benutzt, ist zu alt oder war nie einer. Ein neuer muss "
                       "her.",
                       NULL},
        [PAGE_FOREIGN] = {"Nicht angemeldet",
                          "Die Anfrage kam von der Seite einer anderen Adresse. Den Link selbst "
                          "öffnen.",
                          NULL},
        [PAGE_AWAY] = {"Nicht angemeldet",
                       "Die Datenbank ist nicht erreichbar. Der Link gilt noch: noch einmal "
                       "versuchen.",
                       "Noch einmal"},
    },
};

/* The form goes to the address of the page itself: the token stands there alone. */
static void add_page(struct buf *b, const char *language, const struct words *w)
{
    buf_printf(b,
               "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta "
               "name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" "
               "content=\"noindex\"><title>%s</title><style>" STYLE "</style></head>\n"
               "<body><main><h1>%s</h1><p>%s</p>",
               language, w->title, w->title, w->sentence);
    if (w->button)
        buf_printf(b, "<form method=\"post\"><button>%s</button></form>", w->button);
    buf_add_str(b, "</main></body></html>\n");
}

static void reply_page(struct http_request *request, int status, enum page page)
{
    size_t i = accept_language(http_header(request, "accept-language"), languages, LANGUAGES);
    auto_buf struct buf body = {0};
    add_page(&body, languages[i], &words[i][page]);
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply_header(request, "Content-Security-Policy", POLICY);
    http_reply_header(request, "Content-Language", languages[i]);
    http_reply_header(request, "Vary", "Accept, Accept-Language");
    http_reply(request, status, "text/html; charset=utf-8", body.data, body.length);
}

static void show(void *arg, struct http_request *request, const struct route_match *match)
{
    (void)arg;
    (void)match;
    reply_page(request, 200, PAGE_SIGN_IN);
}

/* Browsers name HTML where they show what comes; whoever names it not reads problem documents. */
static bool wants_page(const struct http_request *request)
{
    const char *accept = http_header(request, "accept");
    int html = accept_weight(accept, "text/html");
    return html > accept_weight(accept, "application/json") &&
           html > accept_weight(accept, "application/problem+json");
}

static void refuse(struct http_request *request, enum err code, enum page page, const char *detail)
{
    if (wants_page(request)) {
        reply_page(request, problem_status(code), page);
        return;
    }
    http_reply_header(request, "Vary", "Accept");
    problem_say(request, code, "", "%s", detail);
}

static void refuse_link(struct desk_request *r)
{
    access_log_refusal(r, "link.refuse", NULL, "link");
    refuse(r->http, ERR_UNAUTHORIZED, PAGE_USED,
           "this link was used already, is too old, or never was one: ask for a new one");
}

static void on_open(void *arg, const struct pg_answer *answer)
{
    struct desk_request *r = arg;
    bool is_new;
    if (!answer->result && answer->fault->code == ERR_UNAVAILABLE && wants_page(r->http)) {
        reply_page(r->http, problem_status(ERR_UNAVAILABLE), PAGE_AWAY);
    } else if (!answer->result) {
        desk_reply_failed(r, answer);
    } else if (!session_read_opened(answer->result, &is_new)) {
        refuse_link(r);
    } else {
        session_reply_open(r);
        http_reply_header(r->http, "Location", is_new ? "/app/welcome" : "/");
        http_reply(r->http, 303, NULL, "", 0);
    }
}

/* A page of another site must not sign its reader in as somebody else. */
static void open_session(void *arg, struct http_request *request, const struct route_match *match)
{
    struct desk_request *r = arg;
    uint8_t link[TOKEN_HASH_BYTES];
    uint8_t session[TOKEN_HASH_BYTES];
    if (http_header(request, "origin") && desk_request_is_foreign(r)) {
        refuse(request, ERR_FORBIDDEN, PAGE_FOREIGN,
               "the request came from a page of another site");
        return;
    }
    if (!token_is_plausible(match->params[0])) {
        refuse_link(r);
        return;
    }
    token_hash(match->params[0], link);
    session_token(r, session);
    const struct session_opening opening = {session, SESSION_HOURS, session_agent(r)};
    session_send_open(r->pg, link, &opening, on_open, r);
}

static const struct route_reply show_replies[] = {
    {.status = 200, .meaning = "a page with the button", .type = "text/html"},
    {0},
};
static const struct route_reply open_replies[] = {
    {.status = 303, .meaning = "the session's cookie; Location is where to begin"},
    {.status = 401, .meaning = "used, too old, or never was one", .type = "text/html"},
    {.status = 403, .meaning = "from a page of another site", .type = "text/html"},
    {.status = 503, .meaning = "the database is away", .type = "text/html"},
    {0},
};

const struct route login_link_routes[] = {
    {.verb = VERB_GET,
     .lane = DESK_LANE_ACCESS,
     .path = "/login/{token}",
     .replies = show_replies,
     .handler = show,
     .summary = "Shows the button that opens a session"},
    {.verb = VERB_POST,
     .lane = DESK_LANE_ACCESS,
     .path = "/login/{token}",
     .replies = open_replies,
     .problems = ROUTE_PROBLEM(ERR_UNAUTHORIZED) | ROUTE_PROBLEM(ERR_FORBIDDEN) |
                 ROUTE_PROBLEM(ERR_UNAVAILABLE) | ROUTE_PROBLEM(ERR_INTERNAL),
     .handler = open_session,
     .summary = "Opens a session, once"},
    {0},
};
