// SPDX-License-Identifier: GPL-3.0-or-later
/* The kept snapshot: what was written is read, anything else is not. */
#include "base/mem.h"
#include "base/text.h"
#include "engine/feed/snapshot_file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DOCUMENT "{\"environments\":[]}"

struct place {
    char folder[64];
    char path[96];
};

static int setup(void **state)
{
    static struct place p;
    strcpy(p.folder, "/tmp/test-snapshot-XXXXXX");
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.path, sizeof(p.path), "%s/snapshot-0", p.folder);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    unlink(p->path);
    /* Fails when something was left beside the file. */
    return rmdir(p->folder);
}

static void keep(const struct place *p, int64_t version, const char *document)
{
    struct fault fault;
    if (snapshot_file_write(p->path, version, document, strlen(document), &fault))
        fail_msg("%s", fault.detail);
}

static enum err read_back(const struct place *p, int64_t *version, char **document)
{
    struct fault fault = {0};
    enum err e = snapshot_file_read(p->path, version, document, &fault);
    if (e)
        assert_non_null(strstr(fault.detail, p->path));
    return e;
}

static void expect(const struct place *p, int64_t version, const char *document)
{
    int64_t found;
    auto_free char *text = NULL;
    assert_int_equal(read_back(p, &found, &text), ERR_OK);
    assert_int_equal(found, version);
    assert_string_equal(text, document);
}

static void test_round(void **state)
{
    const struct place *p = *state;
    keep(p, 1, DOCUMENT);
    expect(p, 1, DOCUMENT);
    keep(p, INT64_MAX, "{\"é\":\"\n\"}");
    expect(p, INT64_MAX, "{\"é\":\"\n\"}");
    keep(p, 3, "");
    expect(p, 3, "");
    char *large = mem_zalloc(300001);
    memset(large, 'x', 300000);
    keep(p, 4, large);
    expect(p, 4, large);
    mem_free(large);
}

static void test_nobody_else_may_read_it(void **state)
{
    const struct place *p = *state;
    struct stat of;
    mode_t before = umask(0);
    keep(p, 7, DOCUMENT);
    umask(before);
    assert_int_equal(stat(p->path, &of), 0);
    assert_int_equal(of.st_mode & 0777, 0600);
}

static void test_missing(void **state)
{
    int64_t version = 7;
    char *document = NULL;
    assert_int_equal(read_back(*state, &version, &document), ERR_NOT_FOUND);
    assert_int_equal(version, 7);
    assert_null(document);
}

/* The file's bytes, and the file of these bytes. */
static size_t slurp(const struct place *p, char *bytes, size_t size)
{
    FILE *f = fopen(p->path, "r");
    size_t n = fread(bytes, 1, size, f);
    fclose(f);
    return n;
}

static void spill(const struct place *p, const char *bytes, size_t size)
{
    FILE *f = fopen(p->path, "w");
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static void expect_damaged(const struct place *p)
{
    int64_t version;
    char *document = NULL;
    assert_int_equal(read_back(p, &version, &document), ERR_INVALID);
    assert_null(document);
}

static void test_torn_anywhere(void **state)
{
    const struct place *p = *state;
    char bytes[512];
    keep(p, 5, DOCUMENT);
    size_t size = slurp(p, bytes, sizeof(bytes));
    for (size_t left = 0; left < size; left++) {
        spill(p, bytes, left);
        expect_damaged(p);
    }
    spill(p, bytes, size);
    expect(p, 5, DOCUMENT);
    bytes[size] = ' ';
    spill(p, bytes, size + 1);
    expect_damaged(p);
}

static void test_changed_anywhere(void **state)
{
    const struct place *p = *state;
    char bytes[512];
    keep(p, 5, DOCUMENT);
    size_t size = slurp(p, bytes, sizeof(bytes));
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0x04;
        spill(p, bytes, size);
        expect_damaged(p);
        bytes[i] ^= 0x04;
    }
}

static void test_a_disk_that_is_full_keeps_the_old_one(void **state)
{
    const struct place *p = *state;
    struct fault fault;
    keep(p, 1, DOCUMENT);
    char *large = mem_zalloc(1 << 20);
    memset(large, 'x', (1 << 20) - 1);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum err e = snapshot_file_write(p->path, 2, large, (1 << 20) - 1, &fault);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    mem_free(large);
    assert_int_equal(e, ERR_IO);
    assert_non_null(strstr(fault.detail, "too large"));
    expect(p, 1, DOCUMENT);
}

static void test_no_folder(void **state)
{
    (void)state;
    struct fault fault;
    assert_int_equal(snapshot_file_write("/nowhere/at/all", 1, "", 0, &fault), ERR_IO);
    assert_non_null(strstr(fault.detail, "/nowhere/at/all"));
    int64_t version;
    char *document;
    assert_int_equal(snapshot_file_read("/tmp", &version, &document, &fault), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_else_may_read_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_torn_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_changed_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_disk_that_is_full_keeps_the_old_one, setup,
                                        teardown),
        cmocka_unit_test(test_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
