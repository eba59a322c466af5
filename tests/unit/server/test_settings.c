// SPDX-License-Identifier: GPL-3.0-or-later
/* Where a setting comes from, what it may be, what is said about it. */
#include "settings.h"
#include "settings_oidc.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DATABASE "--database-url=postgresql:///x"

extern char **environ;

/* 'words' ends with NULL; the program's name is added. */
static enum err read_words(const char *const *words, struct settings *ret, struct fault *fault)
{
    char *argv[16] = {(char *)(uintptr_t) "meted"};
    int argc = 1;
    for (; words[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    return settings_read(argc, argv, ret, fault);
}
#define READ(ret, fault, ...) read_words((const char *const[]){__VA_ARGS__, NULL}, ret, fault)

/* A file of the given text; its path. */
static const char *file_of(const char *text)
{
    static char path[64];
    snprintf(path, sizeof(path), "/tmp/test-settings-%d", (int)getpid());
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static int setup(void **state)
{
    (void)state;
    static char *empty[] = {NULL};
    environ = empty;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(file_of(""));
    return 0;
}

static void test_defaults(void **state)
{
    (void)state;
    struct settings s;
    assert_int_equal(READ(&s, NULL, DATABASE), ERR_OK);
    assert_string_equal(s.database_url, "postgresql:///x");
    assert_string_equal(s.edge_listen, "127.0.0.1:8400");
    assert_int_equal(s.edges, 0);
    assert_int_equal(s.queue_rows, 40000);
    assert_int_equal(s.key_events_per_day, 50000000);
    assert_string_equal(s.log_level, "info");
    settings_done(&s);
}

static void test_order_of_sources(void **state)
{
    (void)state;
    struct settings s;
    const char *path = file_of("# first\n\n  edges=1 \nbatch_rows =\t1\r\nqueue_rows = 501\n"
                               "state_dir = /a = b # c\ndesk_public_url =\n");
    setenv("METE_BATCH_ROWS", "2", 1);
    setenv("METE_QUEUE_ROWS", "502", 1);
    assert_int_equal(READ(&s, NULL, "--queue-rows", "503", DATABASE, "--config", path), ERR_OK);
    assert_int_equal(s.edges, 1);
    assert_int_equal(s.batch_rows, 2);
    assert_int_equal(s.queue_rows, 503);
    assert_int_equal(s.connections, 10000);
    assert_string_equal(s.state_dir, "/a = b # c");
    assert_string_equal(s.desk_public_url, "");
    settings_done(&s);
}

static void test_the_file_can_come_from_the_environment(void **state)
{
    (void)state;
    struct settings s;
    setenv("METE_CONFIG", file_of("database_url = postgresql:///f\nedges = 3\n"), 1);
    assert_int_equal(READ(&s, NULL, "--log_level=warn"), ERR_OK);
    assert_int_equal(s.edges, 3);
    assert_string_equal(s.log_level, "warn");
    settings_done(&s);
}

static void test_bounds(void **state)
{
    (void)state;
    struct settings s;
    for (int edges = 0; edges <= 64; edges += 64) {
        char word[32];
        snprintf(word, sizeof(word), "--edges=%d", edges);
        assert_int_equal(READ(&s, NULL, DATABASE, word), ERR_OK);
        assert_int_equal(s.edges, edges);
        settings_done(&s);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *word, *detail;
    } rows[] = {
        {"--edges=65", "edges (command line): expected a whole number from 0 to 64, got '65'"},
        {"--edges=-1", "got '-1'"},
        {"--edges=", "got ''"},
        {"--edges=1.5", "got '1.5'"},
        {"--edges=1 ", "got '1 '"},
        {"--edges=99999999999999999999", "got '99999999999999999999'"},
        {"--edges", "--edges needs a value"},
        {"--edge=1", "there is no setting '--edge=1'"},
        {"--edgess=1", "there is no setting"},
        {"--=1", "unknown argument"},
        {"-edges=1", "unknown argument"},
        {"", "unknown argument"},
        {"--demo-key=mck_<b>", "demo_key: 'mck_<b>' is not a key"},
        {"--desk-hosts=<b>", "desk_hosts: '<b>' is no list of names with commas between"},
        {"--log-level=INFO", "'INFO' is not debug, info, warn or error"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct settings s = {0};
        struct fault fault;
        assert_int_equal(READ(&s, &fault, DATABASE, rows[i].word), ERR_INVALID);
        if (!strstr(fault.detail, rows[i].detail))
            fail_msg("%s: %s", rows[i].word, fault.detail);
        assert_null(s.arena);
    }
}

static void test_a_database_is_needed(void **state)
{
    (void)state;
    struct settings s;
    struct fault fault;
    assert_int_equal(READ(&s, &fault, "--edges=1"), ERR_INVALID);
    assert_non_null(strstr(fault.detail, "METE_DATABASE_URL"));
}

static void test_the_place_in_a_file_is_named(void **state)
{
    (void)state;
    struct settings s;
    struct fault fault;
    const char *path = file_of("edges = 1\n\nedges = x\n");
    assert_int_equal(READ(&s, &fault, DATABASE, "--config", path), ERR_INVALID);
    assert_non_null(strstr(fault.detail, path));
    assert_non_null(strstr(fault.detail, "line 3"));
}

static void test_what_is_printed_can_be_read(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    settings_print(out);
    fclose(out);
    struct buf live = {0};
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (line[0] == '#' && line[1] != ' ')
            buf_printf(&live, "%s\n", line + 1);
    free(text);
    struct settings all, none;
    assert_int_equal(READ(&none, NULL, DATABASE), ERR_OK);
    assert_int_equal(READ(&all, NULL, DATABASE, "--config", file_of(live.data)), ERR_OK);
    struct buf differs = {0}, differs_too = {0};
    all.config = none.config;
    settings_compare(&none, &all, &differs, &differs_too);
    assert_int_equal(differs.length + differs_too.length, 0);
    settings_done(&all);
    settings_done(&none);
    buf_done(&live);
}

static void test_what_changed_is_named(void **state)
{
    (void)state;
    struct settings a, b;
    struct buf live = {0}, restart = {0};
    assert_int_equal(READ(&a, NULL, DATABASE), ERR_OK);
    assert_int_equal(READ(&b, NULL, "--database-url=postgresql:///secret", "--log-level=warn",
                          "--connections=5", "--edges=2"),
                     ERR_OK);
    settings_compare(&a, &b, &live, &restart);
    assert_string_equal(live.data, "log_level, connections");
    assert_string_equal(restart.data, "database_url, edges");
    settings_done(&a);
    settings_done(&b);
    buf_done(&live);
    buf_done(&restart);
}

static void test_trusted_proxies(void **state)
{
    (void)state;
    struct settings s;
    struct fault fault;
    assert_int_equal(READ(&s, &fault, DATABASE, "--trusted-proxies=10.0.0.0/8, ::1"), ERR_OK);
    assert_int_equal(s.trusted.count, 2);
    settings_done(&s);
    assert_int_equal(READ(&s, &fault, DATABASE, "--trusted-proxies=my-proxy"), ERR_INVALID);
    assert_string_equal(fault.detail, "trusted_proxies: 'my-proxy' is no address and no network");
}

#define ISSUER "--oidc-issuer=https://id.example"
#define CLIENT "--oidc-client-id=mete"
#define PUBLIC "--desk-public-url=https://desk.example"

static void test_a_provider_is_whole_or_none(void **state)
{
    (void)state;
    static const struct row {
        const char *words[7];
        const char *why; /* NULL: taken */
    } rows[] = {
        {{DATABASE}, NULL},
        {{DATABASE, CLIENT}, NULL},
        {{DATABASE, ISSUER, CLIENT, PUBLIC}, NULL},
        {{DATABASE, ISSUER, PUBLIC}, "oidc_client_id"},
        {{DATABASE, ISSUER, CLIENT}, "desk_public_url"},
        {{DATABASE, "--oidc-issuer=http://id.example", CLIENT, PUBLIC}, "https://"},
        {{DATABASE, "--oidc-issuer=http://127.0.0.1:1", CLIENT, PUBLIC}, NULL},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-scopes=email"}, "openid"},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-role=viewer"}, NULL},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-role=god"}, "god"},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-role=client"}, "client"},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-role-claim=g"}, "together"},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-roles=a=viewer"}, "together"},
        {{DATABASE, ISSUER, CLIENT, PUBLIC, "--oidc-role-claim=g", "--oidc-roles=a"}, "value=role"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct settings s;
        struct fault fault = {0};
        assert_int_equal(read_words(rows[i].words, &s, &fault), ERR_OK);
        assert_int_equal(settings_check_oidc(&s, &fault), rows[i].why ? ERR_INVALID : ERR_OK);
        if (rows[i].why)
            assert_non_null(strstr(fault.detail, rows[i].why));
        settings_done(&s);
    }
}

static void test_a_sealing_key_is_64_hex_digits(void **state)
{
    (void)state;
    struct settings s;
    struct fault fault;
    assert_int_equal(READ(&s, &fault, DATABASE, "--sealing-key=abc"), ERR_INVALID);
    assert_non_null(strstr(fault.detail, "sealing_key"));
    assert_null(strstr(fault.detail, "abc"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trusted_proxies, setup, teardown),
        cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order_of_sources, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_file_can_come_from_the_environment, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_database_is_needed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_place_in_a_file_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_printed_can_be_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_changed_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_provider_is_whole_or_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_sealing_key_is_64_hex_digits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
