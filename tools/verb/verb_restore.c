// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/operate/backup.h"
#include "tools/cli/mete.h"
#include "tools/cli/progress.h"
#include "tools/cli/verb.h"
#include "tools/verb/backup_file.h"

struct values {
    const char *database;
    bool is_json;
    const char *path[1];
};

static const struct option_row rows[] = {
    {"database", OPTION_TEXT, offsetof(struct values, database), 0, 0, "URL",
     "an empty one (default: METE_DATABASE_OWNER_URL, else METE_DATABASE_URL)"},
    {"json", OPTION_FLAG, offsetof(struct values, is_json), 0, 0, NULL, "print JSON"},
};

static const struct option_table table = {
    .rows = rows,
    .count = sizeof(rows) / sizeof(rows[0]),
    .operands = 1,
    .operand_offset = offsetof(struct values, path),
};

struct restore {
    struct backup_file file;
    struct progress progress;
};

static void on_checked(void *arg, uint64_t bytes, uint64_t total)
{
    struct restore *r = arg;
    r->progress.total = total;
    progress_show(&r->progress, bytes, "bytes");
}

static enum err read_line(void *arg, const char **ret_line, size_t *ret_length, struct fault *fault)
{
    struct restore *r = arg;
    return backup_file_read_line(&r->file, ret_line, ret_length, fault);
}

static void on_rows(void *arg, uint64_t count)
{
    struct restore *r = arg;
    (void)count;
    r->progress.total = r->file.size;
    progress_show(&r->progress, r->file.position, "bytes");
}

static enum err read_file(struct restore *r, const char *url, const char *path, uint64_t *ret_rows,
                          struct fault *fault)
{
    const struct backup_source source = {read_line, on_rows, r};
    progress_init(&r->progress, "check", 0);
    enum err e = backup_file_open(&r->file, path, on_checked, r, fault);
    progress_done(&r->progress);
    if (e)
        return e;
    progress_init(&r->progress, "restore", 0);
    e = backup_read(url, &source, ret_rows, fault);
    progress_done(&r->progress);
    backup_file_close(&r->file);
    return e;
}

int verb_restore(int argc, char **argv)
{
    static struct restore restore;
    struct values values = {0};
    struct fault fault;
    uint64_t count;
    int status;
    if (!verb_options(&table, argc, argv, &values, &status))
        return status;
    const char *url = verb_owner_url(values.database);
    if (!url)
        return verb_misused(argv[0], "which database? --database URL or METE_DATABASE_URL");
    if (read_file(&restore, url, values.path[0], &count, &fault))
        return verb_failed(argv[0], &fault);
    printf(values.is_json ? "{\"rows\":%llu}\n" : "%llu rows restored\n",
           (unsigned long long)count);
    return EXIT_DONE;
}
