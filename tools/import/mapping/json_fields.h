// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Objects of a file that a person wrote, read by a const table: each field has a name, a kind and a
 * place. Unknown fields, wrong kinds and missing ones are refused with their JSON pointer.
 */
#pragma once

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum json_field_kind {
    JSON_FIELD_STRING, /* const char *, not empty; lives as long as the document */
    JSON_FIELD_NUMBER, /* double; presence is told by JSON_FIELD_ANY if it matters */
    JSON_FIELD_FLAG,   /* bool */
    JSON_FIELD_OBJECT, /* json_t *, borrowed */
    JSON_FIELD_ARRAY,  /* json_t *, borrowed */
    JSON_FIELD_ANY     /* json_t *, borrowed */
};

struct json_field {
    const char *name;
    enum json_field_kind kind;
    bool is_required;
    size_t offset;
};

/* Reads 'object' (which may be NULL: all fields absent) into 'to'; absent fields leave 'to' as it
 * is. 'pointer' says where the object stands. */
enum err json_fields_read(const json_t *object, const struct json_field *fields, size_t count,
                          const char *pointer, void *to, struct fault *ret_fault) must_use;
