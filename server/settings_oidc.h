// SPDX-License-Identifier: GPL-3.0-or-later
/* The settings of signing in by a provider, as far as they hang together: beside settings_read. */
#pragma once

#include "settings.h"

enum err settings_check_oidc(const struct settings *s, struct fault *ret_fault) must_use;
