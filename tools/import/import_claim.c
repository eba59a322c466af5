// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * The import as the server keeps it: begun once the file is known from end to end, found again by
 * an interrupted run, replaced or refused where another file stands in its place.
 */
#include "tools/import/import_totals.h"

#include "base/clock.h"
#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

void import_tally_add(struct import_tally *t, const struct import_facts *facts)
{
    if (!facts->variant)
        return;
    bool is_first = t->exposures++ == 0;
    t->first_us = is_first || facts->first_us < t->first_us ? facts->first_us : t->first_us;
    t->last_us = is_first || facts->last_us > t->last_us ? facts->last_us : t->last_us;
    for (size_t i = 0; i < MAPPING_EVENTS; i++)
        t->events[i] += facts->events[i].count;
}

/* {name: how many}: rules of one name together. */
static json_t *events_by_name(const struct import *im)
{
    json_t *all = json_object();
    must(json_object_set_new(all, "exposure", json_integer(im->tally.exposures)) == 0);
    for (size_t i = 0; i < im->mapping->event_count; i++) {
        const char *name = im->mapping->events[i].name;
        json_int_t count = json_integer_value(json_object_get(all, name));
        must(json_object_set_new(all, name, json_integer(count + im->tally.events[i])) == 0);
    }
    return all;
}

static void hex_digest(const struct import *im, char ret[65])
{
    text_hex(im->source.digest, sizeof(im->source.digest), ret);
}

static const char *import_url(const struct import *im, json_int_t id, const char *move)
{
    return connection_desk_url(&im->options->connection, im->arena, "/imports/%lld%s",
                               (long long)id, move);
}

/* The mapping, and what was said beside it of how the file is written. */
static json_t *told_mapping(const struct import *im)
{
    const struct import_options *o = im->options;
    const struct {
        const char *name, *said;
    } options[] = {
        {"encoding", o->encoding}, {"decimal", o->decimal}, {"time_format", o->choice.time_format}};
    json_t *told = json_copy(im->mapping->document);
    must(told);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (options[i].said)
            must(json_object_set_new(told, options[i].name, json_string(options[i].said)) == 0);
    return told;
}

/* What the rows are of; NULL: they are of nothing. */
static json_t *told_rows(const struct import *im)
{
    char first[CLOCK_TEXT_SIZE], last[CLOCK_TEXT_SIZE];
    if (im->totals)
        return json_pack("{s:O}", "totals", im->totals);
    if (im->tally.exposures == 0)
        return NULL;
    clock_format(im->tally.first_us, first);
    clock_format(im->tally.last_us, last);
    return json_pack("{s:o, s:s, s:s}", "events", events_by_name(im), "first_at", first, "last_at",
                     last);
}

static enum err begin(struct import *im, struct fault *fault)
{
    const struct connection *c = &im->options->connection;
    const char *slash = strrchr(im->options->csv_path[0], '/');
    const char *file_name = slash ? slash + 1 : im->options->csv_path[0];
    char digest[65];
    auto_json json_t *told = told_rows(im);
    if (!told)
        return fault_set(fault, ERR_INVALID, "", "no row of the file makes an event");
    hex_digest(im, digest);
    auto_json json_t *file = json_pack("{s:s, s:s, s:o, s:I, s:I}", "file_name", file_name,
                                       "file_sha256", digest, "mapping", told_mapping(im), "rows",
                                       (json_int_t)im->rows, "bad_rows", (json_int_t)im->bad_rows);
    if (!file)
        return fault_set(fault, ERR_INVALID, "", "the file's name is not UTF-8");
    must(json_object_update(told, file) == 0);
    if (im->made_metrics)
        must(json_object_set(told, "made_metrics", im->made_metrics) == 0);
    auto_buf struct buf body = {0};
    json_add_value(&body, told);
    json_t *campaign = NULL;
    const char *url =
        connection_desk_url(c, im->arena, "/campaigns/%s/import", im->mapping->campaign_key);
    enum err e = client_call(im->client, "POST", url, body.data, &campaign, fault);
    if (e) {
        import_totals_place(im, "/totals", fault);
        return e;
    }
    json_decref(im->campaign);
    im->campaign = campaign;
    return ERR_OK;
}

/* Whether it is the import of this file, by this mapping. */
static bool is_same(const struct import *im)
{
    char digest[65];
    auto_json json_t *mapping = told_mapping(im);
    hex_digest(im, digest);
    return strcmp(json_text_or(im->view, "file_sha256", ""), digest) == 0 &&
           json_equal(json_object_get(im->view, "mapping"), mapping);
}

static enum err read_view(struct import *im, struct fault *fault)
{
    json_int_t id = json_integer_value(json_object_get(im->campaign, "import"));
    json_decref(im->view);
    im->view = NULL;
    enum err e = client_call(im->client, "GET", import_url(im, id, ""), NULL, &im->view, fault);
    if (!e)
        im->source.visitor_prefix = json_text_or(im->view, "visitor_prefix", "");
    return e;
}

enum err import_make_room(struct import *im, bool *ret_is_there, struct fault *ret_fault)
{
    const json_t *id = json_object_get(im->campaign, "import");
    const char *key = im->mapping->campaign_key;
    *ret_is_there = true;
    if (strcmp(json_text_or(im->campaign, "status", ""), "draft") == 0)
        return ERR_OK;
    if (!json_is_integer(id))
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "the campaign \"%s\" exists already, and no import made it: give this one "
                         "another key with --campaign",
                         key);
    enum err e = read_view(im, ret_fault);
    if (e || is_same(im))
        return e;
    if (!im->options->is_replacing)
        return fault_set(ret_fault, ERR_CONFLICT, "",
                         "the campaign \"%s\" holds the import of \"%s\" of %.10s, and this is not "
                         "the same file and mapping: --replace puts it in its place, \"mete "
                         "imports --undo %s\" takes that one back, --campaign KEY keeps both",
                         key, json_text_or(im->view, "file_name", ""),
                         json_text_or(im->view, "created_at", ""), key);
    *ret_is_there = false;
    return client_call(im->client, "DELETE", import_url(im, json_integer_value(id), ""), NULL, NULL,
                       ret_fault);
}

enum err import_begin(struct import *im, struct fault *ret_fault)
{
    enum err e = ERR_OK;
    if (!json_is_integer(json_object_get(im->campaign, "import")))
        e = begin(im, ret_fault);
    return e ? e : read_view(im, ret_fault);
}

enum err import_finish(struct import *im, struct fault *ret_fault)
{
    struct fault ignored;
    json_int_t id = json_integer_value(json_object_get(im->view, "id"));
    if (strcmp(json_text_or(im->view, "state", ""), "done") == 0)
        return ERR_OK;
    auto_buf struct buf body = {0};
    buf_printf(&body, "{\"refused\":%llu}", (unsigned long long)im->state.rejected);
    const char *url = import_url(im, id, "/finish");
    enum err e = client_call(im->client, "POST", url, body.data, NULL, ret_fault);
    /* It was taken back while it was sent: what came in behind that goes, too. */
    if (e == ERR_CONFLICT)
        (void)!client_call(im->client, "DELETE", import_url(im, id, ""), NULL, NULL, &ignored);
    return e;
}
