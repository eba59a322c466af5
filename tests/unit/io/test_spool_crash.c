// SPDX-License-Identifier: GPL-3.0-or-later
/* A damaged spool is salvaged by a process that dies between any two of its system calls, SQLite's
 * among them: whoever opens the spool next finds every record that could be read before, once, and
 * goes on. */
#include "base/mem.h"
#include "io/spool/spool.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ROOM    (64 * 1024 * 1024)
#define CRASHED 77
#define RECORDS 14 /* the last of them in the log alone */
#define IN_FILE 10
/* Of the many writes between two calls of other kinds one in so many is died before. */
#define WRITES 8

/* The calls that change what is on the disk come here: before the one with this number, the process
 * ends as by kill -9. 0: never. */
static long crash_at, calls, writes;

static void count_call(void)
{
    if (++calls == crash_at)
        _exit(CRASHED);
}

int fsync(int fd)
{
    count_call();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    count_call();
    return (int)syscall(SYS_fdatasync, fd);
}

int link(const char *from, const char *to)
{
    count_call();
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int rename(const char *from, const char *to)
{
    count_call();
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path)
{
    count_call();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int ftruncate64(int fd, off_t length)
{
    count_call();
    return (int)syscall(SYS_ftruncate, fd, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at)
{
    if (++writes % WRITES == 0)
        count_call();
    return syscall(SYS_pwrite64, fd, bytes, length, at);
}

struct place {
    char folder[64], path[96], log[112], kept[112], kept_log[112];
};

static struct place make_place(void)
{
    struct place p;
    strcpy(p.folder, "/tmp/test-spool-crash-XXXXXX");
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.path, sizeof(p.path), "%s/s.db", p.folder);
    snprintf(p.log, sizeof(p.log), "%s-wal", p.path);
    snprintf(p.kept, sizeof(p.kept), "%s/kept", p.folder);
    snprintf(p.kept_log, sizeof(p.kept_log), "%s/kept-wal", p.folder);
    return p;
}

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    char command[512];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof(command), format, args);
    va_end(args);
    assert_int_equal(system(command), 0);
}

static void append(struct spool *s, int64_t number, size_t length)
{
    struct fault fault;
    auto_free char *bytes = mem_zalloc(length);
    memset(bytes, (int)('a' + number % 23), length);
    const struct spool_record record = {
        .at_us = number, .items = 1, .bytes = bytes, .length = length};
    if (spool_append(s, &record, &fault))
        fail_msg("%s", fault.detail);
}

/* What a process leaves that is killed, after one that was not. */
static void append_and_die(const struct place *p)
{
    struct spool *first = spool_new(p->path, ROOM);
    for (int64_t i = 1; i <= IN_FILE; i++)
        append(first, i, 20000);
    spool_free(first);
    pid_t pid = fork();
    if (pid == 0) {
        struct spool *s = spool_new(p->path, ROOM);
        for (int64_t i = IN_FILE + 1; i <= RECORDS; i++)
            append(s, i, 3000);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A page of one record, which makes the whole file one that is not trusted. */
static void damage(const struct place *p)
{
    struct stat st;
    assert_int_equal(stat(p->path, &st), 0);
    int fd = open(p->path, O_WRONLY);
    assert_int_equal(pwrite(fd, "spoilt spoilt", 13, st.st_size / 2 / 4096 * 4096 + 1000), 13);
    close(fd);
}

struct found {
    bool has[RECORDS + 1];
    int count;
};

static bool on_record(void *arg, const struct spool_record *r)
{
    struct found *f = arg;
    const char *bytes = r->bytes;
    if (r->at_us > RECORDS)
        return true;
    assert_true(r->at_us > 0 && !f->has[r->at_us]);
    assert_int_equal(bytes[r->length / 2], 'a' + r->at_us % 23);
    f->has[r->at_us] = true;
    f->count++;
    return true;
}

static struct found read_all(const struct place *p)
{
    struct fault fault;
    struct found f = {0};
    struct spool *s = spool_new(p->path, ROOM);
    if (spool_open(s, &fault) || spool_read(s, 0, on_record, &f, &fault))
        fail_msg("%s", fault.detail);
    append(s, RECORDS + 1, 10);
    spool_free(s);
    return f;
}

/* Opens the damaged spool in a process that dies at its call number 'at'. True: it came to its end
 * before that. */
static bool salvage_until(const struct place *p, long at)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct fault fault;
        calls = writes = 0;
        crash_at = at;
        struct spool *s = spool_new(p->path, ROOM);
        enum err e = spool_open(s, &fault);
        spool_free(s);
        _exit(e ? 1 : 0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CRASHED);
    return WEXITSTATUS(status) == 0;
}

static void restore(const struct place *p)
{
    run("rm -f %s*", p->path);
    run("cp --sparse=always %s %s", p->kept, p->path);
    run("cp --sparse=always %s %s", p->kept_log, p->log);
}

static void a_crash_at_any_call_loses_nothing(void **state)
{
    (void)state;
    struct place p = make_place();
    append_and_die(&p);
    damage(&p);
    run("cp --sparse=always %s %s", p.path, p.kept);
    run("cp --sparse=always %s %s", p.log, p.kept_log);
    const struct found whole = read_all(&p);
    assert_int_equal(whole.count, RECORDS - 1);
    bool is_over = false;
    long at, crashes = 0;
    for (at = 1; !is_over; at++) {
        restore(&p);
        is_over = salvage_until(&p, at);
        crashes += !is_over;
        /* The next one may die, too. */
        if (!is_over && at % 3 == 0)
            salvage_until(&p, at / 2 + 1);
        const struct found f = read_all(&p);
        if (f.count != whole.count)
            fail_msg("a crash before call %ld: %d of %d records", at, f.count, whole.count);
    }
    assert_true(crashes > 20);
    run("rm -rf %s", p.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_at_any_call_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
