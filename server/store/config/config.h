// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What the desk keeps: every kind of thing has a query that lists, one that reads one of them with
 * all that a change of it is checked against, and one that changes. Their parameters and columns
 * are the same for all kinds.
 */
#pragma once

#include "io/pg/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* The indexes of a kind's statements in the table of all; QUERY_COUNT where it has none. */
struct config_statements {
    size_t list, read, change;
};

/* Finds "<name>_list" and, if it 'is_written', "<name>_read" and "<name>_change". False: there is
 * no statement of such a name. */
bool config_find(const char *name, bool is_written, struct config_statements *ret);
/* Takes "<name>_read_<action>" in place of the read, where there is one: it reads more to check
 * that action against. */
void config_find_read(const char *name, const char *action, struct config_statements *statements);

struct config_query {
    const struct config_statements *statements;
    int64_t environment_id; /* 0: whichever; for environments alone */
    const char *key;        /* list: those after it, NULL from the beginning; read: NULL of one that
                             * is to be created */
    int rows;               /* list: so many at most */
    bool has_context;       /* read: with what a change is checked against */
};

/* Answers with a page of views: see page.h. */
void config_send_list(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg);

/* What a read says; texts are borrowed from the result. */
struct config_row {
    int64_t clock;       /* of the environment: goes into the change */
    bool is_there;       /* else the rest but 'context' is empty */
    int64_t version;     /* the ETag, from 1 */
    const char *view;    /* JSON object as the API shows it */
    const char *context; /* JSON; NULL when not asked for */
};

void config_send_read(struct pg *pg, const struct config_query *query, pg_answer_fn *fn, void *arg);
void config_read(const PGresult *result, struct config_row *ret);

struct config_change {
    const char *actor;      /* "key:12", "user:3", "system" */
    int64_t environment_id; /* as in a query */
    int64_t clock;          /* as read */
    const char *action;
    const char *key;
    const char *document; /* JSON; NULL: stays */
    const char *plan;     /* JSON object */
};

void config_send_change(struct pg *pg, const struct config_statements *statements,
                        const struct config_change *change, pg_answer_fn *fn, void *arg);
/* Returns false when the environment's clock has moved; nothing was changed then. */
bool config_changed(const PGresult *result, int64_t *ret_version, const char **ret_view);
