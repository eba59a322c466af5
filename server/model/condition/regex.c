// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/condition/regex.h"

#include "model/condition/regex_translate.h"

#include "base/mem.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>

/* A search that needs more is given up: about five milliseconds, one megabyte. */
#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 10000
#define HEAP_KIB    1024

struct regex {
    const pcre2_code *code;
};

static void *arena_malloc(PCRE2_SIZE bytes, void *arena)
{
    return arena_alloc(arena, bytes);
}

static void arena_ignore(void *p, void *arena)
{
    (void)p;
    (void)arena;
}

const struct regex *regex_compile(struct arena *a, const char *pattern, size_t length,
                                  bool is_insensitive, struct fault *ret_fault)
{
    if (length > REGEX_PATTERN_BYTES) {
        fault_set(ret_fault, ERR_TOO_LARGE, "", "the pattern is longer than %d bytes",
                  REGEX_PATTERN_BYTES);
        return NULL;
    }
    auto_buf struct buf translated = {0};
    if (regex_translate(pattern, length, &translated, ret_fault))
        return NULL;
    pcre2_general_context *memory = pcre2_general_context_create(arena_malloc, arena_ignore, a);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    uint32_t flags = PCRE2_UTF | PCRE2_MATCH_UNSET_BACKREF;
    int code;
    PCRE2_SIZE at;
    struct regex *regex = arena_alloc(a, sizeof(*regex));
    regex->code = pcre2_compile((PCRE2_SPTR)translated.data, translated.length,
                                flags | (is_insensitive ? PCRE2_CASELESS : 0), &code, &at, context);
    if (regex->code)
        return regex;
    PCRE2_UCHAR why[128];
    pcre2_get_error_message(code, why, sizeof(why));
    fault_set(ret_fault, ERR_INVALID, "", "not a usable regular expression: %s", (char *)why);
    return NULL;
}

/* One for each thread, made at the first search: a compiled condition stays immutable. */
struct scratch {
    pcre2_match_context *limits;
    pcre2_match_data *data;
};

static pthread_key_t scratch_key;

static void scratch_end(void *arg)
{
    struct scratch *scratch = arg;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->limits);
}

static void scratch_key_make(void)
{
    must(pthread_key_create(&scratch_key, scratch_end) == 0);
}

static struct scratch *scratch_get(void)
{
    static _Thread_local struct scratch scratch;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!scratch.limits) {
        must(pthread_once(&once, scratch_key_make) == 0);
        must(pthread_setspecific(scratch_key, &scratch) == 0);
        scratch.limits = pcre2_match_context_create(NULL);
        scratch.data = pcre2_match_data_create(1, NULL);
        must(scratch.limits && scratch.data);
        pcre2_set_match_limit(scratch.limits, MATCH_LIMIT);
        pcre2_set_depth_limit(scratch.limits, DEPTH_LIMIT);
        pcre2_set_heap_limit(scratch.limits, HEAP_KIB);
    }
    return &scratch;
}

int regex_search(const struct regex *regex, const char *text, size_t length)
{
    struct scratch *scratch = scratch_get();
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK,
                            scratch->data, scratch->limits);
    if (found >= 0)
        return 1;
    return found == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
