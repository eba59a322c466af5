// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/backup.h"
#include "tools/cli/mete.h"
#include "tools/cli/progress.h"
#include "tools/cli/verb.h"
#include "tools/verb/backup_file.h"

#include <sys/stat.h>

struct values {
    const char *database;
    bool is_json;
    const char *path[1];
};

static const struct option_row rows[] = {
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "default: METE_DATABASE_OWNER_URL, else METE_DATABASE_URL, else as tools/up wrote it down"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .operands = 1,
    .operand_offset = offsetof(struct values, path),
};

struct backup {
    struct backup_file file;
    struct progress progress;
};

static enum err write_text(void *arg, const char *bytes, size_t length, struct fault *fault)
{
    struct backup *b = arg;
    return backup_file_write(&b->file, bytes, length, fault);
}

static void on_rows(void *arg, uint64_t count, uint64_t total)
{
    struct backup *b = arg;
    b->progress.total = total;
    progress_show(&b->progress, count, "rows");
}

static enum err write_file(struct backup *b, const char *url, const char *path, uint64_t *ret_rows,
                           struct fault *fault)
{
    const struct backup_sink sink = {write_text, on_rows, b};
    enum err e = backup_file_create(&b->file, path, fault);
    if (e)
        return e;
    progress_init(&b->progress, "backup", 0);
    e = backup_write(url, &sink, ret_rows, fault);
    progress_done(&b->progress);
    if (!e)
        return backup_file_finish(&b->file, fault);
    backup_file_abandon(&b->file);
    return e;
}

int verb_backup(int argc, char **argv)
{
    static struct backup backup;
    struct values values = {0};
    struct fault fault;
    struct stat st;
    uint64_t count;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    auto_arena struct arena *arena = arena_new(0);
    const char *url = connection_owner_database(values.database, arena);
    if (!url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    if (write_file(&backup, url, values.path[0], &count, &fault))
        return verb_failed(argv[0], &fault);
    long long size = stat(values.path[0], &st) ? 0 : (long long)st.st_size;
    printf(values.is_json ? "{\"rows\":%llu,\"bytes\":%lld}\n" : "%llu rows in %lld bytes\n",
           (unsigned long long)count, size);
    return EXIT_DONE;
}
