// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The settings of meted: one table of name, kind, default and meaning. Default < file < environment
 * (METE_NAME) < command line (--name). 'meted --print-settings' prints the table as a commented
 * file.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "io/net/ip.h"

#include <stdint.h>
#include <stdio.h>

struct settings {
    struct arena *arena;
    const char *config;
    const char *database_url;
    const char *edge_listen;
    const char *desk_listen;
    const char *edge_public_url;
    const char *desk_public_url;
    const char *desk_hosts;
    const char *edge_tls_certificate;
    const char *edge_tls_key;
    const char *desk_tls_certificate;
    const char *desk_tls_key;
    const char *state_dir;
    const char *metrics_token;
    const char *sealing_key;
    const char *oidc_issuer;
    const char *oidc_client_id;
    const char *oidc_client_secret;
    const char *oidc_name;
    const char *oidc_scopes;
    const char *oidc_role;
    const char *oidc_role_claim;
    const char *oidc_roles;
    const char *demo_key;
    const char *trusted_proxies;
    struct ip_networks trusted; /* the same, read */
    const char *log_level;
    int64_t edges;
    int64_t connections;
    int64_t connections_per_address;
    int64_t header_bytes;
    int64_t event_body_bytes;
    int64_t bodies_bytes;
    int64_t header_timeout_ms;
    int64_t body_timeout_ms;
    int64_t idle_timeout_ms;
    int64_t write_timeout_ms;
    int64_t drain_timeout_ms;
    int64_t ready_timeout_ms;
    int64_t hang_timeout_ms;
    int64_t batch_rows;
    int64_t queue_rows;
    int64_t spool_after_ms;
    int64_t spool_bytes;
    int64_t event_days;
    int64_t audit_note_days;
    int64_t address_requests_per_second;
    int64_t key_requests_per_second;
    int64_t key_events_per_day;
    int64_t login_attempts_per_minute;
};

/* Reads all four sources. ERR_INVALID: a fault whose detail names the setting and its source. On
 * success 'ret' owns an arena: settings_done. */
enum err settings_read(int argc, char **argv, struct settings *ret,
                       struct fault *ret_fault) must_use;
void settings_done(struct settings *s);
/* Prints the commented sample with the defaults. */
void settings_print(FILE *out);
/* Appends the names of what differs: what running children take over on SIGHUP, and what only
 * children that start later do (or, for 'edges' and the ports, a new start of the whole). */
void settings_compare(const struct settings *old, const struct settings *fresh,
                      struct buf *ret_live, struct buf *ret_restart);
/* Logs of this process from now on as the setting says. */
void settings_set_log_level(const struct settings *s);
