// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What can go wrong, as a value. Every floor uses the same short list; where a person needs words,
 * a function has a last parameter 'struct fault *ret_fault', filled only on failure. Never logs.
 */
#pragma once

#include <stddef.h>

enum err {
    ERR_OK = 0,
    ERR_INVALID,      /* the input is wrong; a fault points at it */
    ERR_NOT_FOUND,    /* no such thing */
    ERR_CONFLICT,     /* it exists already, or its state forbids the move */
    ERR_STALE,        /* somebody else changed it since it was read (ETag) */
    ERR_FORBIDDEN,    /* known, but not allowed */
    ERR_UNAUTHORIZED, /* not known who asks */
    ERR_METHOD,       /* the path is known, but not with this method */
    ERR_TOO_LARGE,    /* over a limit of size or number */
    ERR_LIMITED,      /* asked too often: try again later */
    ERR_BUSY,         /* overloaded for the moment: try again */
    ERR_UNAVAILABLE,  /* a thing it stands on is away (database): try again */
    ERR_IO,           /* the operating system or the network failed */
    ERR_INTERNAL,     /* a promise inside the program was broken */
    ERR_COUNT
};

#define must_use __attribute__((warn_unused_result))

/* Where and why input was refused. 'pointer' is an RFC 6901 JSON pointer ("" = the whole document).
 */
struct fault {
    enum err code;
    char pointer[256];
    char detail[512];
};

/* Fills *f (which may be NULL) and returns 'code', so that a check can end in 'return
 * fault_set(…)'. Over-long texts are cut at a UTF-8 boundary. */
enum err fault_set(struct fault *f, enum err code, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts 'prefix' in front of the pointer: a reader of a part reports in its own coordinates, its
 * caller knows where that part stands. */
void fault_prefix(struct fault *f, const char *prefix);

/* The same with '/key', escaped, and with '/index'. */
void fault_prefix_key(struct fault *f, const char *key);
void fault_prefix_index(struct fault *f, size_t index);

/* Appends '/key' to a pointer in 'buf' with RFC 6901 escapes ('~' "~0", '/' "~1"); cuts when full.
 */
void pointer_push(char *buf, size_t size, const char *key);
void pointer_push_index(char *buf, size_t size, size_t index);
