// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The results document by table: how it is written, described in OpenAPI, and typed for the UI.
 */
#pragma once

#include "base/json/shape.h"

/* Writes and describes a struct results_document. */
extern const struct shape results_shape;
/* A few rows of the same: what a list says of a campaign. */
extern const struct shape results_standing_shape;
/* And for whom the effect is another one. */
extern const struct shape results_findings_shape;
