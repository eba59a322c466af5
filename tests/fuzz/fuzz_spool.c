// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What an edge finds in its spool at its start. The first byte says what the others are: 0: one
 * record. Else they are written over a good file (1) or its log (2), at the place that the next
 * three bytes name; 3: they are the file. Whatever a file holds, it opens, what is read of it is
 * read in order, and it takes what comes.
 */
#include "base/mem.h"
#include "base/text.h"
#include "engine/ingest/ingest_record.h"
#include "io/spool/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM (64 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];
static char path[96], log_path[112];
static struct buf good, good_log;

static void remove_all(void)
{
    DIR *d = opendir(folder);
    must(d);
    for (struct dirent *entry; (entry = readdir(d));)
        if (entry->d_name[0] != '.')
            must(unlinkat(dirfd(d), entry->d_name, 0) == 0);
    closedir(d);
}

static void leave(void)
{
    remove_all();
    (void)rmdir(folder);
    buf_done(&good);
    buf_done(&good_log);
}

static void read_file(const char *name, struct buf *out)
{
    FILE *f = fopen(name, "rb");
    must(f);
    for (size_t n; (n = fread(buf_reserve(out, 65536), 1, 65536, f)) > 0;)
        out->length += n;
    fclose(f);
}

static void write_file(const char *name, const struct buf *bytes, const uint8_t *over, size_t at,
                       size_t length)
{
    int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    must(fd >= 0 && pwrite(fd, bytes->data, bytes->length, 0) == (ssize_t)bytes->length);
    must(length == 0 || pwrite(fd, over, length, (off_t)at) == (ssize_t)length);
    close(fd);
}

static enum err append(struct spool *s, const char *bytes, size_t length)
{
    struct fault fault;
    return spool_append(
        s, &(struct spool_record){.at_us = 1, .items = 1, .bytes = bytes, .length = length},
        &fault);
}

/* A file and its log, as a process leaves them that is killed. */
static void start(void)
{
    struct fault fault;
    strcpy(folder,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz-spool-XXXXXX" : "/tmp/fuzz-spool-XXXXXX");
    must(mkdtemp(folder) && atexit(leave) == 0);
    snprintf(path, sizeof(path), "%s/s.db", folder);
    snprintf(log_path, sizeof(log_path), "%s-wal", path);
    struct spool *s = spool_new(path, ROOM);
    must(append(s, "first", 6) == ERR_OK);
    spool_free(s);
    s = spool_new(path, ROOM);
    must(spool_open(s, &fault) == ERR_OK);
    for (int i = 0; i < 3; i++)
        must(append(s, "another", 8) == ERR_OK);
    read_file(path, &good);
    read_file(log_path, &good_log);
    spool_free(s);
    remove_all();
}

struct found {
    int64_t last_id;
    bool has_mark;
};

static bool on_record(void *arg, const struct spool_record *r)
{
    struct found *f = arg;
    must(r->id > f->last_id);
    f->last_id = r->id;
    f->has_mark = r->length == 5 && memcmp(r->bytes, "mark", 5) == 0;
    auto_arena struct arena *arena = arena_new(0);
    size_t count;
    (void)ingest_record_read(arena, r->bytes, r->length, &count);
    return true;
}

static void open_and_go_on(void)
{
    struct fault fault;
    struct found f = {.last_id = INT64_MIN};
    struct spool *s = spool_new(path, ROOM);
    must(spool_open(s, &fault) == ERR_OK);
    (void)spool_take_news(s);
    must(append(s, "mark", 5) == ERR_OK);
    must(spool_read(s, INT64_MIN, on_record, &f, &fault) == ERR_OK);
    must(f.has_mark);
    spool_forget(s, f.last_id);
    must(spool_state(s).records == 0);
    spool_free(s);
    remove_all();
}

/* What is read of a record makes the same record. */
static void check_record(const uint8_t *data, size_t size)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf again = {0};
    size_t count = 0;
    struct ingest_request *requests = ingest_record_read(arena, data, size, &count);
    for (size_t i = 0; requests && i < count; i++)
        for (size_t j = 0; j < requests[i].count; j++)
            ingest_record_add(&again, &(struct ingest_row){.request = &requests[i], .index = j});
    must(!requests || (again.length == size && memcmp(again.data, data, size) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct buf nothing = {0};
    if (!folder[0])
        start();
    if (size < 5)
        return 0;
    unsigned what = data[0] % 4;
    size_t place = (size_t)data[1] | (size_t)data[2] << 8 | (size_t)data[3] << 16;
    if (what == 0) {
        check_record(data + 1, size - 1);
        return 0;
    }
    size -= 4;
    data += 4;
    if (what == 3)
        write_file(path, &nothing, data, 0, size);
    else
        write_file(path, &good, data, what == 1 ? place % good.length : 0, what == 1 ? size : 0);
    if (what != 3)
        write_file(log_path, &good_log, data, what == 2 ? place % good_log.length : 0,
                   what == 2 ? size : 0);
    open_and_go_on();
    return 0;
}
