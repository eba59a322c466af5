// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/token.h"

#include <sodium.h>
#include <string.h>

#define PREFIX_MOST 8

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void token_random(char ret_text[TOKEN_LENGTH + 1])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(ret_text, TOKEN_LENGTH + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool token_is_plausible(const char *token)
{
    size_t length = strspn(token, letters);
    return token[length] == '\0' && length >= TOKEN_LENGTH && length <= TOKEN_LENGTH + PREFIX_MOST;
}

void token_hash(const char *token, uint8_t ret_hash[TOKEN_HASH_BYTES])
{
    crypto_hash_sha256(ret_hash, (const unsigned char *)token, strlen(token));
}

void token_sign(const uint8_t secret[TOKEN_SECRET_BYTES], const char *text, size_t length,
                char ret_signature[TOKEN_LENGTH + 1])
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(mac, (const unsigned char *)text, length, secret);
    sodium_bin2base64(ret_signature, TOKEN_LENGTH + 1, mac, sizeof(mac),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool token_is_signed(const uint8_t secret[TOKEN_SECRET_BYTES], const char *text, size_t length,
                     const char *signature)
{
    char right[TOKEN_LENGTH + 1];
    token_sign(secret, text, length, right);
    return strlen(signature) == TOKEN_LENGTH && sodium_memcmp(right, signature, TOKEN_LENGTH) == 0;
}
