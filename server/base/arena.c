// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

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
    return b;
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
        mem_free(b);
    }
    a->used = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    mem_free(a->newest);
    mem_free(a);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    must(bytes < SIZE_MAX / 2);
    bytes = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (bytes > a->newest->size - a->used) {
        size_t size = a->newest->size * 2 < BLOCK_LIMIT ? a->newest->size * 2 : BLOCK_LIMIT;
        a->newest = block_new(bytes > size ? bytes : size, a->newest);
        a->used = 0;
    }
    void *p = a->newest->data + a->used;
    a->used += bytes;
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
