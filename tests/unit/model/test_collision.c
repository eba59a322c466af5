// SPDX-License-Identifier: GPL-3.0-or-later
/* Pages that are one page, audiences that have somebody in common, and an end to looking for it. */
#include "model/collision/collision_audience.h"
#include "model/collision/collision_page.h"
#include "model/collision/collision_pattern.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Pages are written "match value", "-match value" when excluded, several with ';' between. */
static json_t *triggers_of(const char *text)
{
    json_t *pages = json_array();
    char copy[256];
    snprintf(copy, sizeof(copy), "%s", text);
    for (char *rest = copy, *row; (row = strsep(&rest, ";")) != NULL;) {
        bool is_excluded = row[0] == '-';
        char *value = strchr(row, ' ');
        if (!value)
            continue;
        *value++ = '\0';
        json_array_append_new(pages, json_pack("{s:s, s:s, s:b}", "match", row + is_excluded,
                                               "value", value, "is_excluded", is_excluded));
    }
    return json_pack("{s:o}", "pages", pages);
}

static void pages_meet(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool is_met;
    } rows[] = {
        {"", "", true},
        {"", "simple /cart", true},
        {"simple /cart", "simple /cart", true},
        {"simple /cart", "simple /cart/", true},
        {"simple /cart", "simple /basket", false},
        {"simple /cart", "simple https://shop.example/cart?a=1", true},
        {"simple https://a.example/cart", "simple https://b.example/cart", false},
        {"exact /cart?a=1", "simple /cart", true},
        {"exact /cart?a=1", "exact /cart?a=2", false},
        {"exact /cart", "exact http://shop.example/cart", true},
        {"wildcard /product/*", "simple /product/7", true},
        {"wildcard /product/*", "simple /cart", false},
        {"wildcard /product/*", "wildcard */sale", true},
        {"wildcard /a/*", "wildcard /b/*", false},
        {"wildcard *a", "wildcard *b", true},
        {"wildcard *.example/cart", "simple /cart", true},
        {"wildcard /cart?a=*", "simple /cart", true},
        {"regex ^/product", "simple /product/7", true},
        {"regex ^/product", "simple /cart", false},
        {"regex ^/product", "wildcard /cart*", true},
        {"regex example", "simple /cart", false},
        {"regex example", "simple shop.example/cart", true},
        {"regex [?]a=1", "simple /cart", true},
        {"wildcard /*;-simple /cart", "simple /cart", false},
        {"-wildcard /shop/*", "simple /shop/cart", false},
        {"simple /cart;-wildcard /c*", "", false},
        {"simple /cart", "-simple /cart/", false},
        {"simple /cart/", "-simple /cart", false},
        {"wildcard *.a.example/x", "simple https://b.example/y.a.example/x", true},
        {"simple /x", "simple https://b.example/y/x", false},
        {"-wildcard /shop/*", "simple https://x.example/shop/cart", false},
        {"-simple /cart", "simple /basket", true},
        {"-simple https://a.example/cart", "simple /cart", true},
        {"simple /a;simple /b", "simple /c;simple /b", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *a = triggers_of(rows[i].a), *b = triggers_of(rows[i].b);
        struct collision_work work = {COLLISION_STEPS};
        if (collision_page_meets(a, b, &work) != rows[i].is_met ||
            collision_page_meets(b, a, &work) != rows[i].is_met)
            fail_msg("'%s' and '%s' meet: %d is wrong", rows[i].a, rows[i].b, !rows[i].is_met);
        json_decref(a);
        json_decref(b);
    }
    struct collision_work work = {COLLISION_STEPS};
    assert_true(collision_page_meets(json_null(), NULL, &work));
}

struct audience_row {
    const char *a, *b;
    bool is_met;
};

static void check_audiences(const struct audience_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *a = json_loads(rows[i].a, JSON_DECODE_ANY, NULL);
        json_t *b = json_loads(rows[i].b, JSON_DECODE_ANY, NULL);
        struct collision_work work = {COLLISION_STEPS};
        if (collision_audience_meets(a, b, &work) != rows[i].is_met ||
            collision_audience_meets(b, a, &work) != rows[i].is_met)
            fail_msg("'%s' and '%s' meet: %d is wrong", rows[i].a, rows[i].b, !rows[i].is_met);
        json_decref(a);
        json_decref(b);
    }
}

static void audiences_meet(void **state)
{
    (void)state;
    static const struct audience_row rows[] = {
        {"null", "{\"country\":\"DE\"}", true},
        {"{}", "{\"country\":\"DE\"}", true},
        {"{\"country\":\"DE\"}", "{\"country\":\"DE\"}", true},
        {"{\"country\":\"DE\"}", "{\"country\":\"FR\"}", false},
        {"{\"country\":\"DE\"}", "{\"device\":\"mobile\"}", true},
        {"{\"country\":{\"$in\":[\"DE\",\"AT\"]}}", "{\"country\":{\"$in\":[\"AT\",\"CH\"]}}",
         true},
        {"{\"country\":{\"$in\":[\"DE\",\"AT\"]}}", "{\"country\":{\"$in\":[\"FR\",\"CH\"]}}",
         false},
        {"{\"country\":\"DE\"}", "{\"country\":{\"$ne\":\"DE\"}}", false},
        {"{\"country\":\"DE\"}", "{\"country\":{\"$nin\":[\"FR\",\"DE\"]}}", false},
        {"{\"country\":{\"$ne\":\"FR\"}}", "{\"country\":{\"$ne\":\"DE\"}}", true},
        {"{\"age\":{\"$lt\":18}}", "{\"age\":{\"$gte\":18}}", false},
        {"{\"age\":{\"$lte\":18}}", "{\"age\":{\"$gte\":18}}", true},
        {"{\"age\":{\"$gt\":18}}", "{\"age\":17}", false},
        {"{\"age\":{\"$gt\":18}}", "{\"age\":18.5}", true},
        {"{\"age\":18}", "{\"age\":18.0}", true},
        {"{\"$and\":[{\"a\":1},{\"b\":2}]}", "{\"b\":3}", false},
        {"{\"a\":1,\"b\":2}", "{\"$or\":[{\"a\":2},{\"b\":3}]}", false},
        {"{\"a\":1,\"b\":2}", "{\"$or\":[{\"a\":2},{\"b\":2}]}", true},
        {"{\"a\":1}", "{\"$or\":[]}", true},
        {"{\"a\":1}", "{\"$nor\":[{\"a\":1}]}", true},
        {"{\"a\":{\"$regex\":\"^x\"}}", "{\"a\":\"y\"}", true},
        {"{\"a\":null}", "{\"a\":1}", true},
        {"{\"a\":{\"x\":1}}", "{\"a\":{\"x\":2}}", false},
        {"{\"plan\":\"1\"}", "{\"plan\":1}", true},
        {"{\"plan\":\"1\"}", "{\"plan\":\"2\"}", false},
        {"{\"plan\":\"1\"}", "{\"plan\":{\"$in\":[1,2]}}", true},
        {"{\"plan\":\"1\"}", "{\"plan\":{\"$eq\":1}}", true},
        {"{\"plan\":1}", "{\"plan\":{\"$nin\":[\"1\"]}}", true},
        {"{\"vip\":true}", "{\"vip\":\"yes\"}", true},
        {"{\"vip\":true}", "{\"vip\":false}", false},
        {"{\"vip\":true}", "{\"vip\":{\"$ne\":true}}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$in\":[\"new\"]}}", true},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$nin\":[\"vip\"]}}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$ne\":\"vip\"}}", true},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":\"new\"}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":\"new,vip\"}", true},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":[\"vip\"]}", true},
        {"{\"country\":{\"$in\":[\"DE\"]}}", "{\"country\":{\"$ne\":\"DE\"}}", false},
    };
    check_audiences(rows, sizeof(rows) / sizeof(rows[0]));
}

/* One attribute may be read as several kinds, and may be a list. */
static void audiences_of_kinds_meet(void **state)
{
    (void)state;
    static const struct audience_row rows[] = {
        {"{\"plan\":\"1\"}", "{\"plan\":1}", true},
        {"{\"plan\":\"1\"}", "{\"plan\":\"2\"}", false},
        {"{\"vip\":true}", "{\"vip\":\"yes\"}", true},
        {"{\"vip\":true}", "{\"vip\":1}", true},
        {"{\"vip\":true}", "{\"vip\":false}", false},
        {"{\"vip\":true}", "{\"vip\":{\"$ne\":true}}", false},
        {"{\"plan\":1}", "{\"plan\":{\"$eq\":\"1\"}}", true},
        {"{\"plan\":{\"$eq\":1}}", "{\"plan\":{\"$eq\":\"1\"}}", false},
        {"{\"plan\":1}", "{\"plan\":{\"$in\":[\"1\",\"2\"]}}", true},
        {"{\"visit_count\":\"1\"}", "{\"visit_count\":{\"$in\":[1]}}", true},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$in\":[\"new\"]}}", true},
        {"{\"device\":{\"$in\":[\"mobile\"]}}", "{\"device\":{\"$in\":[\"tablet\"]}}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$ne\":\"vip\"}}", true},
        {"{\"device\":{\"$in\":[\"mobile\"]}}", "{\"device\":{\"$ne\":\"mobile\"}}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$nin\":[\"vip\",\"new\"]}}", false},
        {"{\"tags\":{\"$in\":[\"vip\"]}}", "{\"tags\":{\"$nin\":[\"new\"]}}", true},
        {"{\"tags\":{\"$in\":[\"new\"]}}", "{\"tags\":\"vip,new\"}", true},
        {"{\"tags\":{\"$in\":[\"new\"]}}", "{\"tags\":\"vip\"}", false},
        {"{\"tags\":{\"$in\":[\"new\"]}}", "{\"tags\":[\"vip\",\"new\"]}", true},
        {"{\"tags\":{\"$in\":[false]}}", "{\"tags\":true}", true},
        {"{\"tags\":{\"$in\":[\"new\"]}}", "{\"tags\":{\"$eq\":\"vip,new\"}}", false},
        {"{\"n\":{\"$in\":[5]}}", "{\"n\":{\"$gt\":18}}", false},
    };
    check_audiences(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Whoever writes the longest patterns ends the looking, and is warned. */
static void looking_ends(void **state)
{
    (void)state;
    char a[2001], b[2001];
    struct collision_work work = {1000};
    for (size_t i = 0; i < 2000; i++) {
        a[i] = i % 2 ? '*' : 'a';
        b[i] = i % 2 ? '*' : 'b';
    }
    a[2000] = b[2000] = '\0';
    assert_true(collision_pattern_meets(a, b, &work));
    assert_int_equal(work.steps, 0);
    assert_false(collision_pattern_covers(a, b, &work));
    work.steps = COLLISION_STEPS;
    assert_false(collision_pattern_meets("a", "b", &work));
    assert_true(collision_pattern_covers("*a*b", "xaxbxb", &work));
    assert_false(collision_pattern_covers("*a*b", "xaxbxbx", &work));
    assert_true(collision_pattern_covers("*", "*", &work));
    assert_true(collision_pattern_covers("", "", &work));
    assert_false(collision_pattern_covers("", "a", &work));
    assert_false(collision_pattern_covers("a", "", &work));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_meet),
        cmocka_unit_test(audiences_meet),
        cmocka_unit_test(audiences_of_kinds_meet),
        cmocka_unit_test(looking_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
