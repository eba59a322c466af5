// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/token.h"

#include <sodium.h>
#include <stdint.h>

void token_random(char ret_text[TOKEN_LENGTH + 1])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(ret_text, TOKEN_LENGTH + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
