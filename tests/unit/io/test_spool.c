// SPDX-License-Identifier: GPL-3.0-or-later
/* The spool: what was appended is read, in order, whatever end of a file is missing; a full one
 * says so and recovers; a damaged one gives back what can be read. */
#include "base/mem.h"
#include "base/text.h"
#include "io/spool/spool.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
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

#define ROOM (64 * 1024 * 1024)

/* SQLite's calls come here: what reaches the disk is counted. */
static int syncs;

int fsync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fdatasync, fd);
}

struct place {
    char folder[64];
    char path[96], log[112];
};

static int setup(void **state)
{
    static struct place p;
    strcpy(p.folder, "/tmp/test-spool-XXXXXX");
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.path, sizeof(p.path), "%s/s.db", p.folder);
    snprintf(p.log, sizeof(p.log), "%s-wal", p.path);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    auto_buf struct buf command = {0};
    buf_printf(&command, "rm -rf %s", p->folder);
    return system(command.data);
}

/* Bytes that tell which record they belong to. */
static void fill(char *bytes, size_t length, int64_t number)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)('a' + (number * 7 + (int64_t)i) % 23);
}

static enum err append(struct spool *s, int64_t number, size_t length)
{
    struct fault fault;
    auto_free char *bytes = mem_alloc(length);
    fill(bytes, length, number);
    const struct spool_record record = {
        .at_us = number, .items = 2, .bytes = bytes, .length = length};
    return spool_append(s, &record, &fault);
}

struct found {
    int64_t count, first, last, last_id;
    size_t limit; /* 0: none */
};

static bool on_record(void *arg, const struct spool_record *r)
{
    struct found *f = arg;
    auto_free char *bytes = mem_alloc(r->length);
    fill(bytes, r->length, r->at_us);
    assert_memory_equal(bytes, r->bytes, r->length);
    assert_int_equal(r->items, 2);
    assert_true(f->count == 0 || (r->at_us > f->last && r->id > f->last_id));
    if (f->count++ == 0)
        f->first = r->at_us;
    f->last = r->at_us;
    f->last_id = r->id;
    return f->limit == 0 || (size_t)f->count < f->limit;
}

static struct found read_after(struct spool *s, int64_t after, size_t limit)
{
    struct fault fault = {0};
    struct found f = {.limit = limit};
    if (spool_open(s, &fault) || spool_read(s, after, on_record, &f, &fault))
        fail_msg("%s", fault.detail);
    return f;
}

static void test_what_went_in_comes_out_in_order(void **state)
{
    struct place *p = *state;
    struct spool *s = spool_new(p->path, ROOM);
    assert_false(spool_has_file(s));
    assert_int_equal(read_after(s, 0, 0).count, 0);
    assert_false(spool_has_file(s));
    for (int i = 1; i <= 20; i++)
        assert_int_equal(append(s, i, (size_t)i * 1000), ERR_OK);
    struct spool_state held = spool_state(s);
    assert_int_equal(held.records, 20);
    assert_int_equal(held.items, 40);
    assert_int_equal(held.bytes, 210000);
    assert_int_equal(held.oldest_us, 1);
    struct found f = read_after(s, 0, 5);
    assert_int_equal(f.last, 5);
    spool_forget(s, f.last_id);
    assert_int_equal(spool_state(s).oldest_us, 6);
    assert_int_equal(spool_state(s).bytes, 195000);
    spool_free(s);

    s = spool_new(p->path, ROOM);
    f = read_after(s, 0, 0);
    assert_int_equal(f.count, 15);
    assert_int_equal(f.first, 6);
    assert_int_equal(spool_state(s).items, 30);
    assert_int_equal(append(s, 21, 10), ERR_OK);
    f = read_after(s, f.last_id, 0);
    assert_int_equal(f.count, 1);
    spool_forget(s, f.last_id);
    assert_false(spool_has_file(s));
    assert_int_equal(spool_state(s).records, 0);
    assert_int_equal(append(s, 22, 10), ERR_OK);
    assert_int_equal(read_after(s, f.last_id, 0).count, 1);
    assert_null(spool_take_news(s));
    spool_free(s);
}

static void test_an_append_is_on_the_disk_when_it_returns(void **state)
{
    struct place *p = *state;
    struct spool *s = spool_new(p->path, ROOM);
    for (int i = 1; i <= 5; i++) {
        int before = syncs;
        assert_int_equal(append(s, i, 1000), ERR_OK);
        assert_true(syncs > before);
    }
    spool_free(s);
}

static void test_full_is_said_and_room_is_used_again(void **state)
{
    struct place *p = *state;
    struct spool *s = spool_new(p->path, 1024 * 1024);
    int64_t count = 0;
    enum err e = ERR_OK;
    while (count < 100 && !(e = append(s, count + 1, 50000)))
        count++;
    assert_int_equal(e, ERR_TOO_LARGE);
    assert_int_equal(append(s, count + 1, 50000), ERR_TOO_LARGE);
    assert_true(count > 15 && count <= 20);
    struct found f = read_after(s, 0, 10);
    assert_int_equal(spool_state(s).records, count);
    spool_forget(s, f.last_id);
    assert_int_equal(append(s, count + 1, 50000), ERR_OK);
    assert_int_equal(read_after(s, 0, 0).count, count - 9);
    spool_free(s);
}

static void test_one_owner_at_a_time(void **state)
{
    struct place *p = *state;
    struct fault fault;
    struct spool *s = spool_new(p->path, ROOM), *other = spool_new(p->path, ROOM);
    assert_int_equal(append(s, 1, 10), ERR_OK);
    assert_int_equal(spool_open(other, &fault), ERR_BUSY);
    assert_int_equal(append(other, 2, 10), ERR_BUSY);
    spool_free(s);
    assert_int_equal(append(other, 2, 10), ERR_OK);
    assert_int_equal(read_after(other, 0, 0).count, 2);
    spool_free(other);
}

/* Runs fn in a process that ends as by kill -9. */
static void in_a_killed_process(struct place *p, void (*fn)(struct spool *s))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        fn(spool_new(p->path, ROOM));
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void append_some(struct spool *s)
{
    for (int i = 1; i <= 30; i++)
        if (append(s, i, 3000))
            _exit(1);
}

static void append_many(struct spool *s)
{
    for (int i = 1; i <= 70; i++)
        if (append(s, i, 120000))
            _exit(1);
}

static void copy_file(const char *from, const char *to)
{
    auto_buf struct buf command = {0};
    buf_printf(&command, "cp --sparse=always %s %s", from, to);
    assert_int_equal(system(command.data), 0);
}

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : -1;
}

/* Cuts the last 'range' bytes off, byte by byte, each time from the state a killed process left. */
static void expect_all_after_cuts(struct place *p, const char *what, int64_t records)
{
    char kept[128], kept_log[144];
    snprintf(kept, sizeof(kept), "%s/kept", p->folder);
    snprintf(kept_log, sizeof(kept_log), "%s/kept-wal", p->folder);
    copy_file(p->path, kept);
    copy_file(p->log, kept_log);
    int64_t size = size_of(what), step = getenv("METE_TEST_LONG") ? 1 : 241;
    for (int64_t cut = 1; cut <= 4096; cut += cut < 9 || cut > 4085 ? 1 : step) {
        copy_file(kept, p->path);
        copy_file(kept_log, p->log);
        assert_int_equal(truncate(what, size - cut), 0);
        struct spool *s = spool_new(p->path, ROOM);
        struct found f = read_after(s, 0, 0);
        if (f.count != records)
            fail_msg("%s cut by %lld: %lld of %lld records", what, (long long)cut,
                     (long long)f.count, (long long)records);
        assert_null(spool_take_news(s));
        assert_int_equal(append(s, 100000, 10), ERR_OK);
        assert_int_equal(read_after(s, f.last_id, 0).count, 1);
        spool_free(s);
    }
}

static void test_nothing_is_lost_when_the_log_is_cut(void **state)
{
    struct place *p = *state;
    in_a_killed_process(p, append_some);
    expect_all_after_cuts(p, p->log, 30);
}

static void test_nothing_is_lost_when_the_file_is_cut(void **state)
{
    struct place *p = *state;
    in_a_killed_process(p, append_many);
    assert_true(size_of(p->path) > 4000000); /* the log has been brought over at least once */
    expect_all_after_cuts(p, p->path, 70);
}

static void overwrite(const char *path, int64_t at, size_t length, int with)
{
    auto_free char *bytes = memset(mem_alloc(length), with, length);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, length, at), (ssize_t)length);
    close(fd);
}

static int64_t damaged_files(const struct place *p)
{
    auto_buf struct buf command = {0};
    buf_printf(&command, "exit $(ls %s | grep -c 's.db.damaged-[0-9]*$')", p->folder);
    return WEXITSTATUS(system(command.data));
}

/* Records in the file alone: the log is gone. */
static void keep_in_file(struct place *p, int count)
{
    struct spool *s = spool_new(p->path, ROOM);
    for (int i = 1; i <= count; i++)
        assert_int_equal(append(s, i, 20000), ERR_OK);
    spool_free(s);
    assert_int_equal(size_of(p->log), -1);
}

static void expect_salvaged(struct place *p, int64_t least, int64_t most)
{
    struct spool *s = spool_new(p->path, ROOM);
    struct found f = read_after(s, 0, 0);
    if (f.count < least || f.count > most)
        fail_msg("%lld records, not %lld to %lld", (long long)f.count, (long long)least,
                 (long long)most);
    assert_non_null(spool_take_news(s));
    assert_null(spool_take_news(s));
    assert_int_equal(damaged_files(p), 1);
    assert_int_equal(append(s, 1000, 10), ERR_OK);
    assert_int_equal(read_after(s, 0, 0).count, f.count + 1);
    spool_free(s);
    s = spool_new(p->path, ROOM);
    assert_int_equal(read_after(s, 0, 0).count, f.count + 1);
    assert_null(spool_take_news(s));
    spool_free(s);
}

static void test_a_record_that_is_spoilt_does_not_harm_the_others(void **state)
{
    struct place *p = *state;
    keep_in_file(p, 40);
    overwrite(p->path, size_of(p->path) / 2, 4096, 0);
    expect_salvaged(p, 35, 39);
}

static void test_a_few_wrong_bytes_are_found(void **state)
{
    struct place *p = *state;
    keep_in_file(p, 40);
    overwrite(p->path, size_of(p->path) / 2 / 4096 * 4096 + 1000, 16, 0);
    expect_salvaged(p, 39, 39);
}

/* Byte 36 says how many free pages there are: SQLite would write what comes next into them. */
static void test_a_damaged_tree_takes_nothing_more(void **state)
{
    struct place *p = *state;
    keep_in_file(p, 40);
    overwrite(p->path, 36, 4, 1);
    expect_salvaged(p, 40, 40);
}

static void test_a_file_cut_in_half_gives_what_it_has(void **state)
{
    struct place *p = *state;
    keep_in_file(p, 40);
    assert_int_equal(truncate(p->path, size_of(p->path) / 2 / 4096 * 4096), 0);
    expect_salvaged(p, 1, 25);
}

static void test_what_is_no_spool_is_put_aside(void **state)
{
    struct place *p = *state;
    keep_in_file(p, 2);
    overwrite(p->path, 0, 4096, 0);
    expect_salvaged(p, 0, 0);
}

/* A salvage was interrupted before its last step, and what stands in its way cannot be taken away.
 */
static void test_a_salvage_that_cannot_go_on_says_so(void **state)
{
    struct place *p = *state;
    auto_buf struct buf whole = {0};
    struct fault fault;
    keep_in_file(p, 3);
    buf_printf(&whole, "%s.whole", p->path);
    assert_int_equal(rename(p->path, whole.data), 0);
    unlink(p->log);
    assert_int_equal(mkdir(p->log, 0700), 0);
    struct spool *s = spool_new(p->path, ROOM);
    assert_int_equal(spool_open(s, &fault), ERR_IO);
    assert_non_null(strstr(fault.detail, "s.db is damaged and cannot be put aside: "));
    assert_int_equal(rmdir(p->log), 0);
    assert_int_equal(spool_open(s, &fault), ERR_OK);
    assert_int_equal(read_after(s, 0, 0).count, 3);
    spool_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_went_in_comes_out_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_append_is_on_the_disk_when_it_returns, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_full_is_said_and_room_is_used_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_owner_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_record_that_is_spoilt_does_not_harm_the_others,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_few_wrong_bytes_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_damaged_tree_takes_nothing_more, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_file_cut_in_half_gives_what_it_has, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_spool_is_put_aside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_salvage_that_cannot_go_on_says_so, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_lost_when_the_log_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_lost_when_the_file_is_cut, setup, teardown),
    };
    return cmocka_run_group_tests_name("spool", tests, NULL, NULL);
}
