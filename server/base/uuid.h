// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * UUIDs (RFC 9562). An event's id carries its time: version 7 from the SDK, version 8 where the id
 * is a hash of what it names (imports, exposures), with the same 48 leading bits of Unix
 * milliseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uuid {
    uint8_t bytes[16];
};

#define UUID_TEXT_SIZE 37

/* The 36-character form, any case. */
bool uuid_parse(const char *s, size_t length, struct uuid *ret);
void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE]);
int uuid_version(const struct uuid *id);
/* The time inside, microseconds since 1970 (whole milliseconds); meaningful for versions 7 and 8.
 */
int64_t uuid_time_us(const struct uuid *id);
/* Version 8: the time and 74 bits of SHA-256 over 'name'. The same name and time give the same id.
 */
struct uuid uuid_hashed(int64_t wall_us, const void *name, size_t length);

/* Where a name stands among those of the same millisecond. */
struct uuid_place {
    uint64_t order; /* of 37 bits */
    uint32_t copy;  /* of one name */
};

/* The same with half of the hash given up for a place: ids of one millisecond sort by it. */
struct uuid uuid_placed(int64_t wall_us, struct uuid_place place, const void *name, size_t length);
