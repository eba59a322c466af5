// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/filter_test.h"

#include "model/condition/condition_number.h"
#include "model/condition/condition_value.h"

#include "base/json/json.h"

#include <math.h>
#include <string.h>

/* Inside a jsonpath string: the text that converts to a number, and the text that is 0. */
#define BLANKS "[ \\t\\n\\r\\f\\u000b]*"
#define DECIMAL                                                                                    \
    "^" BLANKS "[+-]?([0-9]{1,15}[.]?[0-9]{0,14}|[.][0-9]{1,15})([eE][+-]?[0-9]{1,2})?" BLANKS "$"
#define NOTHING "^" BLANKS "$"

bool filter_path_init(struct filter_path *p, const char *dotted)
{
    *p = (struct filter_path){0};
    buf_add_char(&p->value, '$');
    buf_add_str(&p->parents, "");
    for (;;) {
        size_t n = strcspn(dotted, ".");
        if (n > 0 && strspn(dotted, "0123456789") == n)
            return false;
        buf_add_char(&p->value, '.');
        json_add_string_n(&p->value, dotted, n);
        if (dotted[n] == '\0')
            return true;
        buf_printf(&p->parents, "%s%s.type() == \"object\"", p->parents.length ? " && " : "",
                   p->value.data);
        dotted += n + 1;
    }
}

void filter_path_done(struct filter_path *p)
{
    buf_done(&p->value);
    buf_done(&p->parents);
}

void filter_test_init(struct filter_test *t, const struct filter_path *path)
{
    *t = (struct filter_test){.path = path};
}

void filter_test_done(struct filter_test *t)
{
    buf_done(&t->number);
    buf_done(&t->text);
}

/* Begins one more way to match by a predicate over the value. */
static void add_way(const struct filter_test *t, struct buf *b)
{
    buf_printf(b, "%s%s", b->length ? " || " : "", t->path->value.data);
}

static void add_number(struct filter_test *t, const char *sign, const struct condition_value *n)
{
    char digits[CONDITION_NUMBER_SIZE];
    condition_value_format(n, digits);
    add_way(t, &t->number);
    buf_printf(&t->number, " %s %s", sign, digits);
}

static void add_text(struct filter_test *t, const char *sign, const struct condition_value *v)
{
    add_way(t, &t->text);
    buf_printf(&t->text, " %s ", sign);
    json_add_string_n(&t->text, v->text, v->length);
}

void filter_test_equal(struct filter_test *t, const json_t *operand)
{
    struct condition_value v = condition_value_of(operand);
    t->takes_null |= v.kind == CONDITION_NULL;
    t->takes_true |= v.kind == CONDITION_BOOLEAN && v.number != 0;
    t->takes_false |= v.kind == CONDITION_BOOLEAN && v.number == 0;
    if (v.kind == CONDITION_NUMBER)
        add_number(t, "==", &v);
    if (v.kind == CONDITION_STRING)
        add_text(t, "==", &v);
}

static bool holds(double a, const char *sign, double b)
{
    if (strcmp(sign, "==") == 0)
        return a == b;
    if (sign[0] == '<')
        return sign[1] ? a <= b : a < b;
    return sign[1] ? a >= b : a > b;
}

/* Everything that is no text as a number: null and false are 0, true is 1. */
static void take_as_numbers(struct filter_test *t, const char *sign,
                            const struct condition_value *n)
{
    t->takes_null = t->takes_false = holds(0, sign, n->number);
    t->takes_true = holds(1, sign, n->number);
    if (isfinite(n->number))
        add_number(t, sign, n);
    else if (holds(0, sign, n->number))
        buf_add_str(&t->number, FILTER_ALWAYS);
}

static void take_text_as_numbers(struct filter_test *t, const char *sign,
                                 const struct condition_value *n)
{
    char digits[CONDITION_NUMBER_SIZE];
    condition_value_format(n, digits);
    add_way(t, &t->text);
    buf_printf(&t->text, " like_regex \"" DECIMAL "\" && %s.double() %s %s", t->path->value.data,
               sign, digits);
    if (!holds(0, sign, n->number))
        return;
    add_way(t, &t->text);
    buf_add_str(&t->text, " like_regex \"" NOTHING "\"");
}

static void take_printed(struct filter_test *t, const struct condition_value *v)
{
    char digits[CONDITION_NUMBER_SIZE];
    add_text(t, "==", v);
    t->takes_null = strcmp(v->text, "null") == 0;
    t->takes_true = strcmp(v->text, "true") == 0;
    t->takes_false = strcmp(v->text, "false") == 0;
    struct condition_value n = condition_value_as_number(v);
    condition_value_format(&n, digits);
    if (isfinite(n.number) && strcmp(digits, v->text) == 0)
        add_number(t, "==", &n);
}

static void take_truth(struct filter_test *t, bool is_true)
{
    static const struct condition_value nothing = {.kind = CONDITION_STRING, .text = ""},
                                        zero = {.kind = CONDITION_NUMBER};
    t->takes_true = t->takes_other = is_true;
    t->takes_false = !is_true;
    add_number(t, is_true ? "!=" : "==", &zero);
    add_text(t, is_true ? "!=" : "==", &nothing);
}

void filter_test_plain(struct filter_test *t, const json_t *value)
{
    struct condition_value v = condition_value_of(value);
    if (v.kind == CONDITION_NULL) {
        t->takes_null = true;
    } else if (v.kind == CONDITION_BOOLEAN) {
        take_truth(t, v.number != 0);
    } else if (v.kind == CONDITION_STRING) {
        take_printed(t, &v);
    } else {
        take_as_numbers(t, "==", &v);
        take_text_as_numbers(t, "==", &v);
    }
}

void filter_test_compare(struct filter_test *t, enum filter_operator kind, const json_t *operand)
{
    static const char *const signs[] = {[FILTER_GREATER] = ">",
                                        [FILTER_GREATER_EQUAL] = ">=",
                                        [FILTER_LESS] = "<",
                                        [FILTER_LESS_EQUAL] = "<="};
    struct condition_value v = condition_value_of(operand);
    struct condition_value n = condition_value_as_number(&v);
    take_as_numbers(t, signs[kind], &n);
    if (v.kind == CONDITION_STRING)
        add_text(t, signs[kind], &v);
    else
        take_text_as_numbers(t, signs[kind], &n);
}

void filter_test_exists(struct filter_test *t, bool exists)
{
    t->takes_null = !exists;
    t->takes_true = t->takes_false = t->takes_other = exists;
    if (!exists)
        return;
    buf_add_str(&t->number, FILTER_ALWAYS);
    buf_add_str(&t->text, FILTER_ALWAYS);
}

static void write_kind(const struct filter_test *t, struct buf *out, const char *kind,
                       const char *predicate)
{
    buf_printf(out, " || (%s.type() == \"%s\" && (%s))", t->path->value.data, kind, predicate);
}

static void write_boolean(const struct filter_test *t, struct buf *out, const char *word)
{
    const char *value = t->path->value.data;
    buf_printf(out, " || (%s.type() == \"boolean\" && %s == %s)", value, value, word);
}

static void write_present(const struct filter_test *t, struct buf *out)
{
    buf_add_str(out, "1 == 0");
    if (t->takes_true)
        write_boolean(t, out, "true");
    if (t->takes_false)
        write_boolean(t, out, "false");
    if (t->number.length)
        write_kind(t, out, "number", t->number.data);
    if (t->text.length)
        write_kind(t, out, "string", t->text.data);
    if (t->takes_other) {
        write_kind(t, out, "array", FILTER_ALWAYS);
        write_kind(t, out, "object", FILTER_ALWAYS);
    }
}

void filter_test_write(const struct filter_test *t, struct buf *out)
{
    const char *value = t->path->value.data;
    const char *parents = t->path->parents.data;
    bool is_nested = t->path->parents.length > 0;
    buf_add_char(out, '(');
    if (is_nested)
        buf_printf(out, "(%s) && ", parents);
    buf_add_char(out, '(');
    write_present(t, out);
    buf_add_char(out, ')');
    if (t->takes_null) {
        buf_printf(out, " || !exists(%s) || %s.type() == \"null\"", value, value);
        if (is_nested)
            buf_printf(out, " || !(%s)", parents);
    }
    buf_add_char(out, ')');
}
