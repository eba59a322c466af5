// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Secrets nobody can guess.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_LENGTH       43
#define TOKEN_HASH_BYTES   32
#define TOKEN_SECRET_BYTES 32

/* 256 random bits in base64url, with a NUL. */
void token_random(char ret_text[TOKEN_LENGTH + 1]);

/* Could token_random have made it, behind a prefix of a few letters? */
bool token_is_plausible(const char *token);

/* What is stored of a secret: its SHA-256. */
void token_hash(const char *token, uint8_t ret_hash[TOKEN_HASH_BYTES]);

/* HMAC-SHA-256 of the text in base64url, with a NUL. */
void token_sign(const uint8_t secret[TOKEN_SECRET_BYTES], const char *text, size_t length,
                char ret_signature[TOKEN_LENGTH + 1]);
/* Takes as long whatever the signature is. */
bool token_is_signed(const uint8_t secret[TOKEN_SECRET_BYTES], const char *text, size_t length,
                     const char *signature);
