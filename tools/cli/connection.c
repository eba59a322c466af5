// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/cli/connection.h"

#include "base/json/json.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define CREDENTIALS_FILE "var/credentials.json"

const struct option_row connection_rows[CONNECTION_ROWS] = {
    {"edge", OPTION_TEXT, offsetof(struct connection, edge), 0, 0, "URL",
     "the public port (else METE_EDGE_URL, else " CREDENTIALS_FILE ")"},
    {"desk", OPTION_TEXT, offsetof(struct connection, desk), 0, 0, "URL",
     "the private port (else METE_DESK_URL, …)"},
    {"key", OPTION_TEXT, offsetof(struct connection, key), 0, 0, "SECRET",
     "a secret key (else METE_SECRET_KEY, …)"},
    {"json", OPTION_FLAG, offsetof(struct connection, is_json), 0, 0, NULL,
     "print JSON, for machines"},
};

/* The three things to know, each from four places. */
static const struct {
    const char *option, *variable, *field;
    size_t offset;
    bool is_url;
} sources[] = {
    {"edge", "METE_EDGE_URL", "edge_url", offsetof(struct connection, edge), true},
    {"desk", "METE_DESK_URL", "desk_url", offsetof(struct connection, desk), true},
    {"key", "METE_SECRET_KEY", "secret_key", offsetof(struct connection, key), false},
};

static const char *without_slash(struct arena *arena, const char *url)
{
    size_t n = strlen(url);
    while (n > 0 && url[n - 1] == '/')
        n--;
    return arena_strndup(arena, url, n);
}

static bool is_url(const char *s)
{
    return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

enum err connection_complete(struct connection *c, struct arena *arena, struct fault *ret_fault)
{
    auto_json json_t *file = json_load_file(CREDENTIALS_FILE, JSON_REJECT_DUPLICATES, NULL);
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        const char **value = (const char **)(void *)((char *)c + sources[i].offset);
        const char *found = *value ? *value : getenv(sources[i].variable);
        if (!found || !*found)
            found = json_string_value(json_object_get(file, sources[i].field));
        if (!found)
            return fault_set(ret_fault, ERR_INVALID, "",
                             "where the server is, is not known: give --%s, set %s, or run in the "
                             "directory that holds " CREDENTIALS_FILE,
                             sources[i].option, sources[i].variable);
        if (sources[i].is_url && !is_url(found))
            return fault_set(ret_fault, ERR_INVALID, "", "--%s: \"%s\" is not a URL",
                             sources[i].option, found);
        *value = sources[i].is_url ? without_slash(arena, found) : arena_strdup(arena, found);
    }
    return ERR_OK;
}

static const char *from_file(const char *field, struct arena *arena)
{
    auto_json json_t *file = json_load_file(CREDENTIALS_FILE, JSON_REJECT_DUPLICATES, NULL);
    const char *found = json_string_value(json_object_get(file, field));
    return found && *found ? arena_strdup(arena, found) : NULL;
}

static const char *given(const char *const *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (places[i] && *places[i])
            return places[i];
    return NULL;
}

const char *connection_database(const char *option, struct arena *arena)
{
    const char *places[] = {option, getenv("METE_DATABASE_URL")};
    const char *url = given(places, 2);
    return url ? url : from_file("database_url", arena);
}

const char *connection_owner_database(const char *option, struct arena *arena)
{
    const char *places[] = {option, getenv("METE_DATABASE_OWNER_URL"), getenv("METE_DATABASE_URL")};
    const char *url = given(places, 3);
    return url ? url : from_file("database_owner_url", arena);
}

const char *connection_known_desk(struct arena *arena)
{
    return from_file("desk_url", arena);
}

const char *connection_desk_url(const struct connection *c, struct arena *arena, const char *format,
                                ...)
{
    va_list ap;
    va_start(ap, format);
    int length = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    must(length >= 0);
    char *path = arena_alloc(arena, (size_t)length + 1);
    va_start(ap, format);
    vsnprintf(path, (size_t)length + 1, format, ap);
    va_end(ap);
    if (!c->environment)
        return arena_printf(arena, "%s/api/v1%s", c->desk, path);
    return arena_printf(arena, "%s/api/v1%s%cenvironment=%s", c->desk, path,
                        strchr(path, '?') ? '&' : '?', c->environment);
}
