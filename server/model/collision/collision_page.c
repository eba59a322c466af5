// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/collision/collision_page.h"

#include "base/arena.h"
#include "base/json/json.h"
#include "base/text.h"
#include "model/collision/collision_pattern.h"
#include "model/condition/regex.h"

#include <string.h>

#define REGEX_STEPS 100000 /* what a search is reckoned at */
#define SHAPES_MAX  6

/* One row of a list. 'address' is the pattern; of a simple one without what stands behind its
 * path. */
struct page {
    enum { PAGE_SIMPLE, PAGE_EXACT, PAGE_WILDCARD, PAGE_REGEX } match;
    const char *address;
    const char *shapes[SHAPES_MAX]; /* patterns that have all addresses between them */
    size_t shape_count;
    bool is_excluded;
};

struct list {
    struct page *pages;
    size_t count;
};

struct look {
    struct arena *arena;
    struct collision_work *work;
};

/* Without protocol, and with any host before a path. */
static const char *with_host(struct look *look, const char *value)
{
    if (value[0] == '/')
        return arena_printf(look->arena, "%c%s", COLLISION_HOST, value);
    const char *rest = strstr(value, "://");
    return rest && (size_t)(rest - value) <= strlen("https") ? rest + 3 : value;
}

/* As the browser SDK does: up to '?' or '#', without a last '/'. */
static const char *bare(struct look *look, const char *address)
{
    char *out = arena_strdup(look->arena, address);
    out[strcspn(out, "?#")] = '\0';
    size_t length = strlen(out);
    if (length > 1 && out[length - 1] == '/')
        out[length - 1] = '\0';
    return out;
}

/* A simple one has any query; a wildcard is held against the address with it and without it. */
static void shape(struct look *look, struct page *page)
{
    static const char *const endings[SHAPES_MAX] = {"", "?*", "#*", "/", "/?*", "/#*"};
    static const size_t counts[] = {
        [PAGE_SIMPLE] = SHAPES_MAX, [PAGE_EXACT] = 1, [PAGE_WILDCARD] = 3};
    page->shape_count = page->match == PAGE_REGEX ? 0 : counts[page->match];
    for (size_t i = 0; i < page->shape_count; i++)
        page->shapes[i] = arena_printf(look->arena, "%s%s", page->address, endings[i]);
}

static struct page page_of(struct look *look, const json_t *row)
{
    static const char *const words[] = {"simple", "exact", "wildcard", "regex"};
    const char *match = json_text_or(row, "match", words[0]);
    const char *value = json_text_or(row, "value", "");
    struct page page = {.is_excluded = json_is_true(json_object_get(row, "is_excluded"))};
    while (page.match < PAGE_REGEX && strcmp(words[page.match], match) != 0)
        page.match++;
    page.address =
        page.match == PAGE_REGEX ? arena_strdup(look->arena, value) : with_host(look, value);
    if (page.match == PAGE_SIMPLE)
        page.address = bare(look, page.address);
    shape(look, &page);
    return page;
}

static struct list list_of(struct look *look, const json_t *triggers)
{
    const json_t *rows = json_object_get(triggers, "pages");
    struct list list = {.count = json_array_size(rows)};
    list.pages = arena_alloc(look->arena, (list.count + 1) * sizeof(*list.pages));
    bool is_everywhere = true;
    for (size_t i = 0; i < list.count; i++) {
        list.pages[i] = page_of(look, json_array_get(rows, i));
        is_everywhere = is_everywhere && list.pages[i].is_excluded;
    }
    if (is_everywhere) {
        struct page any = {.match = PAGE_WILDCARD, .address = "*"};
        shape(look, &any);
        list.pages[list.count++] = any;
    }
    return list;
}

/* Whether the expression finds something in the address, or what could stand behind it matters. */
static bool is_found(struct look *look, const char *pattern, const struct page *page)
{
    const char *address = page->address;
    const char *path = address[0] == COLLISION_HOST ? address + 1 : strchr(address, '/');
    struct fault fault;
    if (strpbrk(pattern, "#=&") || strstr(pattern, "\\?") ||
        !collision_spend(look->work, REGEX_STEPS))
        return true;
    const struct regex *regex = regex_compile(look->arena, pattern, strlen(pattern), false, &fault);
    path = path && *path ? path : "/";
    const char *const texts[] = {
        path, arena_printf(look->arena, "%s/", path),
        address[0] == COLLISION_HOST ? path : arena_printf(look->arena, "https://%s", address)};
    for (size_t i = 0; regex && i < sizeof(texts) / sizeof(texts[0]); i++)
        if (regex_search(regex, texts[i], strlen(texts[i])) != 0)
            return true;
    return false;
}

static bool meets(struct look *look, const struct page *a, const struct page *b)
{
    if (a->match == PAGE_REGEX)
        return b->match == PAGE_REGEX || b->match == PAGE_WILDCARD || is_found(look, a->address, b);
    if (b->match == PAGE_REGEX)
        return meets(look, b, a);
    for (size_t i = 0; i < a->shape_count; i++)
        for (size_t j = 0; j < b->shape_count; j++)
            if (collision_pattern_meets(a->shapes[i], b->shapes[j], look->work))
                return true;
    return false;
}

/* Whether the excluded page takes in the wanted one whole. */
static bool covers(struct look *look, const struct page *excluded, const struct page *wanted)
{
    if (excluded->match == PAGE_REGEX || wanted->match == PAGE_REGEX)
        return excluded->match == wanted->match && strcmp(excluded->address, wanted->address) == 0;
    if (excluded->match == PAGE_EXACT && wanted->match != PAGE_EXACT)
        return false;
    const char *part = wanted->address;
    if (excluded->match == PAGE_SIMPLE) {
        if (wanted->match == PAGE_WILDCARD)
            return false;
        part = bare(look, part);
    }
    if (excluded->address[0] == COLLISION_HOST && part[0] != COLLISION_HOST && part[0] != '*') {
        const char *path = strchr(part, '/');
        return collision_pattern_covers(excluded->address + 1, path ? path : "", look->work);
    }
    return collision_pattern_covers(excluded->address, part, look->work);
}

static bool is_covered(struct look *look, const struct list *list, const struct page *wanted)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->pages[i].is_excluded && covers(look, &list->pages[i], wanted))
            return true;
    return false;
}

/* Leaves those that are wanted, and that neither of the two campaigns excludes. */
static void take_out_excluded(struct look *look, struct list *list, const struct list *other)
{
    struct list wanted = {arena_alloc(look->arena, list->count * sizeof(*list->pages)), 0};
    for (size_t i = 0; i < list->count; i++) {
        const struct page *page = &list->pages[i];
        if (!page->is_excluded && !is_covered(look, list, page) && !is_covered(look, other, page))
            wanted.pages[wanted.count++] = *page;
    }
    *list = wanted;
}

bool collision_page_meets(const json_t *a, const json_t *b, struct collision_work *work)
{
    auto_arena struct arena *arena = arena_new(0);
    struct look look = {arena, work};
    const struct list all = list_of(&look, a);
    struct list left = all, right = list_of(&look, b);
    take_out_excluded(&look, &left, &right);
    take_out_excluded(&look, &right, &all);
    for (size_t i = 0; i < left.count; i++)
        for (size_t j = 0; j < right.count; j++)
            if (meets(&look, &left.pages[i], &right.pages[j]))
                return true;
    return false;
}
