// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Short words for the rows of shapes. Each table defines OF, the struct it is of; a row whose kind
 * does not fit its member's type does not compile.
 */
#pragma once

#include "base/json/shape.h"
#include "stats/stats.h"

#define OFFSET(member_, type_)                                                                     \
    .offset = offsetof(OF, member_) + 0 * sizeof(char[_Generic(((OF *)NULL)->member_, type_ : 1)])
#define ROW(kind_, type_, name_, member_, meaning_, ...)                                           \
    {                                                                                              \
        .name = name_, .kind = kind_, OFFSET(member_, type_), .meaning = meaning_, __VA_ARGS__     \
    }

#define FIXED(name_, word_, meaning_)                                                              \
    {                                                                                              \
        .name = name_, .kind = SHAPE_FIXED, .words = (const char *const[]){word_, NULL},           \
        .meaning = meaning_                                                                        \
    }
#define TEXT(name_, member_, meaning_, ...)                                                        \
    ROW(SHAPE_TEXT, const char *, name_, member_, meaning_, __VA_ARGS__)
/* A char array in the struct. */
#define TEXT_IN_PLACE(name_, member_, meaning_) ROW(SHAPE_CHARS, char *, name_, member_, meaning_)
#define TIME(name_, member_, meaning_, ...)                                                        \
    ROW(SHAPE_TIME, const char *, name_, member_, meaning_, __VA_ARGS__)
#define DIGITS(name_, member_, meaning_, ...)                                                      \
    ROW(SHAPE_DIGITS, const char *, name_, member_, meaning_, __VA_ARGS__)
#define JSON(name_, member_, meaning_, ...)                                                        \
    ROW(SHAPE_JSON, const char *, name_, member_, meaning_, __VA_ARGS__)
#define ONE_OF(name_, member_, meaning_, ...)                                                      \
    ROW(SHAPE_TEXT, const char *, name_, member_, meaning_,                                        \
        .words = (const char *const[]){__VA_ARGS__, NULL})
#define WORD(name_, member_, meaning_, ...)                                                        \
    ROW(SHAPE_WORD, unsigned, name_, member_, meaning_,                                            \
        .words = (const char *const[]){__VA_ARGS__, NULL})
#define CHOICE(name_, member_, meaning_, no_, yes_)                                                \
    ROW(SHAPE_CHOICE, bool, name_, member_, meaning_,                                              \
        .words = (const char *const[]){no_, yes_, NULL})
#define STATUS(name_, member_, meaning_)                                                           \
    ROW(SHAPE_STATUS, unsigned, name_, member_, meaning_, .word = shape_status)
#define BOOL(name_, member_, meaning_)  ROW(SHAPE_BOOL, bool, name_, member_, meaning_)
#define INT(name_, member_, meaning_)   ROW(SHAPE_INT, int, name_, member_, meaning_)
#define LONG(name_, member_, meaning_)  ROW(SHAPE_LONG, int64_t, name_, member_, meaning_)
#define COUNT(name_, member_, meaning_) ROW(SHAPE_COUNT, uint64_t, name_, member_, meaning_)
#define DOUBLE(name_, member_, meaning_, ...)                                                      \
    ROW(SHAPE_DOUBLE, double, name_, member_, meaning_, __VA_ARGS__)
#define NUMBER(name_, member_, meaning_, ...)                                                      \
    ROW(SHAPE_NUMBER, struct stats_number, name_, member_, meaning_, __VA_ARGS__)
#define INTERVAL(name_, member_, meaning_, ...)                                                    \
    ROW(SHAPE_INTERVAL, struct stats_interval, name_, member_, meaning_, __VA_ARGS__)
/* Part of the same struct, or a struct of its own in it. */
#define SELF(name_, of_, meaning_)                                                                 \
    {                                                                                              \
        .name = name_, .kind = SHAPE_OBJECT, .of = of_, .meaning = meaning_                        \
    }
#define INSIDE(name_, type_, member_, of_, meaning_, ...)                                          \
    ROW(SHAPE_OBJECT, type_, name_, member_, meaning_, .of = of_, __VA_ARGS__)
/* The member is a pointer: what it does not point to is left out, or null. */
#define MAYBE(name_, type_, member_, of_, meaning_)                                                \
    INSIDE(name_, type_, member_, of_, meaning_, .marks = SHAPE_AT | SHAPE_OPTIONAL)
#define OR_NULL(name_, type_, member_, of_, meaning_, ...)                                         \
    INSIDE(name_, type_, member_, of_, meaning_, .marks = SHAPE_AT | SHAPE_NULLABLE, __VA_ARGS__)
/* The members of a struct, in place. */
#define MEMBERS(type_, member_, of_, ...)                                                          \
    ROW(SHAPE_MEMBERS, type_, "", member_, NULL, .of = of_, __VA_ARGS__)
#define LIST(name_, type_, member_, count_, of_, meaning_)                                         \
    ROW(SHAPE_LIST, type_, name_, member_, meaning_, .of = of_, .count = offsetof(OF, count_))
#define TEXTS(name_, member_, count_, meaning_)                                                    \
    ROW(SHAPE_TEXTS, const char *const *, name_, member_, meaning_, .count = offsetof(OF, count_))

#define HAS(member_)                                                                               \
    .has = offsetof(OF, member_) + 0 * sizeof(char[_Generic(((OF *)NULL)->member_, bool : 1)])
#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

/* Of the sums of one arm, of a comparison, of a metric, and of interactions. */
extern const struct shape results_arm_shape, results_effect_shape, results_impact_shape,
    results_metric_shape, results_insight_shape, results_interaction_shape, results_joint_shape,
    results_look_arm_shape;

/* Returns the word for a status of stats/. */
const char *shape_status(unsigned status);
