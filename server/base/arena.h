// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Memory that dies together: one arena per request, per batch, per snapshot. Allocation is a
 * pointer bump, nothing is freed alone. All memory is aligned for any type. Blocks double up to 1
 * MiB.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* 'first_bytes' is the size of the first block (0: 4 KiB). Returns a new arena; free with
 * arena_free. */
struct arena *arena_new(size_t first_bytes);
void arena_free(struct arena *a);
/* Forgets everything but keeps the first block: for reuse between requests. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t bytes) __attribute__((returns_nonnull, alloc_size(2)));
void *arena_zalloc(struct arena *a, size_t bytes) __attribute__((returns_nonnull, alloc_size(2)));
/* Copies 'length' bytes and adds a NUL. */
char *arena_strndup(struct arena *a, const char *s, size_t length) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *a, const char *s) __attribute__((returns_nonnull));
char *arena_printf(struct arena *a, const char *format, ...)
    __attribute__((returns_nonnull, nonnull(2), format(printf, 2, 3)));

void arena_cleanup_free(struct arena **a);
/* cleanup attribute for a 'struct arena *' local */
#define auto_arena __attribute__((cleanup(arena_cleanup_free)))
