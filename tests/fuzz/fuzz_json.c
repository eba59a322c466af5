// SPDX-License-Identifier: GPL-3.0-or-later
/* JSON of any kind: what the quick reader takes, jansson reads the same; what is written reads
 * back. */
#include "base/json.h"
#include "base/json_quick.h"
#include "base/mem.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct json_limits limits = {65536, 16, 4096};

/* Numbers and texts do not drift, however often they are written and read. */
static void check_written(const json_t *value)
{
    auto_buf struct buf text = {0}, again = {0};
    struct fault fault;
    json_add_value(&text, value);
    auto_free char *copy = mem_strdup(text.data);
    auto_json json_t *read =
        json_parse(copy, text.length, &(struct json_limits){1 << 20, 17, 8192}, NULL, &fault);
    must(read);
    json_add_value(&again, read);
    must(strcmp(text.data, again.data) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto_free char *text = mem_alloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
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
    return 0;
}
