// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Exchange rates as XML: Cube elements with a time, and in them such with currency and rate. What
 * else stands there is passed over; a document type is refused, so nothing can be expanded. Pure.
 */
#pragma once

#include "model/rate/rate_list.h"

/* As rate_file_read. */
enum err rate_xml_read(const char *text, size_t length, const char *base, struct rate_list *list,
                       struct fault *ret_fault) must_use;
