// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import_totals.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static const char *text_field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static const char *url_of(const struct import *im, const char *collection, const char *key)
{
    return connection_desk_url(&im->options->connection, im->arena, "/%s%s%s", collection,
                               key ? "/" : "", key ? key : "");
}

static enum err create(struct import *im, const char *collection, const struct buf *body,
                       json_t **ret_made, struct fault *fault)
{
    return client_call(im->client, "POST", url_of(im, collection, NULL), body->data, ret_made,
                       fault);
}

/* What the mapping says of a metric beyond its key and role must be what the server has. */
static enum err compare_metric(const json_t *wanted, const json_t *there, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)wanted, name, value) {
        const json_t *has = json_object_get(there, name);
        bool is_described = strcmp(name, "role") != 0 && strcmp(name, "name") != 0 &&
                            strcmp(name, "description") != 0;
        if (is_described && !json_equal(value, has))
            return fault_set(fault, ERR_CONFLICT, "",
                             "the metric \"%s\" exists already, with another \"%s\"",
                             text_field(wanted, "key"), name);
    }
    return ERR_OK;
}

static enum err ensure_metric(struct import *im, const json_t *metric, struct fault *fault)
{
    auto_json json_t *there = NULL;
    const char *key = text_field(metric, "key");
    enum err e = client_call(im->client, "GET", url_of(im, "metrics", key), NULL, &there, fault);
    if (e == ERR_OK)
        return compare_metric(metric, there, fault);
    if (e != ERR_NOT_FOUND)
        return e;
    if (!json_object_get(metric, "kind"))
        return fault_set(fault, ERR_INVALID, "",
                         "there is no metric \"%s\", and the mapping does not say its \"kind\"",
                         key);
    auto_json json_t *copy = json_copy((json_t *)(uintptr_t)metric);
    json_object_del(copy, "role");
    if (!json_object_get(copy, "name"))
        json_object_set_new(copy, "name", json_string(key));
    auto_buf struct buf body = {0};
    json_add_value(&body, copy);
    e = create(im, "metrics", &body, NULL, fault);
    if (e)
        return e;
    im->made_metrics = im->made_metrics ? im->made_metrics : json_array();
    must(json_array_append_new(im->made_metrics, json_string(key)) == 0);
    return ERR_OK;
}

static enum err ensure_metrics(struct import *im, struct fault *fault)
{
    enum err e = ERR_OK;
    for (size_t i = 0; !e && i < json_array_size(im->mapping->metrics); i++)
        e = ensure_metric(im, json_array_get(im->mapping->metrics, i), fault);
    return e;
}

static void add_variants(const struct mapping *m, struct buf *body)
{
    json_add_key(body, "variants");
    buf_add_char(body, '[');
    for (size_t i = 0; i < m->variant_count; i++) {
        const struct mapping_variant *v = &m->variants[i];
        if (!v->is_first)
            continue;
        json_add_comma(body);
        buf_add_char(body, '{');
        json_add_key(body, "key");
        json_add_string(body, v->key);
        json_add_key(body, "name");
        json_add_string(body, v->text);
        json_add_key(body, "weight");
        json_add_number(body, v->weight);
        json_add_key(body, "is_control");
        buf_add_str(body, v->is_control ? "true}" : "false}");
    }
    buf_add_char(body, ']');
}

static void add_metrics(const struct mapping *m, struct buf *body)
{
    json_add_key(body, "metrics");
    buf_add_char(body, '[');
    for (size_t i = 0; i < json_array_size(m->metrics); i++) {
        const json_t *metric = json_array_get(m->metrics, i);
        const char *role = text_field(metric, "role");
        json_add_comma(body);
        buf_add_char(body, '{');
        json_add_key(body, "key");
        json_add_string(body, text_field(metric, "key"));
        json_add_key(body, "role");
        json_add_string(body, *role ? role : i == 0 ? "primary" : "secondary");
        buf_add_char(body, '}');
    }
    buf_add_char(body, ']');
}

static enum err create_campaign(struct import *im, struct fault *fault)
{
    const struct mapping *m = im->mapping;
    auto_buf struct buf body = {0};
    buf_add_char(&body, '{');
    json_add_key(&body, "key");
    json_add_string(&body, m->campaign_key);
    json_add_key(&body, "name");
    json_add_string(&body, m->campaign_name ? m->campaign_name : m->campaign_key);
    if (m->description) {
        json_add_key(&body, "description");
        json_add_string(&body, m->description);
    }
    json_add_key(&body, "kind");
    json_add_string(&body, "experiment");
    add_variants(m, &body);
    if (m->metrics)
        add_metrics(m, &body);
    buf_add_char(&body, '}');
    return create(im, "campaigns", &body, &im->campaign, fault);
}

static enum err compare_campaign(const struct import *im, struct fault *fault)
{
    const json_t *variants = json_object_get(im->campaign, "variants");
    for (size_t i = 0; i < im->mapping->variant_count; i++) {
        const struct mapping_variant *v = &im->mapping->variants[i];
        bool is_there = !v->is_first;
        for (size_t k = 0; k < json_array_size(variants) && !is_there; k++) {
            const json_t *there = json_array_get(variants, k);
            is_there = strcmp(text_field(there, "key"), v->key) == 0 &&
                       json_is_true(json_object_get(there, "is_control")) == v->is_control;
        }
        if (!is_there)
            return fault_set(
                fault, ERR_CONFLICT, "",
                "the campaign \"%s\" exists already, with other variants than \"%s\"%s",
                im->mapping->campaign_key, v->key, v->is_control ? " as its control" : "");
    }
    if (strcmp(text_field(im->campaign, "status"), "archived") == 0)
        return fault_set(fault, ERR_CONFLICT, "", "the campaign \"%s\" is archived",
                         im->mapping->campaign_key);
    return ERR_OK;
}

static enum err ensure_campaign(struct import *im, struct fault *fault)
{
    const char *url = url_of(im, "campaigns", im->mapping->campaign_key);
    bool is_there = false;
    enum err e = client_call(im->client, "GET", url, NULL, &im->campaign, fault);
    if (e && e != ERR_NOT_FOUND)
        return e;
    if (!e && (e = import_make_room(im, &is_there, fault)))
        return e;
    if (is_there)
        return compare_campaign(im, fault);
    json_decref(im->campaign);
    im->campaign = NULL;
    /* The metrics of an import that was just taken back went with it. */
    if (!e && (e = ensure_metrics(im, fault)))
        return e;
    e = create_campaign(im, fault);
    im->has_made_campaign = !e;
    return e;
}

/* A draft that could not become the import's is nobody's, nor are metrics made for it. Where
 * another run took the draft meanwhile, all is left to that. */
static void leave(struct import *im)
{
    size_t i;
    json_t *key;
    struct fault ignored;
    if (im->has_made_campaign)
        (void)!client_call(im->client, "DELETE", url_of(im, "campaigns", im->mapping->campaign_key),
                           NULL, NULL, &ignored);
    json_array_foreach(im->made_metrics, i, key)
        (void)!client_call(im->client, "DELETE", url_of(im, "metrics", json_string_value(key)),
                           NULL, NULL, &ignored);
}

/* What the metrics that exist already are: totals are judged by it before anything is made. */
static enum err check_totals(struct import *im, struct fault *fault)
{
    im->kinds = json_object();
    for (size_t i = 0; i < json_array_size(im->mapping->metrics); i++) {
        auto_json json_t *there = NULL;
        const char *key = text_field(json_array_get(im->mapping->metrics, i), "key");
        enum err e =
            client_call(im->client, "GET", url_of(im, "metrics", key), NULL, &there, fault);
        if (e && e != ERR_NOT_FOUND)
            return e;
        if (!e)
            must(json_object_set(im->kinds, key, json_object_get(there, "kind")) == 0);
    }
    return import_totals_check(im, fault);
}

enum err import_setup(struct import *im, struct fault *ret_fault)
{
    enum err e = im->totals ? check_totals(im, ret_fault) : ERR_OK;
    im->source.currency = im->mapping->currency;
    e = e ? e : ensure_metrics(im, ret_fault);
    e = e ? e : ensure_campaign(im, ret_fault);
    e = e ? e : import_begin(im, ret_fault);
    if (e == ERR_INVALID || (e == ERR_CONFLICT && !im->has_made_campaign))
        leave(im);
    if (!e)
        im->source.phase = (int)json_integer_value(json_object_get(im->campaign, "phase"));
    return e;
}
