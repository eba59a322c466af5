// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings.h"

#include "base/process/log.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_TEXT, KIND_NUMBER };

static const struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *fallback;
    int64_t low, high;
    bool is_live; /* running children take a new value over on SIGHUP */
    const char *meaning;
} table[] = {
#define TEXT(name, fallback, live, meaning)                                                        \
    {                                                                                              \
#name, KIND_TEXT, offsetof(struct settings, name), fallback, 0, 0, live, meaning           \
    }
#define NUMBER(name, fallback, low, high, live, meaning)                                           \
    {                                                                                              \
#name, KIND_NUMBER, offsetof(struct settings, name), fallback, low, high, live, meaning    \
    }
    TEXT(config, "", false, "a file of 'name = value' lines with these settings"),
    TEXT(database_url, "", false,
         "PostgreSQL: URL or keywords; role without the right to create tables"),
    TEXT(edge_listen, "127.0.0.1:8400", false, "public port: host:port or unix:/path"),
    TEXT(desk_listen, "127.0.0.1:8401", false, "private port: UI and admin API"),
    TEXT(edge_public_url, "", false,
         "the edge as browsers see it, for the line that pages get; empty: edge_listen, where that "
         "is "
         "an address"),
    TEXT(desk_public_url, "", false, "the desk as browsers see it"),
    TEXT(desk_hosts, "", false,
         "names, with commas between, that the desk is reached by beside desk_public_url, "
         "addresses, "
         "localhost and the machine's own name; where either is set, other names get 421"),
    TEXT(edge_tls_certificate, "", true,
         "the public port speaks TLS by this PEM file with the certificate and its chain; empty: "
         "plain"),
    TEXT(edge_tls_key, "", true, "the key to it, PEM, without passphrase"),
    TEXT(desk_tls_certificate, "", true, "the same for the private port"),
    TEXT(desk_tls_key, "", true, "the key to it"),
    TEXT(state_dir, "", false,
         "folder for what edges keep on disk: the last snapshot, and events while PostgreSQL is "
         "away; empty: nothing, and such events get 503"),
    TEXT(metrics_token, "", false,
         "what /metrics wants as bearer token; empty: it answers to private addresses alone, and "
         "not to trusted_proxies"),
    TEXT(sealing_key, "", false,
         "64 hex digits that seal what the database keeps and must not be able to read: secrets of "
         "second factors. The same on all machines; keep it where you keep backups. Empty: nobody "
         "can add a second factor"),
    TEXT(oidc_issuer, "", false,
         "people sign in by this OpenID provider, too, e.g. https://id.example.com; its redirect "
         "URI for us is desk_public_url/sign-in/provider/return"),
    TEXT(oidc_client_id, "", false, "how it knows us"),
    TEXT(oidc_client_secret, "", false, "what we prove that by; empty: by PKCE alone"),
    TEXT(oidc_name, "", false, "what people call it"),
    TEXT(oidc_scopes, "openid email", false, "what it is asked for"),
    TEXT(oidc_role, "", false,
         "role of those it vouches for and nobody invited; empty: they are not let in"),
    TEXT(oidc_role_claim, "", false,
         "the claim that says the role at each sign-in; who has none by oidc_roles gets oidc_role, "
         "or is not let in"),
    TEXT(oidc_roles, "", false, "what it says, as in 'devs=editor, leads=publisher'"),
    TEXT(
        demo_key, "", false,
        "the client key with which the edge serves a demo shop at /demo/; empty: there is no shop"),
    TEXT(trusted_proxies, "", true,
         "addresses and networks, with commas between, that are believed when they say for whom "
         "they "
         "ask (X-Forwarded-For, X-Forwarded-Proto)"),
    TEXT(log_level, "info", true, "debug, info, warn or error"),
    NUMBER(edges, "0", 0, 64, false, "edge processes; 0: one for each core"),
    NUMBER(connections, "10000", 1, 1000000, true, "open connections of one process"),
    NUMBER(connections_per_address, "10000", 1, 1000000, true, "the same for one client address"),
    NUMBER(header_bytes, "16384", 1024, 65536, true, "request line and headers together"),
    NUMBER(event_body_bytes, "262144", 1024, 16777216, false,
           "the largest body of an events request"),
    NUMBER(bodies_bytes, "67108864", 33554432, 1099511627776, true,
           "all bodies of more than a few KB that one process holds; beyond: 503"),
    NUMBER(header_timeout_ms, "10000", 10, 600000, true, "first byte to the end of the headers"),
    NUMBER(body_timeout_ms, "20000", 10, 600000, true, "end of the headers to the end of the body"),
    NUMBER(idle_timeout_ms, "60000", 10, 3600000, true, "between two requests"),
    NUMBER(write_timeout_ms, "20000", 10, 600000, true, "a reply that nobody takes"),
    NUMBER(drain_timeout_ms, "8000", 100, 600000, false,
           "after SIGTERM: to finish what is in work"),
    NUMBER(
        ready_timeout_ms, "60000", 0, 3600000, false,
        "READY=1 is told to systemd after so long also while an edge has nothing to decide from: "
        "the database is away, and no snapshot was kept"),
    NUMBER(hang_timeout_ms, "30000", 0, 3600000, true,
           "a process whose loop stands still for so long is replaced; 0: never"),
    NUMBER(batch_rows, "4000", 1, 50000, false, "most events of one commit"),
    NUMBER(queue_rows, "40000", 500, 1000000, false,
           "most events waiting for a commit; beyond: 503"),
    NUMBER(spool_after_ms, "2000", 10, 60000, false,
           "how long events wait for PostgreSQL before they go to the spool in state_dir"),
    NUMBER(spool_bytes, "1073741824", 65536, 1099511627776, false,
           "disk that the spool of one edge may take; beyond: 503"),
    NUMBER(
        event_days, "0", 0, 36500, false,
        "days that events are kept, 10 at the least; those that a campaign needs stay until it is "
        "archived and over for 30 days; 0: for ever"),
    NUMBER(audit_note_days, "180", 0, 36500, false,
           "days, 7 at the least, that the audit log keeps who was refused, and from where, and "
           "who read people's "
           "data; changes stay for ever; 0: so do these"),
    NUMBER(
        address_requests_per_second, "1000", 0, 1000000000, true,
        "of one client address (IPv6: /64) at the edges and by share links, ten seconds' worth at "
        "once; not for private addresses and secret keys; 0: no limit"),
    NUMBER(key_requests_per_second, "0", 0, 1000000000, true,
           "with one key at the edges, ten seconds' worth at once; 0: no limit"),
    NUMBER(key_events_per_day, "50000000", 0, 1000000000000, true,
           "events of one key in a UTC day, counted since the start; not of keys for old days "
           "(scope backfill); 0: no limit"),
    NUMBER(
        login_attempts_per_minute, "10", 0, 1000000, true,
        "to sign in to one account from one address; three times as many to one account, or ten "
        "times from one address, and further ones wait for their turn, 10 s at most; 0: no limit"),
#undef TEXT
#undef NUMBER
};
#define ROWS (sizeof(table) / sizeof(table[0]))

/* The index is an enum log_level. */
static const char *const levels[] = {"debug", "info", "warn", "error"};
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static const struct row *find_row(const char *name, size_t length)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

static enum err set(struct settings *s, const struct row *row, const char *value,
                    const char *source, struct fault *fault)
{
    char *field = (char *)s + row->offset;
    if (row->kind == KIND_TEXT) {
        const char *copy = arena_strdup(s->arena, value);
        memcpy(field, &copy, sizeof(copy));
        return ERR_OK;
    }
    char *end;
    errno = 0;
    int64_t number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < row->low || number > row->high)
        return fault_set(fault, ERR_INVALID, "",
                         "%s (%s): expected a whole number from %lld to %lld, got '%s'", row->name,
                         source, (long long)row->low, (long long)row->high, value);
    memcpy(field, &number, sizeof(number));
    return ERR_OK;
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        s[--n] = '\0';
    return s;
}

static enum err read_line(struct settings *s, char *line, const char *source, struct fault *fault)
{
    line = trim(line);
    if (*line == '\0' || *line == '#')
        return ERR_OK;
    char *equals = strchr(line, '=');
    if (!equals)
        return fault_set(fault, ERR_INVALID, "", "%s: expected 'name = value', got '%s'", source,
                         line);
    *equals = '\0';
    char *name = trim(line);
    const struct row *row = find_row(name, strlen(name));
    if (!row)
        return fault_set(fault, ERR_INVALID, "", "%s: there is no setting '%s'", source, name);
    return set(s, row, trim(equals + 1), source, fault);
}

static enum err read_file(struct settings *s, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fault_set(fault, ERR_INVALID, "", "config: cannot open '%s': %s", path,
                         strerror(errno));
    char *line = NULL;
    size_t size = 0;
    enum err e = ERR_OK;
    for (int number = 1; !e && getline(&line, &size, file) >= 0; number++) {
        char source[512];
        snprintf(source, sizeof(source), "%s, line %d", path, number);
        e = read_line(s, line, source, fault);
    }
    free(line);
    fclose(file);
    return e;
}

static enum err read_environment(struct settings *s, struct fault *fault)
{
    for (size_t i = 0; i < ROWS; i++) {
        char name[64] = "METE_";
        for (size_t j = 0; table[i].name[j] && j + 6 < sizeof(name); j++)
            name[5 + j] = (char)toupper((unsigned char)table[i].name[j]);
        const char *value = getenv(name);
        enum err e = value ? set(s, &table[i], value, name, fault) : ERR_OK;
        if (e)
            return e;
    }
    return ERR_OK;
}

/* "--name value" or "--name=value"; hyphens stand for underscores. */
static enum err read_argument(struct settings *s, char **argv, int *at, bool only_config,
                              struct fault *fault)
{
    char name[64];
    const char *argument = argv[*at], *value = strchr(argument, '=');
    size_t length = value ? (size_t)(value - argument) : strlen(argument);
    if (strncmp(argument, "--", 2) != 0 || length < 3 || length - 2 >= sizeof(name))
        return fault_set(fault, ERR_INVALID, "", "unknown argument '%s'", argument);
    for (size_t i = 2; i < length; i++)
        name[i - 2] = argument[i] == '-' ? '_' : argument[i];
    const struct row *row = find_row(name, length - 2);
    if (!row)
        return fault_set(fault, ERR_INVALID, "", "there is no setting '%s'", argument);
    if (value)
        value++;
    else if ((value = argv[++*at]) == NULL)
        return fault_set(fault, ERR_INVALID, "", "%s needs a value", argument);
    if (only_config && strcmp(row->name, "config") != 0)
        return ERR_OK;
    return set(s, row, value, "command line", fault);
}

static enum err read_arguments(struct settings *s, int argc, char **argv, bool only_config,
                               struct fault *fault)
{
    for (int i = 1; i < argc; i++) {
        enum err e = read_argument(s, argv, &i, only_config, fault);
        if (e)
            return e;
    }
    return ERR_OK;
}

/* Letters that mean nothing in a page's markup. */
static bool is_token(const char *s)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return s[strspn(s, letters)] == '\0';
}

static bool is_name_list(const char *s)
{
    for (; *s; s++)
        if (!isalnum((unsigned char)*s) && !strchr("-_., ", *s))
            return false;
    return true;
}

static bool is_sealing_key(const char *s)
{
    size_t length = strlen(s);
    return length == 0 || (length == 64 && strspn(s, "0123456789abcdefABCDEF") == length);
}

static enum err check_texts(struct settings *s, struct fault *fault)
{
    struct fault network;
    if (!s->edge_tls_certificate[0] != !s->edge_tls_key[0])
        return fault_set(fault, ERR_INVALID, "",
                         "edge_tls_certificate and edge_tls_key go together");
    if (!s->desk_tls_certificate[0] != !s->desk_tls_key[0])
        return fault_set(fault, ERR_INVALID, "",
                         "desk_tls_certificate and desk_tls_key go together");
    if (!is_token(s->demo_key))
        return fault_set(fault, ERR_INVALID, "", "demo_key: '%s' is not a key", s->demo_key);
    if (!is_sealing_key(s->sealing_key))
        return fault_set(fault, ERR_INVALID, "", "sealing_key: 64 hex digits are expected");
    if (!is_name_list(s->desk_hosts))
        return fault_set(fault, ERR_INVALID, "",
                         "desk_hosts: '%s' is no list of names with commas between", s->desk_hosts);
    if (ip_networks_read(s->arena, s->trusted_proxies, &s->trusted, &network))
        return fault_set(fault, ERR_INVALID, "", "trusted_proxies: %s", network.detail);
    for (size_t i = 0; i < LEVELS; i++)
        if (strcmp(levels[i], s->log_level) == 0)
            return ERR_OK;
    return fault_set(fault, ERR_INVALID, "", "log_level: '%s' is not debug, info, warn or error",
                     s->log_level);
}

static enum err read_sources(struct settings *s, int argc, char **argv, struct fault *fault)
{
    for (size_t i = 0; i < ROWS; i++)
        if (set(s, &table[i], table[i].fallback, "default", fault))
            return ERR_INVALID;
    const char *config = getenv("METE_CONFIG");
    if (config)
        s->config = arena_strdup(s->arena, config);
    if (read_arguments(s, argc, argv, true, fault))
        return ERR_INVALID;
    if (s->config[0] && read_file(s, s->config, fault))
        return ERR_INVALID;
    if (read_environment(s, fault) || read_arguments(s, argc, argv, false, fault))
        return ERR_INVALID;
    return check_texts(s, fault);
}

enum err settings_read(int argc, char **argv, struct settings *ret, struct fault *ret_fault)
{
    struct settings s = {.arena = arena_new(0)};
    enum err e = read_sources(&s, argc, argv, ret_fault);
    if (!e && s.database_url[0] == '\0')
        e = fault_set(ret_fault, ERR_INVALID, "", "database_url is not set (METE_DATABASE_URL)");
    if (e) {
        settings_done(&s);
        return e;
    }
    *ret = s;
    return ERR_OK;
}

void settings_done(struct settings *s)
{
    arena_free(s->arena);
    s->arena = NULL;
}

void settings_print(FILE *out)
{
    for (size_t i = 0; i < ROWS; i++)
        fprintf(out, "# %s%s\n#%s = %s\n\n", table[i].meaning,
                table[i].is_live ? " (read again on SIGHUP)" : "", table[i].name,
                table[i].fallback);
}

static bool is_equal(const struct row *row, const struct settings *a, const struct settings *b)
{
    const char *x = (const char *)a + row->offset, *y = (const char *)b + row->offset;
    if (row->kind == KIND_NUMBER)
        return memcmp(x, y, sizeof(int64_t)) == 0;
    const char *text, *other;
    memcpy(&text, x, sizeof(text));
    memcpy(&other, y, sizeof(other));
    return strcmp(text, other) == 0;
}

void settings_compare(const struct settings *old, const struct settings *fresh,
                      struct buf *ret_live, struct buf *ret_restart)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (is_equal(&table[i], old, fresh))
            continue;
        struct buf *b = table[i].is_live ? ret_live : ret_restart;
        buf_printf(b, "%s%s", b->length ? ", " : "", table[i].name);
    }
}

void settings_set_log_level(const struct settings *s)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (strcmp(levels[i], s->log_level) == 0)
            log_set_level((enum log_level)i);
}
