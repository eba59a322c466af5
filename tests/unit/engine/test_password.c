// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ASKED 64

/* The library's call comes here: how many hashes were made. The linker sees to it. */
static atomic_int hashes;

int __real_crypto_pwhash_str(char *out, const char *password, unsigned long long length,
                             unsigned long long ops, size_t memory);
int __wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long length,
                             unsigned long long ops, size_t memory);

int __wrap_crypto_pwhash_str(char *out, const char *password, unsigned long long length,
                             unsigned long long ops, size_t memory)
{
    hashes++;
    return __real_crypto_pwhash_str(out, password, length, ops, memory);
}

struct asked {
    struct loop *loop;
    size_t answers, right, wanted;
    char made[crypto_pwhash_STRBYTES];
};

static void on_answer(void *arg, const struct password_answer *answer)
{
    struct asked *asked = arg;
    asked->answers++;
    asked->right += answer->is_right;
    memcpy(asked->made, answer->made, sizeof(asked->made));
    if (asked->answers == asked->wanted)
        loop_stop(asked->loop);
}

static bool ask(struct password *p, struct asked *asked, const struct password_question *question)
{
    size_t right = asked->right;
    asked->wanted = asked->answers + 1;
    assert_int_equal(password_send(p, question, on_answer, asked), ERR_OK);
    loop_run(asked->loop);
    return asked->right > right;
}

static void a_password_fits_its_hash_alone(void **state)
{
    (void)state;
    struct asked asked = {.loop = loop_new()};
    struct password *p = password_new(asked.loop);
    char hash[crypto_pwhash_STRBYTES];
    assert_true(ask(p, &asked, &(struct password_question){.wanted = "first one"}));
    memcpy(hash, asked.made, sizeof(hash));
    assert_memory_equal(hash, "$argon2id$", 10);
    assert_true(ask(p, &asked, &(struct password_question){.stored = hash, .given = "first one"}));
    assert_string_equal(asked.made, "");
    assert_false(ask(
        p, &asked,
        &(struct password_question){.stored = hash, .given = "first One", .wanted = "second one"}));
    assert_string_equal(asked.made, "");
    assert_true(ask(
        p, &asked,
        &(struct password_question){.stored = hash, .given = "first one", .wanted = "second one"}));
    assert_false(
        ask(p, &asked, &(struct password_question){.stored = asked.made, .given = "first one"}));
    assert_false(ask(p, &asked, &(struct password_question){.given = "first one"}));
    password_free(p);
    loop_free(asked.loop);
}

static void who_is_unknown_costs_a_hash_like_others(void **state)
{
    (void)state;
    struct asked asked = {.loop = loop_new()};
    struct password *p = password_new(asked.loop);
    for (int i = 1; i <= 3; i++) {
        assert_false(ask(p, &asked, &(struct password_question){.given = "whatever"}));
        assert_int_equal(hashes, i);
    }
    password_free(p);
    loop_free(asked.loop);
}

static void a_few_wait_and_all_are_answered(void **state)
{
    (void)state;
    struct asked asked = {.loop = loop_new(), .wanted = ASKED};
    struct password *p = password_new(asked.loop);
    size_t taken = 0;
    for (size_t i = 0; i < ASKED; i++)
        taken += password_send(p, &(struct password_question){.given = "x"}, on_answer, &asked) ==
                 ERR_OK;
    assert_in_range(taken, 2, ASKED - 1);
    password_free(p);
    assert_int_equal(asked.answers, taken);
    assert_int_equal(asked.right, 0);
    loop_free(asked.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_unknown_costs_a_hash_like_others),
        cmocka_unit_test(a_password_fits_its_hash_alone),
        cmocka_unit_test(a_few_wait_and_all_are_answered),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
