// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/admin/preview_token.h"

#include "base/clock.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "mpv_"

void preview_token_write(const struct preview_token *t, const uint8_t secret[TOKEN_SECRET_BYTES],
                         char ret_text[PREVIEW_TOKEN_SIZE])
{
    char signature[TOKEN_LENGTH + 1];
    int length = snprintf(
        ret_text, PREVIEW_TOKEN_SIZE, PREFIX "%" PRId64 ".%" PRId64 ".%" PRId64 ".%" PRId64 ".%s",
        t->environment_id, t->campaign_id, t->generation, t->expires_s, t->variant);
    must(length > 0 && length + 1 + TOKEN_LENGTH < PREVIEW_TOKEN_SIZE);
    token_sign(secret, ret_text, (size_t)length, signature);
    ret_text[length] = '.';
    memcpy(ret_text + length + 1, signature, sizeof(signature));
}

static bool read_fields(const char *text, struct preview_token *ret)
{
    return sscanf(text, PREFIX "%" SCNd64 ".%" SCNd64 ".%" SCNd64 ".%" SCNd64 ".%64[^.]",
                  &ret->environment_id, &ret->campaign_id, &ret->generation, &ret->expires_s,
                  ret->variant) == 5;
}

enum err preview_token_read(const char *text, const uint8_t secret[TOKEN_SECRET_BYTES],
                            int64_t environment_id, int64_t now_us, struct preview_token *ret,
                            struct fault *ret_fault)
{
    const char *dot = strrchr(text, '.');
    size_t length = dot ? (size_t)(dot - text) : 0;
    struct preview_token token = {0};
    if (!dot || strncmp(text, PREFIX, strlen(PREFIX)) != 0 ||
        !token_is_signed(secret, text, length, dot + 1) || !read_fields(text, &token))
        return fault_set(
            ret_fault, ERR_FORBIDDEN, "/token",
            "this preview link is incomplete, was revoked, or belongs to another site");
    if (token.environment_id != environment_id)
        return fault_set(ret_fault, ERR_FORBIDDEN, "/token",
                         "this preview link belongs to another environment");
    if (now_us / SECOND_US >= token.expires_s)
        return fault_set(ret_fault, ERR_FORBIDDEN, "/token",
                         "this preview link has ended: ask for a new one");
    *ret = token;
    return ERR_OK;
}
