// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/outbox/sender.h"

const struct sender_consumer sender_consumers[] = {
    {0},
};
