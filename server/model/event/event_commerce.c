// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/event/event_commerce.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "model/event/event_number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define VALUE_MAX 1e12
#define NOT_OF_ANYBODY                                                                             \
    "must not be negative: what lowers a sum comes from a server, with a secret key"

/* A number that commerce events have a name for; null is as good as missing. */
struct amount {
    const char *name;
    bool can_be_negative;
};

static const struct amount event_amounts[] = {{"tax", true}, {"shipping", true}, {NULL, false}};
static const struct amount item_amounts[] = {{"price", true}, {"quantity", false}, {NULL, false}};

bool event_is_commerce(const char *name)
{
    static const char *const names[] = {"purchase", "refund", "add_to_cart", "begin_checkout",
                                        "view_item"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static enum err check_amounts(json_t *object, const char *pointer, const struct amount *amounts,
                              bool is_public, struct fault *fault)
{
    for (; amounts->name; amounts++) {
        event_number_settle(object, amounts->name);
        const json_t *value = json_member(object, amounts->name);
        const char *detail = NULL;
        if (!value)
            continue;
        if (!json_is_number(value))
            detail = "must be a number, or the text of one with a decimal point as in \"7.50\"";
        else if (json_number_value(value) < 0 && !amounts->can_be_negative)
            detail = "must not be negative";
        else if (json_number_value(value) < 0 && is_public)
            detail = NOT_OF_ANYBODY;
        if (detail) {
            char at[128];
            snprintf(at, sizeof(at), "%s/%s", pointer, amounts->name);
            return fault_set(fault, ERR_INVALID, at, "%s", detail);
        }
    }
    return ERR_OK;
}

static enum err check_items(const json_t *items, bool is_public, struct fault *fault)
{
    if (!json_is_array(items))
        return fault_set(fault, ERR_INVALID, "/properties/items", "must be an array of objects");
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);
        char pointer[64] = "/properties/items";
        pointer_push_index(pointer, sizeof(pointer), i);
        if (!json_is_object(item))
            return fault_set(fault, ERR_INVALID, pointer, "must be an object");
        if (check_amounts(item, pointer, item_amounts, is_public, fault))
            return ERR_INVALID;
    }
    return ERR_OK;
}

static bool is_code(const char *text)
{
    return text && strlen(text) == 3 && isalpha((unsigned char)text[0]) &&
           isalpha((unsigned char)text[1]) && isalpha((unsigned char)text[2]);
}

static const char *fault_of_value(const char *name, const json_t *value, bool is_public)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || number > VALUE_MAX || number < -VALUE_MAX)
        return "must be a number up to 1e12, or the text of one as in \"7.50\"";
    if (number < 0 && strcmp(name, "refund") == 0)
        return "must not be negative: a refund subtracts by itself";
    if (number < 0 && strcmp(name, "purchase") == 0)
        return "must not be negative: what is given back is a refund";
    if (number < 0 && is_public)
        return NOT_OF_ANYBODY;
    return NULL;
}

/* A name, written as a text or as a whole number in whatever way. */
static bool is_order_name(const json_t *id)
{
    return json_is_string(id) || json_is_integer(id) ||
           (json_is_real(id) && json_real_value(id) == floor(json_real_value(id)));
}

const char *event_commerce_foreign(json_t *properties, const char *currency)
{
    static const char *const money[] = {"value", "tax", "shipping", "discount", "items"};
    const char *told = json_string_value(json_member(properties, "currency"));
    if (!told || strcmp(told, currency) == 0 || !is_code(told))
        return NULL;
    char code[4] = "";
    for (size_t i = 0; i < 3; i++)
        code[i] = (char)toupper((unsigned char)told[i]);
    if (strcmp(told, code) != 0)
        must(json_object_set_new(properties, "currency", json_string(code)) == 0);
    if (strcmp(code, currency) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof(money) / sizeof(*money); i++)
        if (json_member(properties, money[i]))
            return json_string_value(json_member(properties, "currency"));
    return NULL;
}

enum err event_commerce_check(const char *name, json_t *properties, bool is_public,
                              struct fault *ret_fault)
{
    event_number_settle(properties, "value");
    const json_t *value = json_member(properties, "value");
    const json_t *given = json_member(properties, "currency");
    const json_t *transaction_id = json_member(properties, "transaction_id");
    const json_t *items = json_member(properties, "items");
    const char *detail = value ? fault_of_value(name, value, is_public) : NULL;
    if (detail)
        return fault_set(ret_fault, ERR_INVALID, "/properties/value", "%s", detail);
    if (transaction_id && !is_order_name(transaction_id))
        return fault_set(ret_fault, ERR_INVALID, "/properties/transaction_id",
                         "must be a text or a whole number");
    if (given && !is_code(json_string_value(given)))
        return fault_set(ret_fault, ERR_INVALID, "/properties/currency",
                         "must be three letters as in ISO 4217");
    if (check_amounts(properties, "/properties", event_amounts, is_public, ret_fault))
        return ERR_INVALID;
    return items ? check_items(items, is_public, ret_fault) : ERR_OK;
}
