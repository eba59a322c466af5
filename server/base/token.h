// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Secrets nobody can guess.
 */
#pragma once

#define TOKEN_LENGTH 43

/* 256 random bits in base64url, with a NUL. */
void token_random(char ret_text[TOKEN_LENGTH + 1]);
