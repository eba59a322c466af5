// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The fields with which every resource ends that is kept, changed and versioned.
 */
#pragma once

#include "base/json/field.h"

#define KEPT_FIELDS                                                                                \
    {.name = "version",                                                                            \
     .kind = FIELD_INT,                                                                            \
     .marks = FIELD_READ_ONLY,                                                                     \
     .meaning = "number of its changes: the ETag"},                                                \
        {.name = "created_at",                                                                     \
         .kind = FIELD_TIME,                                                                       \
         .marks = FIELD_READ_ONLY,                                                                 \
         .meaning = "when made"},                                                                  \
    {                                                                                              \
        .name = "updated_at", .kind = FIELD_TIME, .marks = FIELD_READ_ONLY,                        \
        .meaning = "when last changed"                                                             \
    }
