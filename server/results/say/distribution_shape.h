// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A distribution by table: as the job stores it, and as results show it.
 */
#pragma once

#include "base/json/shape.h"

/* Writes and describes a struct distribution_document. */
extern const struct shape distribution_shape;
/* The same as it is read from where it was stored: with the moment it was made at. */
extern const struct shape distribution_stored_shape;
