// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The heap. Out of memory ends the process (the supervisor restarts it): in return no caller checks
 * for NULL, and everything a user can make grow has a limit elsewhere.
 */
#pragma once

#include <stddef.h>

void *mem_alloc(size_t bytes) __attribute__((malloc, returns_nonnull, alloc_size(1)));
void *mem_zalloc(size_t bytes) __attribute__((malloc, returns_nonnull, alloc_size(1)));
/* Grows or shrinks what p points to. As with realloc, the old pointer holds no more. */
void *mem_realloc(void *p, size_t bytes) __attribute__((returns_nonnull, alloc_size(2)));
char *mem_strdup(const char *s) __attribute__((malloc, returns_nonnull));
void mem_free(void *p);
/* Writes one line to stderr and aborts: for broken promises, and when memory runs out. */
void mem_die(const char *why) __attribute__((noreturn));

/* assert() that stays on in release builds: a broken promise must not go on to write data. */
#define must(condition) ((condition) ? (void)0 : mem_die("promise broken: " #condition))

void mem_cleanup_free(void *p);
/* cleanup attribute: frees a heap pointer at the end of its block */
#define auto_free __attribute__((cleanup(mem_cleanup_free)))
