// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot/snapshot_private.h"

#include "base/json/json.h"

#include <string.h>

/* The name of the hole that a value stands for, or NULL. */
static const char *hole_of(const json_t *value)
{
    return json_object_size(value) == 1 ? json_string_value(json_object_get(value, "$fill")) : NULL;
}

static void add_hole(struct snapshot_draft *d, const char *name)
{
    struct snapshot_hole hole = {.at = d->text.length, .name = arena_strdup(d->arena, name)};
    buf_add(&d->holes, &hole, sizeof(hole));
}

static void add_object(struct snapshot_draft *d, const json_t *value)
{
    size_t i = 0;
    const char *key;
    json_t *member, *object = json_incref((json_t *)(uintptr_t)value);
    buf_add_char(&d->text, '{');
    json_object_foreach(object, key, member) {
        if (i++)
            buf_add_char(&d->text, ',');
        json_add_string(&d->text, key);
        buf_add_char(&d->text, ':');
        snapshot_draft_add_value(d, member);
    }
    json_decref(object);
    buf_add_char(&d->text, '}');
}

static void add_array(struct snapshot_draft *d, const json_t *value)
{
    buf_add_char(&d->text, '[');
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i)
            buf_add_char(&d->text, ',');
        snapshot_draft_add_value(d, json_array_get(value, i));
    }
    buf_add_char(&d->text, ']');
}

void snapshot_draft_add_value(struct snapshot_draft *d, const json_t *value)
{
    const char *hole = hole_of(value);
    if (hole)
        add_hole(d, hole);
    else if (json_is_object(value))
        add_object(d, value);
    else if (json_is_array(value))
        add_array(d, value);
    else
        json_add_value(&d->text, value);
}

/* What a reader takes for absent. */
static bool is_idle(const json_t *value)
{
    return json_is_null(value) || json_is_false(value) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

json_t *snapshot_lean(const json_t *value)
{
    json_t *given = json_incref((json_t *)(uintptr_t)value), *lean = given, *member;
    const char *key;
    size_t i;
    if (json_is_object(given)) {
        lean = json_object();
        json_object_foreach(given, key, member) {
            if (!is_idle(member))
                json_object_set_new(lean, key, snapshot_lean(member));
        }
        json_decref(given);
    } else if (json_is_array(given)) {
        lean = json_array();
        json_array_foreach(given, i, member) {
            json_array_append_new(lean, snapshot_lean(member));
        }
        json_decref(given);
    }
    return lean;
}

void snapshot_draft_add_text(struct snapshot_draft *d, const char *text, size_t length)
{
    buf_add(&d->text, text, length);
}

void snapshot_draft_add(struct snapshot_draft *d, const struct snapshot_text *text, size_t from)
{
    for (size_t i = 0; i < text->hole_count; i++) {
        struct snapshot_hole hole = text->holes[i];
        hole.at += d->text.length - from;
        buf_add(&d->holes, &hole, sizeof(hole));
    }
    buf_add(&d->text, text->text + from, text->length - from);
}

struct snapshot_text snapshot_draft_take(struct snapshot_draft *d)
{
    struct buf_slice text = snapshot_slice(d->arena, &d->text);
    struct snapshot_hole *holes = arena_alloc(d->arena, d->holes.length);
    if (d->holes.length)
        memcpy(holes, d->holes.data, d->holes.length);
    struct snapshot_text taken = {.text = text.text,
                                  .length = text.length,
                                  .holes = holes,
                                  .hole_count = d->holes.length / sizeof(*holes)};
    buf_done(&d->text);
    buf_done(&d->holes);
    return taken;
}

struct buf_slice snapshot_slice(struct arena *arena, const struct buf *b)
{
    return (struct buf_slice){arena_strndup(arena, b->data ? b->data : "", b->length), b->length};
}

const char *snapshot_member(struct arena *arena, const json_t *object, const char *key)
{
    return arena_strdup(arena, json_string_value(json_object_get(object, key)));
}

struct snapshot_text snapshot_render_flag(struct arena *arena, const char *key, const json_t *value)
{
    struct snapshot_draft d = {.arena = arena};
    buf_add_char(&d.text, ',');
    json_add_string(&d.text, key);
    buf_add_char(&d.text, ':');
    snapshot_draft_add_value(&d, value);
    return snapshot_draft_take(&d);
}

void snapshot_text_fill(struct buf *b, const struct snapshot_text *text, const json_t *found)
{
    size_t at = 0;
    for (size_t i = 0; i < text->hole_count; i++) {
        const json_t *value = json_object_get(found, text->holes[i].name);
        buf_add(b, text->text + at, text->holes[i].at - at);
        at = text->holes[i].at;
        if (value)
            json_add_value(b, value);
        else
            buf_add(b, "null", 4);
    }
    buf_add(b, text->text + at, text->length - at);
}
