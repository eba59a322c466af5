// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a preview link carries: which variant of which draft it shows, and until when, signed with
 * the environment's secret. "mpv_ENVIRONMENT.CAMPAIGN.GENERATION.EXPIRY.VARIANT.SIGNATURE":
 * numbers, seconds since 1970, a key. The desk writes it and the edge reads it; nobody else can
 * make one. A new secret ends all links of an environment, a new generation those of a campaign.
 */
#pragma once

#include "base/err.h"
#include "base/text.h"
#include "base/token.h"

#define PREVIEW_KEY_SIZE   65
#define PREVIEW_TOKEN_SIZE 256

struct preview_token {
    int64_t environment_id, campaign_id, generation;
    int64_t expires_s;
    char variant[PREVIEW_KEY_SIZE];
};

void preview_token_write(const struct preview_token *token,
                         const uint8_t secret[TOKEN_SECRET_BYTES],
                         char ret_text[PREVIEW_TOKEN_SIZE]);

/* ERR_FORBIDDEN with a sentence for who opened the link: it was not signed for this environment, or
 * has ended. Whether its generation is the campaign's is for the caller to compare. */
enum err preview_token_read(const char *text, const uint8_t secret[TOKEN_SECRET_BYTES],
                            int64_t environment_id, int64_t now_us, struct preview_token *ret,
                            struct fault *ret_fault) must_use;
