// SPDX-License-Identifier: GPL-3.0-or-later
/* JSON of any kind: what the quick reader takes, jansson reads the same; what is written reads
 * back. */
#include "unit/lib/fence.h"

#include "base/json/json.h"
#include "base/json/json_quick.h"
#include "base/mem.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {.bytes = 65536, .depth = 16, .nodes = 4096};

/* Numbers and texts do not drift, however often they are written and read. */
static void check_written(const json_t *value)
{
    auto_buf struct buf text = {0}, again = {0};
    struct fault fault;
    json_add_value(&text, value);
    auto_free char *copy = mem_strdup(text.data);
    auto_json json_t *read = json_parse(
        copy, text.length, &(struct json_limits){.bytes = 1 << 20, .depth = 17, .nodes = 8192},
        NULL, &fault);
    must(read);
    json_add_value(&again, read);
    must(strcmp(text.data, again.data) == 0);
}

/* Capping numbers refuses nothing that is read without. */
static void check_capped(const uint8_t *data, size_t size, const json_t *parsed)
{
    struct json_limits capped = limits;
    capped.caps_numbers = true;
    char *text = fence_copy(data, size);
    struct fault fault = {0};
    bool is_repaired = false;
    auto_json json_t *value = json_parse(text, size, &capped, &is_repaired, &fault);
    must(value || (!parsed && (fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE)));
    if (value)
        check_written(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fence_copy(data, size);
    struct fault fault = {0};
    bool is_repaired = false;
    auto_json json_t *quick = json_quick_read(text, size, &limits);
    auto_json json_t *whole =
        json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    must(!quick || (whole && json_equal(quick, whole)));
    auto_json json_t *parsed = json_parse(text, size, &limits, &is_repaired, &fault);
    must(!quick || (parsed && json_equal(quick, parsed)));
    must(parsed || fault.code == ERR_INVALID || fault.code == ERR_TOO_LARGE);
    if (parsed)
        check_written(parsed);
    check_capped(data, size, parsed);
    return 0;
}
