// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* An address sanitizer knows only whole blocks: it is told what of them is given away, and that
 * nothing stands between two pieces. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_WATCHED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define IS_WATCHED 1
#endif
#ifdef IS_WATCHED
#include <sanitizer/asan_interface.h>
#define REDZONE 16u
#else
#define ASAN_POISON_MEMORY_REGION(from, bytes)   ((void)(from), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(from, bytes) ((void)(from), (void)(bytes))
#define REDZONE                                  0u
#endif

#define ALIGN       16u
#define BLOCK_LIMIT (1024u * 1024u)

struct block {
    struct block *next;
    size_t size;
    _Alignas(ALIGN) unsigned char data[];
};

struct arena {
    struct block *newest;
    size_t used;
};

static struct block *block_new(size_t size, struct block *next)
{
    struct block *b = mem_alloc(sizeof(*b) + size);
    b->next = next;
    b->size = size;
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

static void block_free(struct block *b)
{
    ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
    mem_free(b);
}

struct arena *arena_new(size_t first_bytes)
{
    struct arena *a = mem_zalloc(sizeof(*a));
    a->newest = block_new(first_bytes ? first_bytes : 4096, NULL);
    return a;
}

void arena_reset(struct arena *a)
{
    while (a->newest->next) {
        struct block *b = a->newest;
        a->newest = b->next;
        block_free(b);
    }
    ASAN_POISON_MEMORY_REGION(a->newest->data, a->newest->size);
    a->used = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    block_free(a->newest);
    mem_free(a);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    must(bytes < SIZE_MAX / 2);
    size_t asked = bytes;
    bytes = (bytes + REDZONE + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (bytes > a->newest->size - a->used) {
        size_t size = a->newest->size * 2 < BLOCK_LIMIT ? a->newest->size * 2 : BLOCK_LIMIT;
        a->newest = block_new(bytes > size ? bytes : size, a->newest);
        a->used = 0;
    }
    void *p = a->newest->data + a->used;
    a->used += bytes;
    ASAN_UNPOISON_MEMORY_REGION(p, asked);
    return p;
}

void *arena_zalloc(struct arena *a, size_t bytes)
{
    return memset(arena_alloc(a, bytes), 0, bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t length)
{
    char *copy = arena_alloc(a, length + 1);
    if (length)
        memcpy(copy, s, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    must(n >= 0);
    char *s = arena_alloc(a, (size_t)n + 1);
    vsnprintf(s, (size_t)n + 1, format, again);
    va_end(again);
    return s;
}

void arena_cleanup_free(struct arena **a)
{
    arena_free(*a);
}
