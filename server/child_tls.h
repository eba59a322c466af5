// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The certificates of both ports. The supervisor reads them before it forks and again on SIGHUP, as
 * the children do: a child that starts again has a good one also when the files are bad meanwhile.
 */
#pragma once

#include "child_spec.h"
#include "io/net/tls.h"
#include "settings.h"

struct child_tls {
    uint8_t secret[TLS_SECRET_BYTES]; /* the same for all processes */
    struct tls *of[2];                /* by CHILD_EDGE and CHILD_DESK; NULL: plain */
};

void child_tls_init(struct child_tls *t);
void child_tls_done(struct child_tls *t);
/* Reads what the settings name for this kind of child. On a fault the old one stays. */
enum err child_tls_read(struct child_tls *t, enum child_kind kind, const struct settings *s,
                        struct fault *ret_fault) must_use;
/* Borrowed; NULL: plain, or a kind without a port. */
struct tls *child_tls_of(const struct child_tls *t, enum child_kind kind);
