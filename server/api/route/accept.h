// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a client accepts, as HTTP's weighted lists say it (RFC 9110, 12.4.2): "gzip, br;q=0.5",
 * "de-CH, de;q=0.9, en;q=0.5".
 */
#pragma once

#include <stddef.h>

/* Returns the weight, 0 to 1000, that 'list' (NULL: empty) gives to a word, whatever its case. It
 * is 0 when the list does not name the word, or names it with a weight that is not well formed. A
 * "*" is not looked at. */
int accept_weight(const char *list, const char *word);

/* The index of the coding (Accept-Encoding) that 'list' likes best, the first among equals;
 * 'count': none of them, the reply goes as it is. A "*" stands for those that the list does not
 * name. */
size_t accept_coding(const char *list, const char *const *codings, size_t count);

/* The index of the language (two letters) that 'list' likes best; 0 when it names none. A region
 * ("de-CH") counts as its language. */
size_t accept_language(const char *list, const char *const *languages, size_t count);
