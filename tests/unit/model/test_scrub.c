// SPDX-License-Identifier: GPL-3.0-or-later
/* Addresses go out of texts, and nothing else does. */
#include "model/event/scrub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct {
    const char *text, *scrubbed;
} cases[] = {
    {"", ""},
    {"nothing", "nothing"},
    {"ada@example.com", "(email)"},
    {"\"visitor_id\":\"ada.l-1+x@mail.example.co.uk\",", "\"visitor_id\":\"(email)\","},
    {"?mail=ada%40example.com&x=1", "?mail=(email)&x=1"},
    {"write to ada@example.com.", "write to (email)."},
    {"ada@example.com,bob@example.org", "(email),(email)"},
    {"über@münchen.de", "(email)"},
    {"@media (min-width: 1px)", "@media (min-width: 1px)"},
    {"a@b", "a@b"},
    {"1 @ 2.50", "1 @ 2.50"},
    {"v@1.2", "v@1.2"},
    {"ada@example.", "ada@example."},
    {"a@@example.com", "a@@example.com"},
    {"100%40", "100%40"},
    {"x@.de", "x@.de"},
    {"a@b.c@d.example", "a@(email)"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        auto_buf struct buf b = {0};
        buf_add_str(&b, "ada");
        scrub_add(&b, cases[i].text, strlen(cases[i].text));
        assert_memory_equal(b.data, "ada", 3);
        assert_string_equal(b.data + 3, cases[i].scrubbed);
    }
}

/* Each @ looks back and ahead no further than to the next one. */
static void test_many(void **state)
{
    (void)state;
    size_t length = 1 << 20;
    char *text = malloc(length);
    for (size_t i = 0; i < length; i++)
        text[i] = i % 2 ? '@' : 'a';
    auto_buf struct buf b = {0};
    scrub_add(&b, text, length);
    assert_int_equal(b.length, length);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
