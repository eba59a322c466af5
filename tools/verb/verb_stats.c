// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/mete.h"

#include "base/arena.h"
#include "base/json/json.h"
#include "base/text.h"
#include "tools/cli/verb.h"
#include "tools/stats/stats_table.h"

#include <stdio.h>
#include <string.h>

static const struct json_limits limits = {.bytes = 64 << 20, .depth = 16, .nodes = 4000000};

static enum err read_all(FILE *from, struct buf *out, struct fault *ret_fault)
{
    enum { STEP = 65536 };
    size_t got;
    do {
        got = fread(buf_reserve(out, STEP), 1, STEP, from);
        out->length += got;
    } while (got > 0 && out->length <= limits.bytes);
    buf_add(out, "", 0);
    return ferror(from) ? fault_set(ret_fault, ERR_IO, "", "the input could not be read") : ERR_OK;
}

/* One input, its result printed on a line of its own. */
static enum err answer(const struct stats_method *method, const json_t *input,
                       struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf out = {0};
    enum err err = stats_method_run(method, input, arena, &out, ret_fault);
    if (!err)
        printf("%s\n", out.data);
    return err;
}

/* A list of inputs becomes a list of results. */
static enum err answer_list(const struct stats_method *method, const json_t *inputs,
                            struct fault *ret_fault)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf out = {0};
    buf_add_char(&out, '[');
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        json_add_comma(&out);
        enum err err = stats_method_run(method, json_array_get(inputs, i), arena, &out, ret_fault);
        if (err) {
            fault_prefix_index(ret_fault, i);
            return err;
        }
    }
    buf_add_char(&out, ']');
    printf("%s\n", out.data);
    return ERR_OK;
}

static enum err answer_text(const struct stats_method *method, char *text, size_t length,
                            struct fault *ret_fault)
{
    auto_json json_t *value = json_parse(text, length, &limits, NULL, ret_fault);
    if (!value)
        return ret_fault->code;
    return json_is_array(value) ? answer_list(method, value, ret_fault)
                                : answer(method, value, ret_fault);
}

static bool is_blank(const struct buf *text)
{
    return !text->data || text->data[strspn(text->data, " \t\r\n")] == '\0';
}

/* Whether each line that is not empty is an object of its own. */
static bool is_line_by_line(const struct buf *text)
{
    size_t objects = 0, lines = 0;
    for (const char *p = text->data; p && *p; p++) {
        if (p > text->data && p[-1] != '\n')
            continue;
        lines += *p != '\n' && *p != '\r';
        objects += *p == '{';
    }
    return objects > 1 && objects == lines;
}

static enum err answer_lines(const struct stats_method *method, struct buf *text,
                             struct fault *ret_fault)
{
    char *rest = text->data, *line;
    size_t number = 0;
    while ((line = strsep(&rest, "\n"))) {
        number++;
        if (*line == '\0' || strcmp(line, "\r") == 0)
            continue;
        enum err err = answer_text(method, line, strlen(line), ret_fault);
        if (err) {
            struct fault plain = *ret_fault;
            return fault_set(ret_fault, err, plain.pointer, "line %zu: %s", number, plain.detail);
        }
    }
    return ERR_OK;
}

static int list_methods(void)
{
    const struct stats_method *method;
    for (size_t i = 0; (method = stats_method_at(i)); i++)
        puts(method->name);
    return EXIT_DONE;
}

static int help(void)
{
    const struct stats_method *method;
    puts("usage: mete stats METHOD | --list\n"
         "computes one statistical method on JSON from stdin: an object, a list, or one a line\n");
    for (size_t i = 0; (method = stats_method_at(i)); i++)
        printf("    %-27s %s\n", method->name, method->about);
    return EXIT_DONE;
}

int verb_stats(int argc, char **argv)
{
    struct fault fault;
    auto_buf struct buf text = {0};
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return help();
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list_methods();
    if (argc != 2)
        return verb_misused(argv[0], "one method is needed; --list names them");
    const struct stats_method *method = stats_method_find(argv[1]);
    if (!method)
        return verb_misused(argv[0], "there is no method \"%s\"; --list names them", argv[1]);
    enum err err = read_all(stdin, &text, &fault);
    if (!err && is_blank(&text))
        err = fault_set(&fault, ERR_INVALID, "",
                        "the input is empty: an object, a list, or one a line");
    else if (!err && is_line_by_line(&text))
        err = answer_lines(method, &text, &fault);
    else if (!err)
        err = answer_text(method, text.data, text.length, &fault);
    return err ? verb_failed(argv[0], &fault) : EXIT_DONE;
}
