// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/campaign/web_change.h"

#include "base/mem.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const types[] = {"text",      "attribute", "class",    "style",  "insert",
                                    "move",      "hide",      "redirect", "banner", "popin",
                                    "countdown", "html",      "script",   NULL};
static const char *const positions[] = {"before", "prepend", "append", "after", NULL};
static const char *const places[] = {"top", "bottom", NULL};

/* A name that can do nothing but be a name: handlers ("onclick") are scripts. */
static enum err check_name(const json_t *value, struct fault *fault)
{
    const char *s = json_string_value(value);
    size_t good = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:");
    if (s[good] != '\0')
        return fault_set(fault, ERR_INVALID, "", "must be the name of an attribute or property");
    return strncasecmp(s, "on", 2) == 0
               ? fault_set(fault, ERR_INVALID, "", "event handlers cannot be set")
               : ERR_OK;
}

static enum err check_url(const json_t *value, struct fault *fault)
{
    const char *s = json_string_value(value);
    bool is_local = s[0] == '/' && s[1] != '/' && s[1] != '\\';
    bool is_web = strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0;
    return is_local || is_web ? ERR_OK
                              : fault_set(fault, ERR_INVALID, "",
                                          "must begin with https://, http:// or a single /");
}

static const struct field web_change_fields[] = {
    {.name = "type",
     .kind = FIELD_WORD,
     .marks = FIELD_REQUIRED,
     .words = types,
     .meaning = "what it does; html and script only where the environment allows them"},
    {.name = "selector",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 1000,
     .meaning = "CSS: which elements"},
    {.name = "name",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 100,
     .check = check_name,
     .meaning = "of an attribute or style property"},
    {.name = "value",
     .kind = FIELD_TEXT,
     .max = 20000,
     .meaning = "text, value, classes to add (-name takes one away), markup or script; {time} in a "
                "countdown"},
    {.name = "title", .kind = FIELD_TEXT, .max = 200, .meaning = "of a pop-in"},
    {.name = "label",
     .kind = FIELD_TEXT,
     .max = 100,
     .meaning = "of the link in a banner or pop-in"},
    {.name = "position",
     .kind = FIELD_WORD,
     .words = positions,
     .meaning = "where it is inserted or moved to, seen from the element"},
    {.name = "place", .kind = FIELD_WORD, .words = places, .meaning = "of a banner; null: top"},
    {.name = "target", .kind = FIELD_TEXT, .min = 1, .max = 1000, .meaning = "CSS: moved to it"},
    {.name = "url",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 2000,
     .check = check_url,
     .meaning = "where a redirect or link leads"},
    {.name = "end", .kind = FIELD_TIME, .meaning = "of a countdown"},
    {0},
};

const struct field web_change_field = {.kind = FIELD_OBJECT, .of = web_change_fields};

/* Which fields a type needs, and which it may have beside. */
static const struct usage {
    const char *type;
    const char *needed[4];
    const char *allowed[4];
    bool is_markup;
} usages[] = {
    {.type = "text", .needed = {"selector", "value"}},
    {.type = "attribute", .needed = {"selector", "name", "value"}},
    {.type = "class", .needed = {"selector", "value"}},
    {.type = "style", .needed = {"selector", "name", "value"}},
    {.type = "insert", .needed = {"selector", "position", "value"}},
    {.type = "move", .needed = {"selector", "target", "position"}},
    {.type = "hide", .needed = {"selector"}},
    {.type = "redirect", .needed = {"url"}},
    {.type = "banner", .needed = {"value"}, .allowed = {"url", "label", "place"}},
    {.type = "popin", .needed = {"value"}, .allowed = {"title", "url", "label"}},
    {.type = "countdown", .needed = {"end", "value"}, .allowed = {"selector", "place"}},
    {.type = "html", .needed = {"selector", "value"}, .allowed = {"position"}, .is_markup = true},
    {.type = "script", .needed = {"value"}, .is_markup = true},
};

static bool has(const char *const names[4], const char *name)
{
    for (size_t i = 0; i < 4 && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static enum err check_fields(const struct usage *usage, const json_t *web_change,
                             struct fault *fault)
{
    for (const struct field *f = web_change_fields + 1; f->name; f++) {
        bool is_there = !json_is_null(json_object_get(web_change, f->name));
        char pointer[64] = "";
        pointer_push(pointer, sizeof(pointer), f->name);
        if (has(usage->needed, f->name) && !is_there)
            return fault_set(fault, ERR_INVALID, pointer, "is needed for %s", usage->type);
        if (is_there && !has(usage->needed, f->name) && !has(usage->allowed, f->name))
            return fault_set(fault, ERR_INVALID, pointer, "has no meaning for %s", usage->type);
    }
    return ERR_OK;
}

/* An address that a click would run. Browsers look past blanks and control characters. */
static bool is_script_address(const json_t *web_change)
{
    static const char *const scripts[] = {"javascript:", "vbscript:", "data:text/html"};
    const char *value = json_string_value(json_object_get(web_change, "value"));
    char begin[24];
    size_t length = 0;
    for (; *value && length < sizeof(begin) - 1; value++)
        if ((unsigned char)*value > ' ')
            begin[length++] = *value;
    begin[length] = '\0';
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
        if (strncasecmp(begin, scripts[i], strlen(scripts[i])) == 0)
            return true;
    return false;
}

/* What stays as it is where markup is kept out: elements that load or run something, attributes
 * that say where data goes. The SDK has the same tables, and judges the elements that it finds. */
static const char *const elements[] = {"script", "style",  "base",  "meta",    "link",
                                       "iframe", "object", "embed", "animate", "set"};
static const char *const names[] = {"action", "formaction", "method",    "formmethod", "srcdoc",
                                    "ping",   "nonce",      "integrity", "http-equiv"};

/* Of frameworks: they run what such attributes hold. */
static const char *const prefixes[] = {"x-", "v-", "ng-", "hx-"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* An attribute of such a name, in capitals or not. */
static bool is_kept_name(const char *name)
{
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (strncasecmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

static bool is_element(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(elements); i++)
        if (strlen(elements[i]) == length && strncasecmp(name, elements[i], length) == 0)
            return true;
    return false;
}

/* Behind the bracket that closes this one, or the end. */
static const char *skip_brackets(const char *s)
{
    int depth = 0;
    char quote = '\0';
    for (; *s; s++) {
        if (*s == '\\' && s[1])
            s++;
        else if (quote)
            quote = *s == quote ? '\0' : quote;
        else if (*s == '"' || *s == '\'')
            quote = *s;
        else if (*s == '[' || *s == '(')
            depth++;
        else if ((*s == ']' || *s == ')') && --depth == 0)
            return s + 1;
    }
    return s;
}

/* Does the selector name such an element as the one that it selects? "p > script" does, "script +
 * p" and ".any" do not. */
static bool selects_kept(const char *selector)
{
    const char *s = selector, *type = "";
    size_t length = 0;
    bool is_start = true; /* of a compound: only there stands the name of an element */
    while (*s) {
        if (*s == ',' && is_element(type, length))
            return true;
        if (strchr(", \t\r\n\f>+~|", *s)) {
            is_start = true;
            s++;
            continue;
        }
        if (is_start) {
            type = s;
            length = isalpha((unsigned char)*s)
                         ? strspn(s, "abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
                         : 0;
        }
        is_start = false;
        if (*s == '[' || *s == '(')
            s = skip_brackets(s);
        else
            s += length && s == type ? length : 1;
    }
    return is_element(type, length);
}

/* Markup would come in by other doors: a script's source, a frame's document, a form's target. */
static enum err check_kept(const json_t *web_change, const char *type, struct fault *fault)
{
    static const char *const touching[4] = {"text", "attribute", "insert", "move"};
    const char *selector = json_string_value(json_object_get(web_change, "selector"));
    const char *name = json_string_value(json_object_get(web_change, "name"));
    if (has(touching, type) && selects_kept(selector))
        return fault_set(fault, ERR_INVALID, "/selector",
                         "selects elements that load or run something; they can be changed only "
                         "where the environment allows html (allows_html)");
    if (strcmp(type, "attribute") == 0 && is_kept_name(name))
        return fault_set(fault, ERR_INVALID, "/name",
                         "%s can be set only where the environment allows html (allows_html)",
                         name);
    return ERR_OK;
}

enum err web_change_check(const json_t *web_change, bool allows_html, struct fault *ret_fault)
{
    const char *type = json_string_value(json_object_get(web_change, "type"));
    const struct usage *usage = NULL;
    for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
        if (strcmp(usages[i].type, type) == 0)
            usage = &usages[i];
    must(usage);
    if (usage->is_markup && !allows_html)
        return fault_set(ret_fault, ERR_INVALID, "/type",
                         "%s is not allowed in this environment (allows_html)", type);
    enum err e = check_fields(usage, web_change, ret_fault);
    if (!e && !allows_html)
        e = check_kept(web_change, type, ret_fault);
    if (!e && strcmp(type, "attribute") == 0 && is_script_address(web_change))
        return fault_set(ret_fault, ERR_INVALID, "/value", "scripts cannot be set as an address");
    return e;
}
