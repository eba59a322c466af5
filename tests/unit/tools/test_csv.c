// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/csv/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hands out the text in pieces of 'step' bytes, to cross every boundary. */
struct text_source {
    const char *text;
    size_t length, at, step;
    size_t fails_at; /* 0: never */
};

static long read_text(void *arg, char *buffer, size_t size, struct fault *ret_fault)
{
    struct text_source *s = arg;
    if (s->fails_at && s->at >= s->fails_at) {
        fault_set(ret_fault, ERR_IO, "", "the disk is gone");
        return -1;
    }
    size_t n = s->length - s->at;
    n = n < s->step ? n : s->step;
    n = n < size ? n : size;
    memcpy(buffer, s->text + s->at, n);
    s->at += n;
    return (long)n;
}

/* Everything read, as one text: fields in <>, records ended by ';', mistakes as "!line". */
static void outline(const char *text, size_t length, char separator, size_t step, struct buf *out)
{
    struct text_source source = {.text = text, .length = length, .step = step};
    struct csv *c = csv_new(read_text, &source, separator);
    struct fault fault;
    enum csv_step got;
    buf_clear(out);
    buf_add_str(out, "");
    while ((got = csv_next(c, &fault)) == CSV_RECORD || got == CSV_BAD) {
        if (got == CSV_BAD) {
            unsigned line = 0, field = 0;
            assert_int_equal(sscanf(fault.detail, "line %u, field %u", &line, &field), 2);
            buf_printf(out, "!%u.%u;", line, field);
            continue;
        }
        for (size_t i = 0; i < csv_count(c); i++)
            buf_printf(out, "<%s>", csv_field(c, i));
        buf_printf(out, "%llu;", (unsigned long long)csv_line(c));
    }
    assert_int_equal(got, CSV_END);
    csv_free(c);
}

static const struct {
    const char *text;
    char separator;
    const char *outline;
} cases[] = {
    {"", ',', ""},
    {"\n\r\n\n", ',', ""},
    {"a", ',', "<a>1;"},
    {"a,b\n", ',', "<a><b>1;"},
    {"a,b\r\nc,d\r\n", ',', "<a><b>1;<c><d>2;"},
    {"a,b\nc,d", ',', "<a><b>1;<c><d>2;"},
    {",\n,", ',', "<><>1;<><>2;"},
    {"a,,c\n", ',', "<a><><c>1;"},
    {"\"\"\n", ',', "<>1;"},
    {"\"a\",\"b,c\"\n", ',', "<a><b,c>1;"},
    {"\"say \"\"hi\"\"\",x\n", ',', "<say \"hi\"><x>1;"},
    {"\"\"\"\"\n", ',', "<\">1;"},
    {"\"two\nlines\",x\ny,z\n", ',', "<two\nlines><x>1;<y><z>3;"},
    {"\"two\r\nlines\",x\r\n", ',', "<two\r\nlines><x>1;"},
    {"\xef\xbb\xbfid,x\n", ',', "<id><x>1;"},
    {"\xef\xbb\xbf\"id\",x\n", ',', "<id><x>1;"},
    {"\xef\xbd\x86,x\n", ',', "<\xef\xbd\x86><x>1;"},
    {"\xef", ',', "<\xef>1;"},
    {"a;b,c;d\n", ';', "<a><b,c><d>1;"},
    {"a\tb c\td\n", '\t', "<a><b c><d>1;"},
    {" a , b \n", ',', "< a >< b >1;"},
    {"a\n\n\nb\n", ',', "<a>1;<b>4;"},
    {"a,b\"c\nd\n", ',', "!1.2;<d>2;"},
    {"\"a\"b,c\nd\n", ',', "!1.1;<d>2;"},
    {"\"a\" ,c\nd\n", ',', "!1.1;<d>2;"},
    {"x\na,\"never closed\n", ',', "<x>1;!2.2;"},
    {"a,b\rc\nd\n", ',', "!1.2;<d>2;"},
    {"\"x\ny\"z\nd\n", ',', "!1.1;<d>3;"},
};

static void test_table(void **state)
{
    (void)state;
    struct buf got = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t step = 1; step <= 64; step = step * 2 + 1) {
            outline(cases[i].text, strlen(cases[i].text), cases[i].separator, step, &got);
            assert_string_equal(got.data, cases[i].outline);
        }
    buf_done(&got);
}

static void add_random_field(struct buf *field, unsigned *seed)
{
    static const char alphabet[] = "ab,\"\n\r;\t x\xc3\xa9";
    int length = rand_r(seed) % 12;
    buf_clear(field);
    buf_add_str(field, "");
    for (int i = 0; i < length; i++)
        buf_add_char(field, alphabet[(size_t)rand_r(seed) % (sizeof(alphabet) - 1)]);
}

static void write_field(struct buf *out, const char *field, char separator, bool is_quoted)
{
    if (!is_quoted && !strpbrk(field, "\"\n\r") && !strchr(field, separator)) {
        buf_add_str(out, field);
        return;
    }
    buf_add_char(out, '"');
    for (; *field; field++) {
        if (*field == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *field);
    }
    buf_add_char(out, '"');
}

static void test_round_trip(void **state)
{
    (void)state;
    struct buf text = {0}, wanted = {0}, got = {0}, field = {0};
    unsigned seed = 20080320;
    for (int turn = 0; turn < 400; turn++) {
        char separator = ",;\t"[turn % 3];
        unsigned long long line = 1;
        buf_clear(&text);
        buf_clear(&wanted);
        buf_add_str(&wanted, "");
        for (int r = rand_r(&seed) % 20; r > 0; r--) {
            unsigned long long began = line;
            int fields = 1 + rand_r(&seed) % 6;
            for (int f = 0; f < fields; f++) {
                add_random_field(&field, &seed);
                buf_printf(&wanted, "<%s>", field.data);
                bool is_quoted = rand_r(&seed) % 4 == 0 || (fields == 1 && field.length == 0);
                if (f > 0)
                    buf_add_char(&text, separator);
                write_field(&text, field.data, separator, is_quoted);
                for (const char *c = field.data; *c; c++)
                    line += *c == '\n';
            }
            buf_printf(&wanted, "%llu;", began);
            buf_add_str(&text, rand_r(&seed) % 2 ? "\n" : "\r\n");
            line++;
        }
        outline(text.data ? text.data : "", text.length, separator, 1 + (size_t)rand_r(&seed) % 40,
                &got);
        assert_string_equal(got.data, wanted.data);
    }
    buf_done(&text);
    buf_done(&wanted);
    buf_done(&got);
    buf_done(&field);
}

/* Whatever the bytes: it ends, and every mistake names its line. */
static void test_noise(void **state)
{
    (void)state;
    struct buf got = {0};
    unsigned seed = 7;
    char noise[300];
    for (int turn = 0; turn < 3000; turn++) {
        size_t length = (size_t)rand_r(&seed) % sizeof(noise);
        for (size_t i = 0; i < length; i++)
            noise[i] = "\",\n\rab\xef\xbb\xbf\0"[rand_r(&seed) % 10];
        outline(noise, length, ',', 1 + (size_t)turn % 7, &got);
    }
    buf_done(&got);
}

static void test_long_record(void **state)
{
    (void)state;
    size_t length = CSV_RECORD_BYTES + 10;
    char *text = mem_alloc(length + 4);
    memset(text, 'x', length);
    memcpy(text + length, "\nok\n", 4);
    struct buf got = {0};
    outline(text, length + 4, ',', 60000, &got);
    assert_string_equal(got.data, "!1.1;<ok>2;");
    buf_done(&got);
    mem_free(text);
}

static void test_source_failure(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 17; at++) {
        struct text_source source = {
            .text = "a,b\n\"c\",\"d\"\ne,f\n", .length = 17, .step = 1, .fails_at = at};
        struct csv *c = csv_new(read_text, &source, ',');
        struct fault fault = {0};
        enum csv_step got;
        while ((got = csv_next(c, &fault)) == CSV_RECORD)
            ;
        assert_int_equal(got, CSV_FAILED);
        assert_string_equal(fault.detail, "the disk is gone");
        assert_int_equal(csv_next(c, &fault), CSV_FAILED);
        csv_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),          cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_noise),          cmocka_unit_test(test_long_record),
        cmocka_unit_test(test_source_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
