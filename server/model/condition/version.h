// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Version numbers as sortable text: "v1.10.0-rc.1+build" becomes "1-10-0 rc-1" with its numbers
 * padded, so that comparing two such texts orders the versions. A release ends in "!", which sorts
 * behind the " " before a prerelease, and before the "-" of one more part.
 */
#pragma once

#include <stddef.h>

/* A leading "v" and everything from the first "+" on is dropped, the rest split at "-" and ".",
 * parts of digits lose their leading zeros and are padded with spaces to twenty. Writes at most
 * 'size' bytes, without a NUL. Returns the bytes that the whole text needs. */
size_t version_pad(const char *version, size_t length, char *out, size_t size);
