// SPDX-License-Identifier: GPL-3.0-or-later
#include "decide/question.h"

#include "base/json/json.h"
#include "base/json/json_id.h"
#include "base/json/json_quick.h"

#include <string.h>

#define CAMPAIGNS_NAMED_MAX 1000
/* Objects with more members are left to the way over a tree. */
#define MEMBERS_MAX 32

static const struct json_limits limits = {.bytes = QUESTION_BYTES, .depth = 16, .nodes = 20000};

/* A body that is being walked over. */
struct walk {
    struct json_cursor cursor;
    struct question *question;
    const struct condition_names *names;
    struct condition_value *values; /* by slot */
    size_t visitor_id_length;
};

/* The keys of an object so far: an object that has one twice is refused. */
struct keys {
    size_t count;
    struct key {
        const char *text;
        size_t length;
    } keys[MEMBERS_MAX];
};

/* Takes the value behind a key. */
typedef bool member_fn(struct walk *w, const struct key *key);

static enum err check_campaigns(const json_t *list, struct fault *fault)
{
    if (!json_is_array(list) || json_array_size(list) > CAMPAIGNS_NAMED_MAX)
        return fault_set(fault, ERR_INVALID, "/campaigns",
                         "must be an array of at most %d campaign keys", CAMPAIGNS_NAMED_MAX);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_string(json_array_get(list, i))) {
            char pointer[64] = "/campaigns";
            pointer_push_index(pointer, sizeof(pointer), i);
            return fault_set(fault, ERR_INVALID, pointer, "must be a campaign's key");
        }
    return ERR_OK;
}

static bool add_key(struct keys *k, const struct key *key)
{
    if (k->count == MEMBERS_MAX)
        return false;
    for (size_t i = 0; i < k->count; i++)
        if (k->keys[i].length == key->length &&
            memcmp(k->keys[i].text, key->text, key->length) == 0)
            return false;
    k->keys[k->count++] = *key;
    return true;
}

static bool walk_object(struct walk *w, member_fn *take_member)
{
    struct keys keys;
    struct key key;
    bool is_last, is_fine = json_cursor_open(&w->cursor, '{', &is_last);
    keys.count = 0;
    while (is_fine && !is_last)
        is_fine = json_cursor_key(&w->cursor, &key.text, &key.length) && add_key(&keys, &key) &&
                  take_member(w, &key) && json_cursor_next(&w->cursor, '}', &is_last);
    return is_fine;
}

/* The next value as a tree that lives as long as the question. */
static const json_t *take_tree(struct walk *w)
{
    json_t *value = json_quick_value(&w->cursor);
    if (!value)
        return NULL;
    if (!w->question->kept)
        w->question->kept = json_array();
    json_array_append_new(w->question->kept, value);
    return value;
}

static bool take_number(struct walk *w, struct condition_value *ret)
{
    struct json_plain_number n;
    if (!json_cursor_number(&w->cursor, &n))
        return false;
    *ret = n.is_real ? (struct condition_value){.kind = CONDITION_NUMBER, .number = n.real}
                     : condition_value_of_whole(n.integer);
    return true;
}

static bool take_word(struct walk *w, struct condition_value *ret)
{
    enum json_word word;
    if (!json_cursor_word(&w->cursor, &word))
        return false;
    *ret = (struct condition_value){.kind =
                                        word == JSON_WORD_NULL ? CONDITION_NULL : CONDITION_BOOLEAN,
                                    .number = word == JSON_WORD_TRUE};
    return true;
}

static bool take_value(struct walk *w, struct condition_value *ret)
{
    char first = json_cursor_peek(&w->cursor);
    if (first == '"') {
        *ret = (struct condition_value){.kind = CONDITION_STRING};
        return json_cursor_text(&w->cursor, &ret->text, &ret->length);
    }
    if (first == '-' || (first >= '0' && first <= '9'))
        return take_number(w, ret);
    if (first != '{' && first != '[')
        return take_word(w, ret);
    const json_t *tree = take_tree(w);
    *ret = condition_value_of(tree);
    return tree != NULL;
}

static bool take_attribute(struct walk *w, const struct key *key)
{
    struct condition_value unasked;
    int slot = condition_names_find(w->names, key->text, key->length);
    return take_value(w, slot < 0 ? &unasked : &w->values[slot]);
}

static bool is_named(const struct key *key, const char *name)
{
    return key->length == strlen(name) && memcmp(key->text, name, key->length) == 0;
}

static bool take_member(struct walk *w, const struct key *key)
{
    struct question *q = w->question;
    struct condition_value unasked;
    struct fault fault;
    if (is_named(key, "visitor_id"))
        return json_cursor_text(&w->cursor, &q->visitor_id, &w->visitor_id_length) &&
               text_is_id(q->visitor_id, w->visitor_id_length);
    if (is_named(key, "attributes"))
        return walk_object(w, take_attribute);
    if (!is_named(key, "campaigns"))
        return take_value(w, &unasked);
    q->campaigns = take_tree(w);
    return q->campaigns && check_campaigns(q->campaigns, &fault) == ERR_OK;
}

/* Strings stand in the text, each before its quotation mark, which nobody needs any more. */
static void terminate(const struct walk *w, char *text)
{
    text[w->question->visitor_id - text + (ptrdiff_t)w->visitor_id_length] = '\0';
    for (size_t i = 0; i < w->names->count; i++) {
        const struct condition_value *v = &w->values[i];
        if (v->kind == CONDITION_STRING)
            text[v->text - text + (ptrdiff_t)v->length] = '\0';
    }
}

/* False: not plain, or not right. */
static bool read_plain(struct question *q, const struct condition_names *names,
                       struct condition_value *values, char *text, size_t length)
{
    struct walk w = {.cursor = json_cursor_of(text, length, &limits),
                     .question = q,
                     .names = names,
                     .values = values};
    if (!walk_object(&w, take_member) || !json_cursor_is_done(&w.cursor) || !q->visitor_id)
        return false;
    terminate(&w, text);
    return true;
}

/* Events read ids in the same ways (model/event): a visitor must not be two. */
static enum err read_id(struct question *q, struct arena *arena, bool is_repaired,
                        struct fault *fault)
{
    char digits[JSON_ID_DIGITS];
    size_t length = 0;
    const json_t *id = json_member(q->kept, "visitor_id");
    const char *text = json_id_text(id, digits, &length);
    if (!text || !text_is_id(text, length))
        return fault_set(fault, ERR_INVALID, "/visitor_id",
                         id ? "must be 1 to 256 bytes of printable text, or a whole number"
                            : "is missing: whose decision is it?");
    if (is_repaired && strstr(text, "\xef\xbf\xbd"))
        return fault_set(fault, ERR_INVALID, "/visitor_id", "holds a lone surrogate");
    q->visitor_id = arena_strndup(arena, text, length);
    return ERR_OK;
}

static enum err read_tree(struct question *q, struct arena *arena,
                          const struct condition_names *names, bool is_repaired,
                          struct condition_value *values, struct fault *fault)
{
    if (!json_is_object(q->kept))
        return fault_set(fault, ERR_INVALID, "", "the body must be an object");
    if (read_id(q, arena, is_repaired, fault))
        return ERR_INVALID;
    const json_t *attributes = json_member(q->kept, "attributes");
    if (attributes && !json_is_object(attributes))
        return fault_set(fault, ERR_INVALID, "/attributes", "must be an object");
    condition_names_read(names, attributes, values);
    q->campaigns = json_member(q->kept, "campaigns");
    return q->campaigns ? check_campaigns(q->campaigns, fault) : ERR_OK;
}

enum err question_read(struct question *ret, struct arena *arena, const struct snapshot *s,
                       char *text, size_t length, struct fault *ret_fault)
{
    struct condition_value *values = arena_zalloc(arena, s->names.count * sizeof(*values));
    bool is_repaired;
    *ret = (struct question){.attributes = values};
    if (read_plain(ret, &s->names, values, text, length))
        return ERR_OK;
    question_done(ret);
    *ret = (struct question){.attributes = values,
                             .kept = json_parse(text, length, &limits, &is_repaired, ret_fault)};
    if (!ret->kept)
        return ret_fault->code;
    return read_tree(ret, arena, &s->names, is_repaired, values, ret_fault);
}

void question_done(struct question *q)
{
    json_decref(q->kept);
}
