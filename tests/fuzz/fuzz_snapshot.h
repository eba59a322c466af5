// SPDX-License-Identifier: GPL-3.0-or-later
/* A snapshot with one of everything, for the targets that need an environment. */
#pragma once

#include "model/snapshot/snapshot.h"

const struct snapshot *fuzz_snapshot(void);
