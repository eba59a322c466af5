// SPDX-License-Identifier: GPL-3.0-or-later
/* Addresses of the desk, however long what stands in them is. */
#include "tools/cli/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void desk_urls(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    struct connection c = {.desk = "https://desk.example"};
    assert_string_equal(connection_desk_url(&c, arena, "/jobs/%d", 7),
                        "https://desk.example/api/v1/jobs/7");
    c.environment = "staging";
    assert_string_equal(connection_desk_url(&c, arena, "/jobs/%d", 7),
                        "https://desk.example/api/v1/jobs/7?environment=staging");
    assert_string_equal(connection_desk_url(&c, arena, "/jobs?limit=%d", 7),
                        "https://desk.example/api/v1/jobs?limit=7&environment=staging");
}

/* Rows are read on behind a visitor's id: 256 bytes, of which each may be escaped. */
static void a_page_behind_a_long_id(void **state)
{
    (void)state;
    auto_arena struct arena *arena = arena_new(0);
    const struct connection c = {.desk = "https://desk.example", .environment = "e"};
    char id[3 * 256 + 1];
    memset(id, 'x', sizeof(id) - 1);
    id[sizeof(id) - 1] = '\0';
    const char *url = connection_desk_url(&c, arena, "/exposures?after=%s", id);
    assert_string_equal(url + strlen(url) - strlen("xx&environment=e"), "xx&environment=e");
    assert_int_equal(strlen(url), strlen("https://desk.example/api/v1/exposures?after=") +
                                      strlen(id) + strlen("&environment=e"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk_urls),
        cmocka_unit_test(a_page_behind_a_long_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
