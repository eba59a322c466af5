// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A mapping, a line "---", and the CSV that it is for; without that line a mapping that fits any
 * file of two columns. The first byte says in pieces of how many bytes the file comes.
 */
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/import/import_row.h"

#include <string.h>

#define MAPPING                                                                                    \
    "{\"campaign\":{\"key\":\"c\",\"control\":\"a\"},\"visitor\":{\"column\":\"v\"},\"variant\":{" \
    "\"column\":\"x\"},\"time\":{\"constant\":\"2024-01-31\"},\"events\":[{\"name\":\"e\"}],"      \
    "\"metrics\":[{\"key\":\"m\"}]}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
    const char *text;
    size_t length, at, step;
};

static long read_some(void *arg, char *buffer, size_t size, struct fault *ret_fault)
{
    struct source *s = arg;
    (void)ret_fault;
    size_t n = s->length - s->at;
    n = n < s->step ? n : s->step;
    n = n < size ? n : size;
    memcpy(buffer, s->text + s->at, n);
    s->at += n;
    return (long)n;
}

static void add_event(void *arg, const char *json, size_t length)
{
    auto_json json_t *event = json_loadb(json, length, JSON_REJECT_DUPLICATES, NULL);
    must(json_is_object(event) && json_is_string(json_object_get(event, "event_id")));
    buf_add(arg, json, length);
}

static void add_row(const struct import_source *source, struct csv *csv, uint64_t row,
                    struct buf *out)
{
    struct fault fault = {0};
    size_t before = out->length;
    buf_printf(out, "%llu:", (unsigned long long)csv_line(csv));
    for (size_t i = 0; i < csv_count(csv); i++)
        buf_printf(out, "<%s>", csv_field(csv, i));
    size_t fields = out->length;
    if (import_row(source, csv, row, add_event, out, &fault) != ERR_OK)
        must(fault.code == ERR_INVALID && fault.detail[0] && out->length == fields);
    must(out->length > before);
}

/* Everything the file says, as one text. */
static void read_all(const char *mapping, size_t mapping_bytes, struct source file, struct buf *out)
{
    struct fault fault = {0};
    buf_add_str(out, "");
    auto_free char *text = mem_alloc(mapping_bytes + 1);
    memcpy(text, mapping, mapping_bytes);
    struct mapping *m = mapping_read(text, mapping_bytes, &fault);
    if (!m)
        return;
    struct import_source source = {.mapping = m, .currency = "EUR", .phase = 1};
    struct csv *csv = csv_new(read_some, &file, ',');
    enum csv_step step = csv_next(csv, &fault);
    const char *names[CSV_FIELDS];
    size_t columns = step == CSV_RECORD ? csv_count(csv) : 0;
    for (size_t i = 0; i < columns; i++)
        names[i] = csv_field(csv, i);
    bool is_bound = columns > 0 && mapping_bind(m, names, columns, &fault) == ERR_OK;
    for (uint64_t row = 1; is_bound && (step = csv_next(csv, &fault)) != CSV_END; row++) {
        must(step != CSV_FAILED);
        if (step == CSV_BAD)
            buf_printf(out, "!%s", fault.detail);
        else if (csv_count(csv) == columns)
            add_row(&source, csv, row, out);
    }
    csv_free(csv);
    mapping_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char line[] = "\n---\n";
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1, *mapping = MAPPING;
    size_t mapping_bytes = sizeof(MAPPING) - 1;
    struct source file = {.text = text, .length = size - 1, .step = SIZE_MAX};
    const char *found = memmem(text, size - 1, line, sizeof(line) - 1);
    if (found) {
        mapping = text;
        mapping_bytes = (size_t)(found - text);
        file.text = found + sizeof(line) - 1;
        file.length = size - 1 - mapping_bytes - (sizeof(line) - 1);
    }
    auto_buf struct buf whole = {0}, pieces = {0};
    read_all(mapping, mapping_bytes, file, &whole);
    file.step = (size_t)data[0] + 1;
    read_all(mapping, mapping_bytes, file, &pieces);
    must(strcmp(whole.data, pieces.data) == 0);
    return 0;
}
