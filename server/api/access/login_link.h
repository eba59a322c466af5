// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Links that open a session once. Opening the link in a browser shows a page with one button; only
 * the button (POST to the same path) uses the link up, so that a program which looks at the links
 * of a mail spends nothing. What is refused is a page in words for a browser, a problem document
 * for any other. The pages need no script, and speak English or German.
 */
#pragma once

#include "api/route/route.h"

extern const struct route login_link_routes[];
