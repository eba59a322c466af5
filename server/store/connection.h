// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * A process's connection to the database, with the statements that its kind of process prepares.
 * Each time it has come up it asks whether the schema is the one this program knows; nobody is told
 * of a connection before that. Every process has some; statements are sent by the other files of
 * store.
 */
#pragma once

#include "io/pg/pg.h"

struct connection;

enum connection_user {
    CONNECTION_EDGE,
    CONNECTION_DESK,
    CONNECTION_WORKER,
    CONNECTION_FOLD,
    CONNECTION_SENDER
};

struct connection_options {
    enum connection_user user;
    const char *conninfo;       /* borrowed while the connection lives */
    const char *name;           /* shown in pg_stat_activity; borrowed */
    const char *listen_channel; /* NULL: none */
    int statement_timeout_ms;   /* as in pg_options */
    int lock_timeout_ms;        /* as in pg_options */
    int64_t answer_timeout_us;  /* as in pg_options */
    /* on_ready: up and fit, also after each reconnect. on_unfit: the database holds another schema
     * than this program knows, or answers a statement with other columns; no restart helps. on_down
     * and on_notify as in pg_options. All but on_unfit may be NULL. None may close the connection.
     */
    void (*on_ready)(void *arg);
    void (*on_unfit)(void *arg, const char *why);
    void (*on_down)(void *arg, const char *why);
    void (*on_notify)(void *arg, const char *payload);
    void *arg;
};

/* Begins to connect at once. 'options' is copied. */
struct connection *connection_open(struct loop *l, const struct connection_options *options);
/* Promises what pg_free promises. NULL does nothing. */
void connection_close(struct connection *c);
/* Where statements are sent; borrowed, as long as the connection is open. */
struct pg *connection_pg(const struct connection *c);
/* Up, and the schema has been found to fit at least once. */
bool connection_is_ready(const struct connection *c);
