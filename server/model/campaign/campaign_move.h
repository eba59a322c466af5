// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * THE life of a campaign: which moves lead from which state to which.
 */
#pragma once

#include "base/err.h"
#include "model/campaign/campaign_kind.h"

/* The status that 'move' leads to from 'status'. ERR_CONFLICT with *ret_fault saying which moves
 * there are. */
enum err campaign_move(enum campaign_status status, const char *move,
                       enum campaign_status *ret_status, struct fault *ret_fault) must_use;
