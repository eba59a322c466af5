// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * GET /api/v1/audit: the lines of the audit log, filtered, page by page. A request looks at so many
 * lines and no more, and says how far it came. Lines that belong to no environment are about people
 * and their sign-ins: admins alone read them.
 */
#pragma once

#include "api/route/route.h"

extern const struct route audit_routes[];
