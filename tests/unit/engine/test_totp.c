// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/totp.h"

#include "base/clock.h"
#include "base/token.h"
#include "engine/access/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t secret[] = "12345678901234567890";

/* RFC 6238, appendix B, the last six of its eight digits; RFC 4226, appendix D. */
static void codes_are_those_of_the_standards(void **state)
{
    (void)state;
    static const struct row {
        int64_t step;
        const char *code;
    } rows[] = {
        {59 / 30, "287082"},
        {1111111109 / 30, "081804"},
        {1111111111 / 30, "050471"},
        {1234567890 / 30, "005924"},
        {2000000000 / 30, "279037"},
        {20000000000 / 30, "353130"},
        {0, "755224"},
        {2, "359152"},
        {3, "969429"},
        {4, "338314"},
        {5, "254676"},
        {9, "520489"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(secret, rows[i].step, code);
        assert_string_equal(code, rows[i].code);
    }
}

static void a_code_holds_for_its_step_and_those_beside(void **state)
{
    (void)state;
    int64_t now = 1234567890 / 30;
    char code[TOTP_DIGITS + 1];
    for (int64_t off = -3; off <= 3; off++) {
        totp_code(secret, now + off, code);
        int64_t found = totp_find_step(secret, code, now * 30 * SECOND_US + 7);
        assert_int_equal(found, off >= -1 && off <= 1 ? now + off : 0);
    }
    static const char *const none[] = {"", "12345", "1234567", "12345a", "０", "      ", "-12345"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_int_equal(totp_find_step(secret, none[i], now * 30 * SECOND_US), 0);
    totp_code(secret, now, code);
    char spaced[16] = {code[0], code[1], code[2], ' ', code[3], code[4], code[5]};
    assert_int_equal(totp_find_step(secret, spaced, now * 30 * SECOND_US), now);
}

static void base32_is_that_of_rfc_4648(void **state)
{
    (void)state;
    char text[33];
    base32_write((const uint8_t *)"fooba", 5, text);
    assert_string_equal(text, "MZXW6YTB");
    base32_write(secret, 20, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void recovery_codes_are_known_however_they_are_typed(void **state)
{
    (void)state;
    char code[RECOVERY_CODE_SIZE], other[RECOVERY_CODE_SIZE];
    uint8_t hash[32], same[32];
    recovery_code_random(code);
    recovery_code_random(other);
    assert_string_not_equal(code, other);
    assert_true(recovery_code_hash(code, hash));
    for (char *at = code; *at; at++)
        *at = *at == '-' ? ' ' : (char)(*at >= 'A' ? *at | 32 : *at);
    assert_true(recovery_code_hash(code, same));
    assert_memory_equal(hash, same, 32);
    assert_false(recovery_code_hash("AAAA-AAAA-AAAA-AAA", hash));
    assert_false(recovery_code_hash("AAAA-AAAA-AAAA-AAAAA", hash));
    assert_false(recovery_code_hash("AAAA-AAAA-AAAA-AAA1", hash));
}

static void what_is_sealed_opens_by_its_key_and_use_alone(void **state)
{
    (void)state;
    uint8_t key[SEAL_KEY_BYTES] = {1}, other[SEAL_KEY_BYTES] = {2};
    uint8_t sealed[20 + SEAL_EXTRA_BYTES], again[20 + SEAL_EXTRA_BYTES], opened[20];
    seal(key, "row:1", secret, 20, sealed);
    seal(key, "row:1", secret, 20, again);
    assert_memory_not_equal(sealed, again, sizeof(sealed));
    assert_true(unseal(key, "row:1", sealed, 20, opened));
    assert_memory_equal(opened, secret, 20);
    assert_false(unseal(other, "row:1", sealed, 20, opened));
    assert_false(unseal(key, "row:2", sealed, 20, opened));
    for (size_t i = 0; i < sizeof(sealed); i++) {
        sealed[i] ^= 1;
        assert_false(unseal(key, "row:1", sealed, 20, opened));
        sealed[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standards),
        cmocka_unit_test(a_code_holds_for_its_step_and_those_beside),
        cmocka_unit_test(base32_is_that_of_rfc_4648),
        cmocka_unit_test(recovery_codes_are_known_however_they_are_typed),
        cmocka_unit_test(what_is_sealed_opens_by_its_key_and_use_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
