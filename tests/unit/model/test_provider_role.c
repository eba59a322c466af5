// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/provider_role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MAP "devs=editor, lead devs = publisher ,ops=viewer,root=admin,,x=viewer"

static void a_list_is_values_and_roles(void **state)
{
    (void)state;
    static const struct row {
        const char *map;
        enum err err;
    } rows[] = {
        {"", ERR_OK},
        {MAP, ERR_OK},
        {"a=viewer", ERR_OK},
        {"a", ERR_INVALID},
        {"a=", ERR_INVALID},
        {"=viewer", ERR_INVALID},
        {"a=god", ERR_INVALID},
        {"a=none", ERR_INVALID},
        {"a=client", ERR_INVALID},
        {"a=b=viewer", ERR_INVALID},
        {"a=viewer;b=admin", ERR_INVALID},
        {" , ", ERR_OK},
        {"a=   ", ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fault fault;
        assert_int_equal(provider_role_check(rows[i].map, &fault), rows[i].err);
    }
}

static void the_highest_role_of_a_claim_counts(void **state)
{
    (void)state;
    static const struct row {
        const char *claim;
        enum role role;
    } rows[] = {
        {"\"devs\"", ROLE_EDITOR},
        {"[\"devs\"]", ROLE_EDITOR},
        {"[\"ops\",\"lead devs\",\"devs\"]", ROLE_PUBLISHER},
        {"\"lead devs\"", ROLE_PUBLISHER},
        {"[\"root\"]", ROLE_ADMIN},
        {"\"x\"", ROLE_VIEWER},
        {"\"dev\"", ROLE_NONE},
        {"\"devss\"", ROLE_NONE},
        {"\"DEVS\"", ROLE_NONE},
        {"\"\"", ROLE_NONE},
        {"[]", ROLE_NONE},
        {"[1,null,{\"devs\":1}]", ROLE_NONE},
        {"{\"devs\":true}", ROLE_NONE},
        {"\"devs=editor\"", ROLE_NONE},
        {"7", ROLE_NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *claim = json_loads(rows[i].claim, JSON_DECODE_ANY, NULL);
        assert_non_null(claim);
        assert_int_equal(provider_role_find(MAP, claim), rows[i].role);
        json_decref(claim);
    }
    assert_int_equal(provider_role_find(MAP, NULL), ROLE_NONE);
    assert_int_equal(provider_role_find("", NULL), ROLE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_values_and_roles),
        cmocka_unit_test(the_highest_role_of_a_claim_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
