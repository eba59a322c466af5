// SPDX-License-Identifier: GPL-3.0-or-later
/* Input as of /v1/decide: read in one walk it says what it says when it is read over a tree. */
#include "unit/lib/fence.h"

#include "base/mem.h"
#include "base/text.h"
#include "decide/question.h"
#include "fuzz_snapshot.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const struct condition_value *a, const struct condition_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == CONDITION_STRING)
        return a->length == b->length && memcmp(a->text, b->text, a->length + 1) == 0;
    if (a->kind >= CONDITION_ARRAY)
        return json_equal(a->tree, b->tree);
    return a->number == b->number;
}

static void check_same(const struct snapshot *e, const struct question *a, const struct question *b)
{
    must(strcmp(a->visitor_id, b->visitor_id) == 0);
    must(!a->campaigns == !b->campaigns);
    must(!a->campaigns || json_equal(a->campaigns, b->campaigns));
    for (size_t i = 0; i < e->names.count; i++)
        must(is_same(&a->attributes[i], &b->attributes[i]));
}

/* The object with one more member that no walk goes over. */
static void add_escaped(struct buf *text, const char *object, size_t size)
{
    buf_add(text, object, size - 1);
    buf_printf(text, "%s\"the_other_way\":\"\\n\"}", memchr(object, ':', size) ? "," : "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct snapshot *e = fuzz_snapshot();
    if (size < 2 || data[0] != '{' || data[size - 1] != '}')
        return 0;
    auto_buf struct buf escaped_text = {0};
    char *plain_text = fence_copy(data, size);
    add_escaped(&escaped_text, plain_text, size);
    auto_arena struct arena *arena = arena_new(0);
    struct question plain, escaped;
    struct fault fault;
    enum err err = question_read(&plain, arena, e, plain_text, size, &fault);
    enum err other =
        question_read(&escaped, arena, e, escaped_text.data, escaped_text.length, &fault);
    must(err == other);
    if (err == ERR_OK)
        check_same(e, &plain, &escaped);
    question_done(&plain);
    question_done(&escaped);
    return 0;
}
