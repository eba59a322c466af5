// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk shows and nobody writes through it: the log of changes, and events that were
 * refused.
 */
#pragma once

#include "base/json/field.h"

extern const struct field audit_page_fields[];
extern const struct field rejected_event_fields[];
