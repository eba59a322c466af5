// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/totp.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/token.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SHA1_BYTES 20
#define LETTERS    16 /* of a recovery code */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void base32_write(const uint8_t *bytes, size_t count, char *ret_text)
{
    must(count % 5 == 0);
    for (size_t at = 0; at < count; at += 5) {
        uint64_t group = 0;
        for (size_t i = 0; i < 5; i++)
            group = group << 8 | bytes[at + i];
        for (size_t i = 0; i < 8; i++)
            *ret_text++ = alphabet[group >> (35 - 5 * i) & 31];
    }
    *ret_text = '\0';
}

void totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
               char ret_code[TOTP_DIGITS + 1])
{
    uint8_t message[8], mac[SHA1_BYTES];
    unsigned length = sizeof(mac);
    for (size_t i = 0; i < sizeof(message); i++)
        message[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    must(HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, message, sizeof(message), mac, &length));
    const uint8_t *at = mac + (mac[SHA1_BYTES - 1] & 15);
    uint32_t number =
        (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    snprintf(ret_code, TOTP_DIGITS + 1, "%06u", number % 1000000);
}

/* Copies all but spaces and hyphens, in upper case. False: more than 'most' are left. */
static bool squeeze(const char *text, size_t most, char *ret)
{
    size_t length = 0;
    for (; *text; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (length == most)
            return false;
        ret[length++] = (char)toupper((unsigned char)*text);
    }
    ret[length] = '\0';
    return true;
}

bool totp_is_code(const char *text)
{
    char code[TOTP_DIGITS + 1];
    return squeeze(text, TOTP_DIGITS, code) && strspn(code, "0123456789") == TOTP_DIGITS;
}

int64_t totp_find_step(const uint8_t secret[TOTP_SECRET_BYTES], const char *code, int64_t wall_us)
{
    char given[TOTP_DIGITS + 1], right[TOTP_DIGITS + 1];
    int64_t now = wall_us / SECOND_US / TOTP_STEP_SECONDS, found = 0;
    if (!totp_is_code(code) || !squeeze(code, TOTP_DIGITS, given))
        return 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        totp_code(secret, step, right);
        if (sodium_memcmp(given, right, TOTP_DIGITS) == 0)
            found = step;
    }
    return found;
}

void recovery_code_random(char ret_text[RECOVERY_CODE_SIZE])
{
    uint8_t bytes[RECOVERY_CODE_BYTES];
    char letters[LETTERS + 1];
    randombytes_buf(bytes, sizeof(bytes));
    base32_write(bytes, sizeof(bytes), letters);
    snprintf(ret_text, RECOVERY_CODE_SIZE, "%.4s-%.4s-%.4s-%.4s", letters, letters + 4, letters + 8,
             letters + 12);
}

bool recovery_code_hash(const char *text, uint8_t ret_hash[TOKEN_HASH_BYTES])
{
    char letters[LETTERS + 1];
    if (!squeeze(text, LETTERS, letters) || strspn(letters, alphabet) != LETTERS)
        return false;
    token_hash(letters, ret_hash);
    return true;
}
