// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What of a snapshot an edge sends as it is, packed once, where it is compiled, and not for each
 * who asks. A client key is public, and so is all of it.
 */
#pragma once

#include "model/snapshot/snapshot.h"

/* Fills config_gzip of a snapshot that nobody else knows yet; on any thread. */
void snapshot_pack(struct snapshot *s);
