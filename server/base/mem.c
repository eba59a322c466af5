// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void mem_die(const char *why)
{
    (void)!write(STDERR_FILENO, why, strlen(why));
    (void)!write(STDERR_FILENO, "\n", 1);
    abort();
}

void *mem_alloc(size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);
    if (!p)
        mem_die("out of memory");
    return p;
}

void *mem_zalloc(size_t bytes)
{
    void *p = calloc(1, bytes ? bytes : 1);
    if (!p)
        mem_die("out of memory");
    return p;
}

void *mem_realloc(void *old, size_t bytes)
{
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p)
        mem_die("out of memory");
    return p;
}

char *mem_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(mem_alloc(n), s, n);
}

void mem_free(void *p)
{
    free(p);
}

void mem_cleanup_free(void *p)
{
    mem_free(*(void **)p);
}
