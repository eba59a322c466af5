// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a variant does to a web page: a list of small changes that the browser SDK applies and can
 * take back. Text is text: markup and scripts are kinds of their own, which an environment has to
 * allow.
 */
#pragma once

#include "base/json/field.h"

#include <stdbool.h>

/* One row: the item of a variant's "changes". */
extern const struct field web_change_field;

/* What the table cannot say: the fields that its type takes, and whether it may be used here. */
enum err web_change_check(const json_t *web_change, bool allows_html,
                          struct fault *ret_fault) must_use;
