// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/access/seal.h"

#include <sodium.h>
#include <string.h>

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(SEAL_EXTRA_BYTES == NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "nonce and tag");
_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key");

void seal(const uint8_t key[SEAL_KEY_BYTES], const char *use, const uint8_t *bytes, size_t count,
          uint8_t *ret_sealed)
{
    randombytes_buf(ret_sealed, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed + NONCE_BYTES, NULL, bytes, count,
                                               (const uint8_t *)use, strlen(use), NULL, ret_sealed,
                                               key);
}

bool unseal(const uint8_t key[SEAL_KEY_BYTES], const char *use, const uint8_t *sealed, size_t count,
            uint8_t *ret_bytes)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               ret_bytes, NULL, NULL, sealed + NONCE_BYTES, count + SEAL_EXTRA_BYTES - NONCE_BYTES,
               (const uint8_t *)use, strlen(use), sealed, key) == 0;
}
