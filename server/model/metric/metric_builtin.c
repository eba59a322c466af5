// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/metric/metric.h"

#include "base/mem.h"

/* On GA4's commerce events; each is a document as the admin API takes it. */
static const char *const builtins[] = {
    "{\"key\":\"conversion_rate\",\"name\":\"Conversion rate\",\"kind\":\"conversion\","
    "\"event\":\"purchase\",\"description\":\"Visitors who bought\"}",
    "{\"key\":\"add_to_basket_rate\",\"name\":\"Add-to-basket rate\",\"kind\":\"conversion\","
    "\"event\":\"add_to_cart\",\"description\":\"Visitors who put something into the basket\"}",
    "{\"key\":\"average_order_value\",\"name\":\"Average order value\",\"kind\":\"mean\","
    "\"event\":\"purchase\",\"value\":\"value\",\"description\":\"Revenue per order\"}",
    "{\"key\":\"revenue_per_visitor\",\"name\":\"Revenue per visitor\",\"kind\":\"sum\","
    "\"event\":\"purchase\",\"value\":\"value\","
    "\"description\":\"Revenue over all visitors, also those who bought nothing\"}",
    "{\"key\":\"items_per_order\",\"name\":\"Items per order\",\"kind\":\"ratio\","
    "\"numerator\":{\"event\":\"purchase\",\"value\":\"items.quantity\"},"
    "\"denominator\":{\"event\":\"purchase\"},\"description\":\"Pieces per order\"}",
};

static json_t *builtin(const char *text, const char *currency)
{
    auto_json json_t *written = json_loads(text, 0, NULL);
    json_t *document = NULL;
    json_t *definition = NULL;
    struct fault fault;
    must(written && field_read(metric_fields, written, &document, &fault) == ERR_OK);
    must(metric_compile(document, currency, &definition, &fault) == ERR_OK);
    return json_pack("{s:o, s:o}", "document", document, "definition", definition);
}

json_t *metric_builtins(const char *currency)
{
    json_t *all = json_array();
    for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
        must(json_array_append_new(all, builtin(builtins[i], currency)) == 0);
    return all;
}
