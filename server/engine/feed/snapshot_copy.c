// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/feed/snapshot_copy.h"

#include "base/mem.h"
#include "base/process/log.h"
#include "base/text.h"
#include "engine/feed/snapshot_file.h"
#include "engine/feed/snapshot_pack.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

struct snapshot_copy {
    struct thread_pool *pool;
    char *path;
};

/* A file to be written or, without a document, removed. */
struct keeping {
    char *path;
    int64_t version;
    char *document;
    enum err err;
    struct fault fault;
};

struct snapshot_copy *snapshot_copy_new(struct thread_pool *pool, const char *path)
{
    struct snapshot_copy *c = mem_zalloc(sizeof(*c));
    c->pool = pool;
    c->path = mem_strdup(path);
    return c;
}

void snapshot_copy_free(struct snapshot_copy *c)
{
    if (c)
        mem_free(c->path);
    mem_free(c);
}

static void read_one(const char *path, snapshot_copy_fn *fn, void *arg)
{
    struct fault fault;
    int64_t version;
    auto_free char *document = NULL;
    enum err e = snapshot_file_read(path, &version, &document, &fault);
    struct snapshot *kept =
        e ? NULL : snapshot_compile(version, document, strlen(document), &fault);
    if (kept) {
        snapshot_pack(kept);
        fn(arg, kept);
    } else {
        log_warn("the kept snapshot is not used: %s", fault.detail);
    }
}

static bool is_copy(const char *path, size_t prefix)
{
    const char *id = path + prefix + 1;
    return *id && strspn(id, "0123456789") == strlen(id);
}

void snapshot_copy_read_all(struct snapshot_copy *c, snapshot_copy_fn *fn, void *arg)
{
    auto_buf struct buf pattern = {0};
    glob_t found = {0};
    buf_printf(&pattern, "%s.*", c->path);
    if (glob(pattern.data, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            if (is_copy(found.gl_pathv[i], strlen(c->path)))
                read_one(found.gl_pathv[i], fn, arg);
    globfree(&found);
}

static void work_keep(void *arg)
{
    struct keeping *k = arg;
    if (k->document)
        k->err =
            snapshot_file_write(k->path, k->version, k->document, strlen(k->document), &k->fault);
    else
        unlink(k->path);
}

static void on_kept(void *arg)
{
    struct keeping *k = arg;
    if (k->err)
        log_warn("snapshot not kept on disk: %s", k->fault.detail);
    mem_free(k->document);
    mem_free(k->path);
    mem_free(k);
}

static struct keeping *keeping_of(const struct snapshot_copy *c, int environment_id)
{
    auto_buf struct buf path = {0};
    buf_printf(&path, "%s.%d", c->path, environment_id);
    struct keeping *k = mem_zalloc(sizeof(*k));
    k->path = mem_strdup(path.data);
    return k;
}

void snapshot_copy_keep(struct snapshot_copy *c, int environment_id, int64_t version,
                        const char *document)
{
    struct keeping *k = keeping_of(c, environment_id);
    k->version = version;
    k->document = mem_strdup(document);
    thread_pool_send(c->pool, work_keep, on_kept, k);
}

void snapshot_copy_drop(struct snapshot_copy *c, int environment_id)
{
    thread_pool_send(c->pool, work_keep, on_kept, keeping_of(c, environment_id));
}
