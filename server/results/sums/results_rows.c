// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/sums/results_rows.h"

#include "base/json/json_cursor.h"

#include <stddef.h>
#include <string.h>

/* A member of a row: a text, a square that may not be known (null: NULL), or a whole number. */
struct row_member {
    const char *name;
    size_t length, offset;
    enum { ROW_TEXT, ROW_SQUARE, ROW_INT, ROW_COUNT } kind;
};

#define MEMBER(name, member, kind)                                                                 \
    {                                                                                              \
        name, sizeof(name) - 1, offsetof(struct results_row, member), kind                         \
    }
#define SUM(name, member)    MEMBER(name, sums.member, ROW_TEXT)
#define SQUARE(name, member) MEMBER(name, sums.member, ROW_SQUARE)

/* In the order in which the query writes them. */
static const struct row_member members[] = {
    MEMBER("day", day, ROW_TEXT),
    MEMBER("as_of", as_of, ROW_TEXT),
    MEMBER("metric", metric, ROW_INT),
    MEMBER("experience", experience, ROW_TEXT),
    MEMBER("variant", variant, ROW_TEXT),
    MEMBER("other_variant", other_variant, ROW_TEXT),
    MEMBER("dimension", dimension, ROW_TEXT),
    MEMBER("value", value, ROW_TEXT),
    MEMBER("units", sums.units, ROW_COUNT),
    MEMBER("crossovers", sums.crossovers, ROW_COUNT),
    SUM("n", n),
    SUM("d", d),
    SQUARE("nn", nn),
    SQUARE("nd", nd),
    SQUARE("dd", dd),
    SQUARE("nnn", nnn),
    SUM("x", pre.x),
    SUM("y", pre.y),
    SUM("xx", pre.xx),
    SUM("xy", pre.xy),
    SUM("yy", pre.yy),
    SUM("nx", pre.nx),
    SUM("ny", pre.ny),
    SUM("dx", pre.dx),
    SUM("dy", pre.dy),
    SUM("missing", pre.m),
    SUM("nm", pre.nm),
    SUM("dm", pre.dm),
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

/* A row of which nothing was said. */
static const struct results_row blank = {
    .experience = "",
    .variant = "",
    .dimension = "",
    .value = "",
    .day = "",
    .as_of = "",
    .other_variant = "",
    .sums = {.n = "0",
             .d = "0",
             .nn = "0",
             .nd = "0",
             .dd = "0",
             .nnn = "0",
             .pre = {"0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"}},
};

static bool is_text(const struct row_member *m)
{
    return m->kind == ROW_TEXT || m->kind == ROW_SQUARE;
}

static void set_text(struct results_row *row, const struct row_member *m, const char *text)
{
    *(const char **)((char *)row + m->offset) = text;
}

static void set_whole(struct results_row *row, const struct row_member *m, json_int_t value)
{
    void *at = (char *)row + m->offset;
    if (m->kind == ROW_INT)
        *(int *)at = (int)value;
    else
        *(uint64_t *)at = (uint64_t)value;
}

/* The members of a row mostly come in the order of the table: 'at' is where the one before stood.
 */
static const struct row_member *find_member(const char *name, size_t length, size_t *at)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        const struct row_member *m = &members[*at];
        *at = (*at + 1) % MEMBERS;
        if (m->length == length && memcmp(m->name, name, length) == 0)
            return m;
    }
    return NULL;
}

static bool walk_text(struct arena *arena, struct json_cursor *c, struct results_row *row,
                      const struct row_member *m)
{
    const char *text;
    size_t length;
    if (!json_cursor_text(c, &text, &length))
        return false;
    set_text(row, m, length > 0 ? arena_strndup(arena, text, length) : "");
    return true;
}

static bool walk_whole(struct json_cursor *c, struct results_row *row, const struct row_member *m)
{
    struct json_plain_number number;
    if (!json_cursor_number(c, &number) || number.is_real)
        return false;
    set_whole(row, m, number.integer);
    return true;
}

static bool walk_member(struct arena *arena, struct json_cursor *c, struct results_row *row,
                        size_t *at)
{
    const char *name;
    size_t length;
    enum json_word word;
    if (!json_cursor_key(c, &name, &length))
        return false;
    const struct row_member *m = find_member(name, length, at);
    if (json_cursor_peek(c) == 'n') {
        if (m && m->kind == ROW_SQUARE)
            set_text(row, m, NULL);
        return json_cursor_word(c, &word);
    }
    if (!m)
        return false;
    return is_text(m) ? walk_text(arena, c, row, m) : walk_whole(c, row, m);
}

static bool walk_row(struct arena *arena, struct json_cursor *c, struct results_row *row)
{
    bool is_last;
    size_t at = 0;
    *row = blank;
    if (!json_cursor_open(c, '{', &is_last))
        return false;
    while (!is_last)
        if (!walk_member(arena, c, row, &at) || !json_cursor_next(c, '}', &is_last))
            return false;
    return true;
}

/* At least as many as the list has. */
static size_t count_rows(const char *text)
{
    size_t count = 0;
    while ((text = strchr(text, '{'))) {
        count++;
        text++;
    }
    return count;
}

/* Whether the text is a plain list of rows. */
static bool walk_rows(struct arena *arena, const char *text, const struct json_limits *limits,
                      struct results_rows *ret)
{
    struct json_cursor c = json_cursor_of(text, strlen(text), limits);
    struct results_row *rows = arena_alloc(arena, (count_rows(text) + 1) * sizeof(*rows));
    size_t count = 0;
    bool is_last;
    if (!json_cursor_open(&c, '[', &is_last))
        return false;
    while (!is_last)
        if (!walk_row(arena, &c, &rows[count++]) || !json_cursor_next(&c, ']', &is_last))
            return false;
    if (!json_cursor_is_done(&c))
        return false;
    *ret = (struct results_rows){rows, count};
    return true;
}

struct results_rows results_rows_of(struct arena *arena, const json_t *list)
{
    size_t i;
    json_t *row;
    struct results_row *rows = arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*rows));
    json_array_foreach(list, i, row) {
        rows[i] = blank;
        for (const struct row_member *m = members; m < members + MEMBERS; m++) {
            const json_t *value = json_object_get(row, m->name);
            if (is_text(m) && json_is_string(value))
                set_text(&rows[i], m, arena_strdup(arena, json_string_value(value)));
            else if (m->kind == ROW_SQUARE && json_is_null(value))
                set_text(&rows[i], m, NULL);
            else if (!is_text(m) && json_is_integer(value))
                set_whole(&rows[i], m, json_integer_value(value));
        }
    }
    return (struct results_rows){rows, json_array_size(list)};
}

enum err results_rows_read(struct arena *arena, char *text, const struct json_limits *limits,
                           struct results_rows *ret, struct fault *ret_fault)
{
    if (walk_rows(arena, text, limits, ret))
        return ERR_OK;
    auto_json json_t *list = json_parse(text, strlen(text), limits, NULL, ret_fault);
    if (!list)
        return ERR_INTERNAL;
    *ret = results_rows_of(arena, list);
    return ERR_OK;
}
