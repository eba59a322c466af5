// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The price of a decision without HTTP: the snapshot an edge reads and the questions wrk sends, in
 * this process. Arguments: the snapshot's document, the questions (one on each line), rounds.
 * Prints one line of JSON; 'checksum' shows that decisions were made.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "decide/decide.h"
#include "decide/question.h"

#include <stdio.h>
#include <stdlib.h>

#define QUESTIONS_MAX 10000

static void read_file(const char *path, struct buf *ret)
{
    FILE *file = fopen(path, "r");
    size_t n;
    if (!file)
        mem_die(path);
    do {
        n = fread(buf_reserve(ret, 65536), 1, 65536, file);
        ret->length += n;
    } while (n > 0);
    buf_add(ret, "", 0);
    fclose(file);
}

static size_t read_questions(struct arena *arena, const struct snapshot *e, char *text,
                             struct question *asked)
{
    size_t count = 0;
    struct fault fault;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        must(count < QUESTIONS_MAX);
        if (question_read(&asked[count++], arena, e, line, strlen(line), &fault))
            mem_die(fault.detail);
    }
    return count;
}

static unsigned ask(struct arena *arena, const struct snapshot *e, const struct question *q)
{
    struct decide d;
    unsigned sum = 0;
    decide_init(&d, arena, e, q->visitor_id, q->attributes, clock_wall_us());
    decide_hash_all(&d, arena);
    for (size_t i = 0; i < e->running_count; i++)
        sum += (unsigned)(decide_campaign(&d, e->running[i]).variant + 1);
    arena_reset(arena);
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
    auto_buf struct buf document = {0}, lines = {0};
    static struct question asked[QUESTIONS_MAX];
    struct fault fault;
    if (argc != 4)
        return 2;
    read_file(argv[1], &document);
    read_file(argv[2], &lines);
    struct snapshot *s = snapshot_compile(1, document.data, document.length, &fault);
    if (!s)
        mem_die(fault.detail);
    auto_arena struct arena *arena = arena_new(0), *kept = arena_new(0);
    size_t count = read_questions(kept, s, lines.data, asked), rounds = (size_t)atoi(argv[3]);
    must(rounds > 0 && count > 0 && s->running_count > 0);
    double *ns = mem_zalloc(rounds * sizeof(*ns));
    unsigned checksum = 0;
    for (size_t round = 0; round < rounds; round++) {
        int64_t begun_us = clock_mono_us();
        for (size_t i = 0; i < count; i++)
            checksum += ask(arena, s, &asked[i]);
        ns[round] =
            (double)(clock_mono_us() - begun_us) * 1000 / (double)(count * s->running_count);
    }
    qsort(ns, rounds, sizeof(*ns), compare);
    printf("{\"decision_ns\":%.1f,\"lowest_ns\":%.1f,\"decisions\":%zu,\"checksum\":%u}\n",
           ns[rounds / 2], ns[0], rounds * count * s->running_count, checksum);
    mem_free(ns);
    for (size_t i = 0; i < count; i++)
        question_done(&asked[i]);
    snapshot_unref(s);
    return 0;
}
