// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/watch/watch_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct usage {
    double cpu_seconds;
    double resident_bytes;
};

/* The command's name, in parentheses, can hold anything: fields are counted from its end. */
static bool read_usage(int pid, struct usage *ret)
{
    char path[64], line[1024];
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(line, sizeof(line), file);
    if (file)
        fclose(file);
    const char *rest = is_read ? strrchr(line, ')') : NULL;
    unsigned long long user, kernel;
    long long pages;
    if (!rest || sscanf(rest + 1,
                        " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d"
                        " %*d %*d %*u %*u %lld",
                        &user, &kernel, &pages) != 3)
        return false;
    ret->cpu_seconds = (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
    ret->resident_bytes = (double)pages * (double)sysconf(_SC_PAGESIZE);
    return true;
}

void watch_write_processes(struct buf *b, struct counter_page *page)
{
    static const char cpu[] = "mete_process_cpu_seconds_total";
    static const char memory[] = "mete_process_resident_memory_bytes";
    struct usage usages[COUNTER_SLOTS] = {0};
    bool is_read[COUNTER_SLOTS];
    for (size_t i = 0; i < COUNTER_SLOTS; i++) {
        int pid = atomic_load(&page->slots[i].pid);
        is_read[i] = pid > 0 && read_usage(pid, &usages[i]);
    }
    for (int what = 0; what < 2; what++) {
        watch_text_head(b, what ? memory : cpu, what ? "gauge" : "counter",
                        what ? "Memory that a process holds." : "Processor time of a process.");
        for (size_t i = 0; i < COUNTER_SLOTS; i++) {
            char label[64];
            snprintf(label, sizeof(label), "process=\"%s\"", page->slots[i].name);
            if (is_read[i])
                watch_text_sample(b, what ? memory : cpu, label,
                                  what ? usages[i].resident_bytes : usages[i].cpu_seconds);
        }
    }
}
