// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/lib/fence.h"

#include "base/mem.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(from, bytes)   ((void)(from), (void)(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(from, bytes) ((void)(from), (void)(bytes))
#endif

static char *open_memory(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory =
        mmap(NULL, FENCE_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED && FENCE_BYTES % page == 0);
    must(mprotect(memory + FENCE_BYTES, page, PROT_NONE) == 0);
    return memory;
}

char *fence_copy(const void *bytes, size_t length)
{
    static char *memory;
    must(length <= FENCE_BYTES);
    if (!memory)
        memory = open_memory();
    char *copy = memory + FENCE_BYTES - length;
    ASAN_UNPOISON_MEMORY_REGION(memory, FENCE_BYTES);
    memcpy(copy, bytes, length);
    ASAN_POISON_MEMORY_REGION(memory, FENCE_BYTES - length);
    return copy;
}
