// SPDX-License-Identifier: GPL-3.0-or-later
#include "child_tls.h"

#include <sodium.h>

_Static_assert(CHILD_EDGE == 0 && CHILD_DESK == 1, "indexes of child_tls.of");

void child_tls_init(struct child_tls *t)
{
    *t = (struct child_tls){0};
    randombytes_buf(t->secret, sizeof(t->secret));
}

void child_tls_done(struct child_tls *t)
{
    for (int kind = 0; kind < 2; kind++)
        tls_unref(t->of[kind]);
    sodium_memzero(t, sizeof(*t));
}

enum err child_tls_read(struct child_tls *t, enum child_kind kind, const struct settings *s,
                        struct fault *ret_fault)
{
    if (kind > CHILD_DESK)
        return ERR_OK;
    bool is_edge = kind == CHILD_EDGE;
    const char *certificate = is_edge ? s->edge_tls_certificate : s->desk_tls_certificate;
    const char *key = is_edge ? s->edge_tls_key : s->desk_tls_key;
    struct tls *fresh = certificate[0] ? tls_new(certificate, key, t->secret, ret_fault) : NULL;
    if (certificate[0] && !fresh)
        return ERR_INVALID;
    tls_unref(t->of[kind]);
    t->of[kind] = fresh;
    return ERR_OK;
}

struct tls *child_tls_of(const struct child_tls *t, enum child_kind kind)
{
    return kind > CHILD_DESK ? NULL : t->of[kind];
}
