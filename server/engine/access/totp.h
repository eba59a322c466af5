// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Codes by time: RFC 6238 with SHA-1, six digits and steps of 30 s, which is what authenticator
 * apps take for granted. Pure. A secret is 160 random bits (RFC 4226, section 4, R6).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_BYTES 20
#define TOTP_STEP_SECONDS 30
#define TOTP_DIGITS       6

#define RECOVERY_CODES      10
#define RECOVERY_CODE_BYTES 10
/* Four groups of four letters with hyphens between, and a NUL. */
#define RECOVERY_CODE_SIZE 20

/* Base32 (RFC 4648) without padding: 8 letters for 5 bytes; 'count' is a multiple of 5. Writes a
 * NUL behind them. */
void base32_write(const uint8_t *bytes, size_t count, char *ret_text);

/* RFC 6238, section 4: HOTP (RFC 4226, section 5.3) of the step, which is seconds since 1970 by
 * 30. */
void totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step,
               char ret_code[TOTP_DIGITS + 1]);
/* Returns the step whose code it is: that of the moment, or one next to it, for clocks that are
 * off; 0: none. Takes as long whichever it is. */
int64_t totp_find_step(const uint8_t secret[TOTP_SECRET_BYTES], const char *code, int64_t wall_us);

/* Is it written as a code is? Spaces are left out first. */
bool totp_is_code(const char *text);

/* Writes a fresh recovery code. */
void recovery_code_random(char ret_text[RECOVERY_CODE_SIZE]);
/* What is stored of one: its SHA-256. Spaces, hyphens and the letters' case say nothing. False:
 * it cannot be one. */
bool recovery_code_hash(const char *text, uint8_t ret_hash[32]);
