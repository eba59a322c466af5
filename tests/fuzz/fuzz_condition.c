// SPDX-License-Identifier: GPL-3.0-or-later
/* Input as of "mete condition": [condition, attributes, savedGroups?]. */
#include "unit/lib/fence.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/condition/condition.h"
#include "model/metric/filter.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_match(const json_t *input, enum condition_mode mode, bool *ret_is_good)
{
    auto_arena struct arena *arena = arena_new(0);
    struct fault fault = {0};
    const struct condition *condition =
        condition_compile(arena, json_array_get(input, 0), mode, &fault);
    *ret_is_good = condition != NULL;
    if (!condition) {
        must(fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
        return false;
    }
    return condition_matches(condition, json_array_get(input, 1), json_array_get(input, 2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct json_limits limits = {.bytes = 65536, .depth = 64, .nodes = 4096};
    char *text = fence_copy(data, size);
    bool is_repaired, is_strictly_good, is_good;
    struct fault fault;
    auto_json json_t *input = json_parse(text, size, &limits, &is_repaired, &fault);
    if (json_array_size(input) < 2)
        return 0;
    bool strictly = is_match(input, CONDITION_STRICT, &is_strictly_good);
    bool leniently = is_match(input, CONDITION_LENIENT, &is_good);
    /* What the strict mode takes means the same in both. */
    must(!is_strictly_good || (is_good && strictly == leniently));
    auto_buf struct buf predicate = {0};
    bool is_filter = filter_to_jsonpath(json_array_get(input, 0), &predicate, &fault) == ERR_OK;
    must(!is_filter || (is_strictly_good && predicate.length > 0));
    return 0;
}
