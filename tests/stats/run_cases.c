// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * Runs files of reference cases through the methods of `mete stats`: each file names its method and
 * holds inputs, the fields expected, and how near a number must come: |got - expected| <= abs +
 * rel |expected|. Arguments: the folder, and the least number of files it must hold. Reports each
 * case as one test, as TAP; an absent folder is a plan of none, skipped.
 */
#include "base/arena.h"
#include "base/json/json.h"
#include "base/text.h"
#include "tools/stats/stats_table.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    size_t cases, failed;
};

struct tolerance {
    double rel, abs;
};

/* The tolerance of one field: its own where the case names it. */
static struct tolerance tolerance_of(const json_t *tolerance, const char *field)
{
    const json_t *own = json_object_get(json_object_get(tolerance, "fields"), field);
    const json_t *rel = own ? json_object_get(own, "rel") : NULL;
    const json_t *abs = own ? json_object_get(own, "abs") : NULL;
    return (struct tolerance){json_number_value(rel ? rel : json_object_get(tolerance, "rel")),
                              json_number_value(abs ? abs : json_object_get(tolerance, "abs"))};
}

static bool is_near(double got, double expected, struct tolerance t)
{
    return fabs(got - expected) <= t.abs + t.rel * fabs(expected);
}

static bool matches(const json_t *got, const json_t *expected, struct tolerance t);

static bool matches_list(const json_t *got, const json_t *expected, struct tolerance t)
{
    if (!json_is_array(got) || json_array_size(got) != json_array_size(expected))
        return false;
    for (size_t i = 0; i < json_array_size(expected); i++)
        if (!matches(json_array_get(got, i), json_array_get(expected, i), t))
            return false;
    return true;
}

static bool matches(const json_t *got, const json_t *expected, struct tolerance t)
{
    if (json_is_array(expected))
        return matches_list(got, expected, t);
    if (json_is_number(expected))
        return json_is_number(got) &&
               is_near(json_number_value(got), json_number_value(expected), t);
    return got && json_equal(got, expected);
}

static void complain(const char *id, const char *field, const json_t *got, const json_t *expected)
{
    char *g = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL;
    char *e = json_dumps(expected, JSON_ENCODE_ANY);
    printf("# %s: %s is %s, expected %s\n", id, field, g ? g : "absent", e);
    free(g);
    free(e);
}

/* Compares every field expected, nested objects too. */
static bool check_fields(const char *id, const json_t *got, const json_t *expected,
                         const json_t *tolerance)
{
    bool is_right = true;
    const char *field;
    json_t *want;
    json_object_foreach((json_t *)(uintptr_t)expected, field, want) {
        const json_t *value = json_object_get(got, field);
        if (json_is_object(want)) {
            is_right = check_fields(id, value, want, tolerance) && is_right;
        } else if (!matches(value, want, tolerance_of(tolerance, field))) {
            complain(id, field, value, want);
            is_right = false;
        }
    }
    return is_right;
}

static bool check_case(const struct stats_method *method, const json_t *one)
{
    auto_arena struct arena *arena = arena_new(0);
    auto_buf struct buf out = {0};
    struct fault fault;
    const char *id = json_string_value(json_object_get(one, "id"));
    if (stats_method_run(method, json_object_get(one, "input"), arena, &out, &fault) != ERR_OK) {
        printf("# %s: refused: %s %s\n", id, fault.pointer, fault.detail);
        return false;
    }
    auto_json json_t *got = json_loads(out.data, 0, NULL);
    return check_fields(id, got, json_object_get(one, "expected"),
                        json_object_get(one, "tolerance"));
}

static void count_case(struct tally *tally, bool is_right, const char *method, const char *id)
{
    tally->cases++;
    tally->failed += !is_right;
    printf("%s %zu - %s: %s\n", is_right ? "ok" : "not ok", tally->cases, method, id);
}

/* A file that cannot be read, or is empty, is one case that failed. */
static void check_file(const char *path, struct tally *tally)
{
    json_error_t error;
    auto_json json_t *file = json_load_file(path, 0, &error);
    const char *name = json_string_value(json_object_get(file, "method"));
    const struct stats_method *method = name ? stats_method_find(name) : NULL;
    const json_t *cases = json_object_get(file, "cases");
    if (!method || json_array_size(cases) == 0)
        count_case(tally, false, path, !file ? error.text : method ? "no cases" : "its method");
    for (size_t i = 0; method && i < json_array_size(cases); i++) {
        const json_t *one = json_array_get(cases, i);
        const char *id = json_string_value(json_object_get(one, "id"));
        count_case(tally, check_case(method, one), name, id ? id : "without an id");
    }
}

static int is_json(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

/* METE_SHARED/ at the front stands for that variable, by default ../shared; a relative one starts
 * at the source tree. */
static void place_of(const char *folder, char *path, size_t size)
{
    static const char mark[] = "METE_SHARED/";
    const char *shared = getenv("METE_SHARED");
    if (strncmp(folder, mark, strlen(mark)) != 0) {
        snprintf(path, size, "%s", folder);
        return;
    }
    if (!shared || !*shared)
        shared = "../shared";
    snprintf(path, size, "%s%s/%s", *shared == '/' ? "" : SOURCE_ROOT "/", shared,
             folder + strlen(mark));
}

int main(int argc, char **argv)
{
    stats_init();
    char folder[4096], path[8192];
    struct dirent **entries;
    if (argc != 3)
        return 2;
    place_of(argv[1], folder, sizeof(folder));
    int files = scandir(folder, &entries, is_json, alphasort);
    if (files < 0) {
        printf("1..0 # SKIP %s is not there\n", folder);
        return 0;
    }
    struct tally tally = {0, 0};
    for (int i = 0; i < files; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        check_file(path, &tally);
        free(entries[i]);
    }
    free(entries);
    if (files < atoi(argv[2]))
        count_case(&tally, false, folder, "too few files");
    printf("1..%zu\n# %zu of %zu cases in %d files\n", tally.cases, tally.cases - tally.failed,
           tally.cases, files);
    return tally.failed > 0;
}
