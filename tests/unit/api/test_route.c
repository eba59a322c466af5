// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/route/route.h"

#include <string.h>

static const struct route routes[] = {
    {.verb = VERB_GET, .path = "/"},
    {.verb = VERB_GET, .path = "/a"},
    {.verb = VERB_POST, .path = "/a"},
    {.verb = VERB_GET, .path = "/a/new"},
    {.verb = VERB_GET, .path = "/a/{key}"},
    {.verb = VERB_PATCH, .path = "/a/{key}"},
    {.verb = VERB_DELETE, .path = "/a/{key}"},
    {.verb = VERB_POST, .path = "/a/{key}/b/{other}"},
    {.verb = VERB_PUT, .path = "/{w}/{x}/{y}/{z}/end"},
};
static const struct route_table table = {routes, sizeof(routes) / sizeof(*routes)};

static const struct {
    enum http_verb verb;
    const char *path;
    enum err err;
    int row;          /* when found */
    const char *text; /* the parameters, or the methods allowed */
} asked[] = {
    {VERB_GET, "/", ERR_OK, 0, ""},
    {VERB_HEAD, "/", ERR_OK, 0, ""},
    {VERB_GET, "/a", ERR_OK, 1, ""},
    {VERB_POST, "/a", ERR_OK, 2, ""},
    {VERB_GET, "/a/new", ERR_OK, 3, ""},
    {VERB_GET, "/a/newer", ERR_OK, 4, "newer"},
    {VERB_HEAD, "/a/k", ERR_OK, 4, "k"},
    {VERB_PATCH, "/a/new", ERR_OK, 5, "new"},
    {VERB_DELETE, "/a/x%20y%2Fz", ERR_OK, 6, "x y/z"},
    {VERB_DELETE, "/a/+", ERR_OK, 6, "+"},
    {VERB_POST, "/a/1/b/2", ERR_OK, 7, "1,2"},
    {VERB_PUT, "/1/2/3/4/end", ERR_OK, 8, "1,2,3,4"},
    {VERB_GET, "", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "*", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "/b", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "/A", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "/a/", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "//a", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "/a/k/", ERR_NOT_FOUND, 0, ""},
    {VERB_GET, "/a/k/b", ERR_NOT_FOUND, 0, ""},
    {VERB_POST, "/a//b/2", ERR_NOT_FOUND, 0, ""},
    {VERB_DELETE, "/a/%", ERR_INVALID, 0, ""},
    {VERB_DELETE, "/a/%4", ERR_INVALID, 0, ""},
    {VERB_DELETE, "/a/%4g", ERR_INVALID, 0, ""},
    {VERB_DELETE, "/a/%00", ERR_INVALID, 0, ""},
    {VERB_DELETE, "/a/%ff", ERR_INVALID, 0, ""},
    {VERB_PUT, "/a", ERR_METHOD, 0, "GET, HEAD, POST"},
    {VERB_OTHER, "/a/k", ERR_METHOD, 0, "GET, HEAD, PATCH, DELETE"},
    {VERB_HEAD, "/a/1/b/2", ERR_METHOD, 0, "POST"},
};

static void params_text(const struct route_match *match, char *out)
{
    out[0] = '\0';
    for (int i = 0; i < ROUTE_PARAMS && match->params[i]; i++) {
        strcat(out, i ? "," : "");
        strcat(out, match->params[i]);
    }
}

static void paths_find_their_rows(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
        struct http_request request = {
            .arena = arena, .verb = asked[i].verb, .path = asked[i].path, .query = ""};
        struct route_match match = {0};
        char text[128] = "";
        enum err err = route_find(&table, &request, &match, text);
        if (err != asked[i].err)
            fail_msg("%s: error %d", asked[i].path, (int)err);
        if (err == ERR_OK) {
            assert_ptr_equal(match.route, &routes[asked[i].row]);
            params_text(&match, text);
        } else {
            assert_null(match.route);
        }
        assert_string_equal(text, asked[i].text);
    }
}

/* The longest list a table can make fits into what the caller must give. */
static void every_method_fits_into_allow(void **state)
{
    (void)state;
    struct route all[VERB_OTHER];
    for (int verb = 0; verb < VERB_OTHER; verb++)
        all[verb] = (struct route){.verb = (enum http_verb)verb, .path = "/"};
    struct http_request request = {.verb = VERB_OTHER, .path = "/"};
    struct route_match match;
    char allow[ROUTE_ALLOW_SIZE];
    const struct route_table every = {all, VERB_OTHER};
    assert_int_equal(route_find(&every, &request, &match, allow), ERR_METHOD);
    assert_string_equal(allow, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_rows),
        cmocka_unit_test(every_method_fits_into_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
