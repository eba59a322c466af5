// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A JSON value as JavaScript sees it when it compares, converts and prints: conditions are also
 * evaluated in browsers, and both must answer alike. Numbers are doubles; a whole one
 * that no double holds is known exactly beside, where a browser has lost it already. Nothing here
 * allocates but the text of an array.
 */
#pragma once

#include "base/text.h"
#include "model/condition/condition_number.h"

#include <jansson.h>

enum condition_kind {
    CONDITION_NULL,
    CONDITION_BOOLEAN,
    CONDITION_NUMBER,
    CONDITION_STRING,
    CONDITION_ARRAY,
    CONDITION_OBJECT,
};

struct condition_value {
    enum condition_kind kind;
    double number;    /* of a number; 0 or 1 of a boolean */
    json_int_t whole; /* of a number beyond 2^53 that was written without fraction; else 0 */
    const char *text; /* of a string: borrowed UTF-8, 'length' bytes and a NUL */
    size_t length;
    const json_t *tree; /* of an array or object: borrowed */
};

/* NULL (a missing value) is null. */
struct condition_value condition_value_of(const json_t *value);

/* A part of a dotted path. */
struct condition_step {
    const char *key;
    size_t index; /* in an array, SIZE_MAX where the key is no index */
};

/* What an object has under the key, an array at the index (or as its length); else null. */
struct condition_value condition_value_at(const struct condition_value *from,
                                          const struct condition_step *step);

bool condition_value_is_true(const struct condition_value *v);
/* Converts as `value * 1` does: to NaN where the text is no number. */
double condition_value_number(const struct condition_value *v);

/* Returns the same as a value of kind CONDITION_NUMBER, with its whole. */
struct condition_value condition_value_as_number(const struct condition_value *v);
/* A number that was read as a whole one. */
struct condition_value condition_value_of_whole(json_int_t whole);
/* -1, 0, 1 of two numbers, neither NaN. */
int condition_value_compare(const struct condition_value *a, const struct condition_value *b);
/* Prints a number: its whole digit by digit, any other as condition_number_format does. */
void condition_value_format(const struct condition_value *v, char out[CONDITION_NUMBER_SIZE]);

/* As `value + ""`: "null", "1.5", "a,b", "[object Object]". */
struct condition_text {
    const char *s;
    size_t length;
    char digits[CONDITION_NUMBER_SIZE];
    struct buf joined;
};

/* Fills *ret, which borrows from *v; done with condition_text_done. */
void condition_text_of(const struct condition_value *v, struct condition_text *ret);
/* The same, but an array's text may end where it is longer than 'most' bytes: then its length is
 * more than that, and it may end within a character. What it is compared with bounds the work. */
void condition_text_within(const struct condition_value *v, size_t most,
                           struct condition_text *ret);
/* The text that stands for a version: of a number its digits, "0" for anything but text and
 * numbers.
 */
void condition_version_of(const struct condition_value *v, struct condition_text *ret);
void condition_text_done(struct condition_text *t);
#define auto_condition_text __attribute__((cleanup(condition_text_done)))

/* <0, 0, >0 in the order of UTF-16 code units, which is not that of UTF-8 bytes: characters past
 * U+FFFF stand before U+E000. */
int condition_text_compare(const char *a, size_t a_length, const char *b, size_t b_length);
