// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What a statement returns that makes one whole document, as the desk shows it. Several resources'
 * statements have this one column.
 */
#pragma once

#include <libpq-fe.h>

/* JSON, borrowed from the result. */
const char *view_read(const PGresult *result);
