// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/uuid.h"

#include "base/text.h"

#include <sodium.h>
#include <string.h>

bool uuid_parse(const char *s, size_t length, struct uuid *ret)
{
    if (length != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-')
        return false;
    char hex[32];
    memcpy(hex, s, 8);
    memcpy(hex + 8, s + 9, 4);
    memcpy(hex + 12, s + 14, 4);
    memcpy(hex + 16, s + 19, 4);
    memcpy(hex + 20, s + 24, 12);
    struct uuid id;
    if (!text_unhex(hex, sizeof(hex), id.bytes))
        return false;
    *ret = id;
    return true;
}

void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE])
{
    static const uint8_t part_bytes[] = {4, 2, 2, 2, 6};
    const uint8_t *from = id->bytes;
    for (size_t i = 0; i < sizeof(part_bytes); i++) {
        text_hex(from, part_bytes[i], out);
        from += part_bytes[i];
        out += 2 * part_bytes[i];
        *out++ = i + 1 < sizeof(part_bytes) ? '-' : '\0';
    }
}

int uuid_version(const struct uuid *id)
{
    return id->bytes[6] >> 4;
}

int64_t uuid_time_us(const struct uuid *id)
{
    int64_t ms = 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id->bytes[i];
    return ms * 1000;
}

static void stamp(struct uuid *id, int64_t wall_us, int version)
{
    int64_t ms = wall_us / 1000;
    for (int i = 5; i >= 0; i--, ms >>= 8)
        id->bytes[i] = (uint8_t)(ms & 0xff);
    id->bytes[6] = (uint8_t)((id->bytes[6] & 0x0f) | version << 4);
    id->bytes[8] = (uint8_t)((id->bytes[8] & 0x3f) | 0x80);
}

struct uuid uuid_hashed(int64_t wall_us, const void *name, size_t length)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, name, length);
    struct uuid id;
    memcpy(id.bytes, digest, sizeof(id.bytes));
    stamp(&id, wall_us, 8);
    return id;
}

#define HALF_BITS 37
#define HALF_MASK ((UINT64_C(1) << HALF_BITS) - 1)

struct uuid uuid_placed(int64_t wall_us, struct uuid_place place, const void *name, size_t length)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    uint64_t hash;
    crypto_hash_sha256(digest, name, length);
    memcpy(&hash, digest, sizeof(hash));
    uint64_t order = place.order & HALF_MASK, high = order >> (HALF_BITS - 12);
    uint64_t low = order << HALF_BITS | ((hash + place.copy) & HALF_MASK);
    struct uuid id = {{[6] = (uint8_t)(high >> 8), [7] = (uint8_t)(high & 0xff)}};
    for (int i = 15; i >= 8; i--, low >>= 8)
        id.bytes[i] = (uint8_t)(low & 0xff);
    stamp(&id, wall_us, 8);
    return id;
}
