// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the database keeps and must not be able to read: sealed by XChaCha20-Poly1305 (libsodium)
 * with the key of the setting sealing_key, and bound to what it is for, so that nobody can move it
 * from one row to another.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAL_KEY_BYTES 32
/* How much longer what is sealed is than what it holds: nonce and tag. */
#define SEAL_EXTRA_BYTES 40

/* Seals 'count' bytes; ret_sealed has SEAL_EXTRA_BYTES more. */
void seal(const uint8_t key[SEAL_KEY_BYTES], const char *use, const uint8_t *bytes, size_t count,
          uint8_t *ret_sealed);
/* Opens what holds 'count' bytes. False: another key or use sealed it, or somebody changed it. */
bool unseal(const uint8_t key[SEAL_KEY_BYTES], const char *use, const uint8_t *sealed, size_t count,
            uint8_t *ret_bytes) __attribute__((warn_unused_result));
