// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"
#include "model/admin/agent.h"
#include "model/admin/app_user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static json_t *user(const char *email, const char *role, bool is_disabled)
{
    return json_pack("{s:s, s:s, s:b}", "email", email, "role", role, "is_disabled", is_disabled);
}

/* Runs a patch of an admin by one with 'role'; returns the error, the pointer through *fault. */
static enum err patch(enum role role, json_t *after, int other_admins, struct fault *fault)
{
    auto_json json_t *before = user("a@b.example", "admin", false);
    auto_json json_t *context = json_pack("{s:i}", "other_admins", other_admins);
    auto_json json_t *plan = json_object();
    auto_json json_t *reveal = json_object();
    auto_json json_t *document = after;
    struct change change = {.action = "patch",
                            .role = role,
                            .before = before,
                            .context = context,
                            .random = "r",
                            .document = document,
                            .plan = plan,
                            .reveal = reveal};
    enum err e = app_user_change(&change, fault);
    assert_int_equal(json_object_size(reveal), 0);
    return e;
}

static void nobody_grants_above_himself(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(patch(ROLE_EDITOR, user("a@b.example", "publisher", false), 1, &fault),
                     ERR_FORBIDDEN);
    assert_string_equal(fault.pointer, "/role");
    assert_int_equal(patch(ROLE_EDITOR, user("a@b.example", "editor", false), 1, &fault), ERR_OK);
}

static void the_last_admin_stays(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(patch(ROLE_ADMIN, user("a@b.example", "viewer", false), 0, &fault),
                     ERR_CONFLICT);
    assert_string_equal(fault.pointer, "/role");
    assert_int_equal(patch(ROLE_ADMIN, user("a@b.example", "admin", true), 0, &fault),
                     ERR_CONFLICT);
    assert_string_equal(fault.pointer, "/is_disabled");
    assert_int_equal(patch(ROLE_ADMIN, user("c@b.example", "admin", false), 0, &fault), ERR_OK);
    assert_int_equal(patch(ROLE_ADMIN, user("a@b.example", "viewer", true), 1, &fault), ERR_OK);
}

static void a_session_is_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *shown;
    } rows[] = {
        {NULL, ""},
        {"", ""},
        {"x\xff", ""},
        {"curl/7.88.1", "curl"},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox, Linux"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge, Windows"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
         "Safari, iPhone"},
        {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
         "SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
         "Samsung Internet, Android"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "macOS"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char shown[AGENT_SIZE];
        agent_describe(rows[i].header, shown);
        assert_string_equal(shown, rows[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_grants_above_himself),
        cmocka_unit_test(the_last_admin_stays),
        cmocka_unit_test(a_session_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
