// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "model/admin/preview_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t secret[TOKEN_SECRET_BYTES] = "one secret of the server";
static const uint8_t other[TOKEN_SECRET_BYTES] = "another one";
static const struct preview_token token = {
    .environment_id = 3, .campaign_id = 12, .generation = 1, .expires_s = 5000, .variant = "new_b"};

static enum err read_with(const char *text, const uint8_t *with, int64_t environment, int64_t at_s,
                          struct fault *fault)
{
    struct preview_token ret;
    return preview_token_read(text, with, environment, at_s * SECOND_US, &ret, fault);
}

static void test_what_was_written_is_read(void **state)
{
    (void)state;
    char text[PREVIEW_TOKEN_SIZE];
    struct preview_token ret;
    struct fault fault;
    preview_token_write(&token, secret, text);
    assert_int_equal(strncmp(text, "mpv_3.12.1.5000.new_b.", 22), 0);
    assert_int_equal(preview_token_read(text, secret, 3, 4999 * SECOND_US, &ret, &fault), ERR_OK);
    assert_int_equal(ret.environment_id, 3);
    assert_int_equal(ret.campaign_id, 12);
    assert_int_equal(ret.generation, 1);
    assert_int_equal(ret.expires_s, 5000);
    assert_string_equal(ret.variant, "new_b");
}

static void test_the_largest_fits(void **state)
{
    (void)state;
    char text[PREVIEW_TOKEN_SIZE];
    struct preview_token large = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, ""}, ret;
    struct fault fault;
    memset(large.variant, 'x', PREVIEW_KEY_SIZE - 1);
    preview_token_write(&large, secret, text);
    assert_int_equal(preview_token_read(text, secret, INT64_MAX, 0, &ret, &fault), ERR_OK);
    assert_string_equal(ret.variant, large.variant);
}

/* Whatever letter is another one, wherever it stands. */
static void test_no_letter_can_be_changed(void **state)
{
    (void)state;
    char text[PREVIEW_TOKEN_SIZE];
    struct fault fault;
    preview_token_write(&token, secret, text);
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        char kept = text[i];
        text[i] = kept == 'A' ? 'B' : 'A';
        assert_int_equal(read_with(text, secret, 3, 0, &fault), ERR_FORBIDDEN);
        text[i] = kept;
        char cut[PREVIEW_TOKEN_SIZE];
        memcpy(cut, text, i);
        cut[i] = '\0';
        assert_int_equal(read_with(cut, secret, 3, 0, &fault), ERR_FORBIDDEN);
    }
    assert_int_equal(read_with(text, secret, 3, 0, &fault), ERR_OK);
    strcpy(text + length, "A");
    assert_int_equal(read_with(text, secret, 3, 0, &fault), ERR_FORBIDDEN);
}

static void test_each_refusal_says_why(void **state)
{
    (void)state;
    char text[PREVIEW_TOKEN_SIZE];
    struct fault fault;
    preview_token_write(&token, secret, text);
    const struct {
        const char *text;
        const uint8_t *secret;
        int64_t environment, at_s;
        const char *why;
    } cases[] = {
        {"", secret, 3, 0, "incomplete"},
        {".", secret, 3, 0, "incomplete"},
        {"mpv_", secret, 3, 0, "incomplete"},
        {"mpv_3.12.1.5000.new_b", secret, 3, 0, "incomplete"},
        {"mpv_3.12.1.5000.new_b.", secret, 3, 0, "incomplete"},
        {text + 1, secret, 3, 0, "incomplete"},
        {text, other, 3, 0, "revoked"},
        {text, secret, 4, 0, "another environment"},
        {text, secret, 3, 5000, "has ended"},
        {text, secret, 3, INT32_MAX, "has ended"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(
            read_with(cases[i].text, cases[i].secret, cases[i].environment, cases[i].at_s, &fault),
            ERR_FORBIDDEN);
        assert_non_null(strstr(fault.detail, cases[i].why));
        assert_string_equal(fault.pointer, "/token");
    }
}

/* RFC 4231, test case 2, with its key filled up with zeros, as HMAC itself does. */
static void test_the_signature_is_hmac_sha256(void **state)
{
    (void)state;
    static const uint8_t jefe[TOKEN_SECRET_BYTES] = "Jefe";
    static const char text[] = "what do ya want for nothing?";
    char signature[TOKEN_LENGTH + 1];
    token_sign(jefe, text, strlen(text), signature);
    assert_string_equal(signature, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
    assert_true(token_is_signed(jefe, text, strlen(text), signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read),
        cmocka_unit_test(test_the_largest_fits),
        cmocka_unit_test(test_no_letter_can_be_changed),
        cmocka_unit_test(test_each_refusal_says_why),
        cmocka_unit_test(test_the_signature_is_hmac_sha256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
