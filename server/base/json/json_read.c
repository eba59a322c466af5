// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json/json.h"

#include "base/json/json_quick.h"
#include "base/mem.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    char *text;
    size_t length;
    size_t at;
    const struct json_limits *limits;
    unsigned depth;
    unsigned nodes;
    bool can_repair;
    bool repaired;
};

void json_init(void)
{
    json_set_alloc_funcs(mem_alloc, mem_free);
}

static int hex4(const char *s, size_t left)
{
    uint8_t bytes[2];
    if (left < 4 || !text_unhex(s, 4, bytes))
        return -1;
    return bytes[0] << 8 | bytes[1];
}

/* At the 'u' of an escape. Only NUL and surrogates matter here; jansson checks the rest. */
static enum err scan_unicode_escape(struct scan *s, struct fault *fault)
{
    int unit = hex4(s->text + s->at + 1, s->length - s->at - 1);
    if (unit == 0)
        return fault_set(fault, ERR_INVALID, "", "NUL characters are not allowed in JSON strings");
    if (unit < 0xd800 || unit > 0xdfff)
        return ERR_OK;
    const char *next = s->text + s->at + 5;
    bool has_low = unit < 0xdc00 && s->length - s->at >= 11 && next[0] == '\\' && next[1] == 'u';
    int low = has_low ? hex4(next + 2, 4) : -1;
    if (low >= 0xdc00 && low <= 0xdfff) {
        s->at += 10;
        return ERR_OK;
    }
    if (!s->can_repair)
        return fault_set(fault, ERR_INVALID, "", "a string holds a lone surrogate (\\u%04x)", unit);
    memcpy(s->text + s->at + 1, "fffd", 4);
    s->repaired = true;
    return ERR_OK;
}

/* From the character after the opening quote to the one after the closing quote. */
static enum err scan_string(struct scan *s, struct fault *fault)
{
    for (; s->at < s->length; s->at++) {
        char c = s->text[s->at];
        if (c == '"') {
            s->at++;
            return ERR_OK;
        }
        if (c != '\\')
            continue;
        s->at++;
        if (s->at < s->length && s->text[s->at] == 'u') {
            enum err e = scan_unicode_escape(s, fault);
            if (e)
                return e;
        }
    }
    return ERR_OK;
}

/* Puts a number of as many characters or fewer in the place of one. */
static void replace_number(struct scan *s, size_t from, size_t length, const char *number)
{
    size_t n = strlen(number);
    memcpy(s->text + from, number, n);
    memset(s->text + from + n, ' ', length - n);
}

/* A whole number that 64 bits cannot hold, as jsonb and scripts print large ones, becomes 17 digits
 * and an exponent: jansson would refuse the text for it. Returns its length from then on. */
static size_t shorten_integer(struct scan *s, size_t from, size_t length)
{
    char number[48];
    bool is_negative = from > 0 && s->text[from - 1] == '-';
    const char *most = is_negative ? "9223372036854775808" : "9223372036854775807";
    if (length < 19 || (length == 19 && memcmp(s->text + from, most, 19) <= 0))
        return length;
    snprintf(number, sizeof(number), "%.17se%zu", s->text + from, length - 17);
    replace_number(s, from, length, number);
    return strlen(number);
}

static size_t count_digits(const char *s, size_t at, size_t length)
{
    size_t from = at;
    while (at < length && isdigit((unsigned char)s[at]))
        at++;
    return at - from;
}

/* Whether JSON's grammar takes it for a number without a sign. */
static bool is_number(const char *s, size_t length)
{
    size_t at = count_digits(s, 0, length), more;
    if (at == 0 || (at > 1 && s[0] == '0'))
        return false;
    if (at < length && s[at] == '.') {
        more = count_digits(s, at + 1, length);
        at += 1 + more;
        if (more == 0)
            return false;
    }
    if (at < length && (s[at] == 'e' || s[at] == 'E')) {
        at++;
        at += at < length && (s[at] == '+' || s[at] == '-');
        more = count_digits(s, at, length);
        at += more;
        if (more == 0)
            return false;
    }
    return at == length;
}

/* The shortest beyond a double, 1e309, is as long as what takes its place. */
static void cap_number(struct scan *s, size_t from, size_t length)
{
    char copy[JSON_NUMBER_LENGTH + 1];
    const char *text = s->text + from;
    if (length < 5 || !is_number(text, length))
        return;
    bool is_long = length > JSON_NUMBER_LENGTH;
    if (!is_long) {
        /* Nothing ends the text behind its last number: no function of strings may see that. */
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    if (is_long || isinf(strtod(copy, NULL)))
        replace_number(s, from, length, "1e308");
}

static void scan_number(struct scan *s)
{
    size_t from = s->at - 1;
    s->at += count_digits(s->text, s->at, s->length);
    size_t length = s->at - from;
    bool is_real = s->at < s->length && s->text[s->at] && strchr(".eE", s->text[s->at]);
    /* the digits behind the point are no number of their own */
    while (s->at < s->length && s->text[s->at] && strchr(".eE+-0123456789", s->text[s->at]))
        s->at++;
    length = is_real ? s->at - from : shorten_integer(s, from, length);
    if (s->limits->caps_numbers)
        cap_number(s, from, length);
}

static enum err scan_open(struct scan *s, struct fault *fault)
{
    s->nodes++;
    if (++s->depth > s->limits->depth)
        return fault_set(fault, ERR_TOO_LARGE, "", "JSON is nested deeper than %u",
                         s->limits->depth);
    return ERR_OK;
}

/* Counts only: every comma or opening bracket begins at most one value. Syntax is the parser's
 * work. */
static enum err scan_text(struct scan *s, struct fault *fault)
{
    s->nodes = 1;
    while (s->at < s->length) {
        char c = s->text[s->at++];
        enum err e = ERR_OK;
        if (c == '"')
            e = scan_string(s, fault);
        else if (c == '{' || c == '[')
            e = scan_open(s, fault);
        else if ((c == '}' || c == ']') && s->depth > 0)
            s->depth--;
        else if (c == ',')
            s->nodes++;
        else if (isdigit((unsigned char)c))
            scan_number(s);
        if (e)
            return e;
        if (s->nodes > s->limits->nodes)
            return fault_set(fault, ERR_TOO_LARGE, "", "JSON holds more than %u values",
                             s->limits->nodes);
    }
    return ERR_OK;
}

json_t *json_parse(char *text, size_t length, const struct json_limits *limits, bool *ret_repaired,
                   struct fault *ret_fault)
{
    if (length > limits->bytes) {
        fault_set(ret_fault, ERR_TOO_LARGE, "", "JSON is larger than %zu bytes", limits->bytes);
        return NULL;
    }
    if (ret_repaired)
        *ret_repaired = false;
    json_t *plain = json_quick_read(text, length, limits);
    if (plain)
        return plain;
    struct scan scan = {
        .text = text, .length = length, .limits = limits, .can_repair = ret_repaired != NULL};
    if (scan_text(&scan, ret_fault))
        return NULL;
    json_error_t error;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value) {
        fault_set(ret_fault, ERR_INVALID, "", "not valid JSON: %s (line %d, column %d)", error.text,
                  error.line, error.column);
        return NULL;
    }
    if (ret_repaired)
        *ret_repaired = scan.repaired;
    return value;
}

const char *json_kind_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "array";
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
        return "integer";
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "boolean";
    case JSON_NULL:
        return "null";
    }
    return "null";
}

void json_cleanup_decref(json_t **value)
{
    json_decref(*value);
}
