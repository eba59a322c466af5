// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The compiled form of a condition: a tree of tests, each asked about one value. Made by
 * condition_compile and condition_operator, read by condition_match; nobody else includes it.
 */
#pragma once

#include "model/condition/condition.h"
#include "model/condition/regex.h"

enum condition_test {
    CONDITION_NEVER,
    CONDITION_ALL_OF,  /* children */
    CONDITION_ANY_OF,  /* children; none: true */
    CONDITION_AT,      /* path; the one child is asked about its value */
    CONDITION_AT_SLOT, /* the same, from an attribute's slot on */
    CONDITION_TEXT_IS,
    CONDITION_NUMBER_IS,
    CONDITION_BOOLEAN_IS,
    CONDITION_NULL_IS,
    CONDITION_JSON_IS,
    CONDITION_EQUALS,
    CONDITION_LESS, /* of values without order none of the four is true */
    CONDITION_LESS_EQUAL,
    CONDITION_GREATER,
    CONDITION_GREATER_EQUAL,
    CONDITION_EXISTS,
    CONDITION_IN_LIST,
    CONDITION_IN_GROUP,
    CONDITION_SIZE,      /* the one child, asked about the number of items */
    CONDITION_SOME_ITEM, /* the one child, asked about each item that is true */
    CONDITION_EACH_IN,   /* every child matches some item */
    CONDITION_PATTERN,
    CONDITION_KIND_IS, /* 'kind' */
    CONDITION_VERSION_EQUAL,
    CONDITION_VERSION_LESS,
    CONDITION_VERSION_LESS_EQUAL,
    CONDITION_VERSION_GREATER,
    CONDITION_VERSION_GREATER_EQUAL,
    CONDITION_TEST_COUNT
};

/* A JSON value kept in the arena. */
struct condition_literal {
    struct condition_value value; /* arrays and objects have no tree, but 'count' items */
    size_t count;
    const struct condition_literal *items;
    const char *const *keys; /* of an object */
};

/* The values of $in: strings sorted by length and bytes, then everything else. */
struct condition_list {
    const struct condition_value *items;
    size_t string_count;
    size_t count;
};

struct condition_path {
    const struct condition_step *steps;
    size_t count;
};

struct condition_node {
    enum condition_test test;
    bool is_negated;
    bool is_insensitive;
    unsigned count; /* of children */
    unsigned slot;
    const struct condition_node *children;
    union {
        struct {
            struct condition_value operand;
            int64_t moment_us; /* of an order: when the operand is; -1: it is no moment */
        };
        const struct condition_literal *literal;
        struct condition_list list;
        struct condition_path path;
        const struct regex *regex;
        enum condition_kind kind;
    };
};

struct condition {
    struct condition_node root;
    const struct condition_names *names;
};

/* A compilation under way. */
struct condition_compiler {
    struct arena *arena;
    struct condition_names *names; /* NULL: not among the attributes now, but in one of them */
    bool is_strict;
    unsigned depth;
    unsigned nodes;
    char pointer[256];
    struct fault *fault;
};

/* The test that a value makes: plain, or an object of operators. */
enum err condition_compile_value(struct condition_compiler *c, const json_t *condition,
                                 bool is_insensitive, struct condition_node *ret) must_use;
/* The test that an object of fields makes. */
enum err condition_compile_object(struct condition_compiler *c, const json_t *condition,
                                  struct condition_node *ret) must_use;
/* Makes one child for each item, by either of the two above. */
enum err condition_compile_items(struct condition_compiler *c, const json_t *array, bool as_objects,
                                 bool is_insensitive, struct condition_node *ret) must_use;
/* Makes the test of one operator with its operand. */
enum err condition_compile_operator(struct condition_compiler *c, const char *name,
                                    const json_t *operand, struct condition_node *ret) must_use;
/* In strict mode returns a fault with this sentence at the current pointer; in lenient mode makes a
 * test that is never true. */
enum err condition_refuse(struct condition_compiler *c, struct condition_node *ret,
                          const char *sentence) must_use;
/* Whether every key begins with '$', and there is one. */
bool condition_is_operators(const json_t *object);
/* Steps into a member of the condition; the result goes back to condition_leave. */
size_t condition_enter_key(struct condition_compiler *c, const char *key);
size_t condition_enter_index(struct condition_compiler *c, size_t index);
void condition_leave(struct condition_compiler *c, size_t mark);
/* Counts a level or a number of values against the limits. */
enum err condition_count(struct condition_compiler *c, size_t nodes) must_use;
