// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/import/import.h"

#include "base/json/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/cli/mete.h"
#include "tools/cli/verb.h"
#include "tools/verb/results_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_US (60 * INT64_C(1000000))

#define CHOICE(name, field, value_name, help)                                                      \
    {                                                                                              \
        name, OPTION_TEXT, offsetof(struct import_options, choice.field), 0, 0, value_name, help   \
    }

static const struct option_row rows[] = {
    {"mapping", OPTION_TEXT, offsetof(struct import_options, mapping_path), 0, 0, "FILE",
     "what the columns mean (see tools/import/import.md)"},
    {"campaign", OPTION_TEXT, offsetof(struct import_options, campaign_key), 0, 0, "KEY",
     "the campaign's key, instead of the mapping's"},
    {"separator", OPTION_TEXT, offsetof(struct import_options, separator), 0, 0, "CHAR",
     "between fields: \",\", \";\", \"tab\" or another character (default: found by itself)"},
    {"encoding", OPTION_TEXT, offsetof(struct import_options, encoding), 0, 0, "NAME",
     "UTF-8, UTF-16LE, UTF-16BE (default: one of these, found by itself) or Windows-1252"},
    {"decimal", OPTION_TEXT, offsetof(struct import_options, decimal), 0, 0, "SIGN",
     "\".\" or \",\", before the fraction of numbers (default: found in each column)"},
    CHOICE("variant", variant, "COLUMN", "without a mapping: the column that says who got what"),
    CHOICE("control", control, "TEXT", "and what stands in it for the control"),
    CHOICE("visitor", visitor, "COLUMN", "of the visitor's id (default: each row is another one)"),
    CHOICE("time", time, "COLUMN", "of the time, or a time for all rows"),
    CHOICE("time-format", time_format, "FORMAT",
           "dmy or mdy (31/01/2024, 01/31/2024), unix, unix_ms, or as strptime takes it"),
    CHOICE("value", value, "COLUMN", "of what was paid: above 0 it is a purchase; or of its sum"),
    CHOICE("order", order, "COLUMN", "of the purchase's order id"),
    CHOICE("conversion", conversion, "COLUMN",
           "that says whether a visitor converted, or how many"),
    CHOICE("device", device, "COLUMN", "of the device"),
    CHOICE("country", country, "COLUMN", "of the country, as DE"),
    {"totals", OPTION_FLAG, offsetof(struct import_options, is_totals), 0, 0, NULL,
     "rows are totals of a day and variant, and not visitors"},
    CHOICE("visitors", visitors, "COLUMN", "of totals: who came for the first time that day"),
    CHOICE("daily-visitors", daily_visitors, "COLUMN",
           "or all who came that day, who do not add up: then there are point figures alone"),
    CHOICE("squares", squares, "COLUMN",
           "of the sum of the squares of what each visitor paid: without it there is no interval"),
    {"skip-bad-rows", OPTION_FLAG, offsetof(struct import_options, can_skip), 0, 0, NULL,
     "leave out what cannot be read, instead of sending nothing"},
    {"check", OPTION_FLAG, offsetof(struct import_options, is_check), 0, 0, NULL,
     "read and check the file, send nothing"},
    {"restart", OPTION_FLAG, offsetof(struct import_options, is_anew), 0, 0, NULL,
     "begin at the first row, whatever an earlier run left (makes no duplicates)"},
    {"replace", OPTION_FLAG, offsetof(struct import_options, is_replacing), 0, 0, NULL,
     "put this file in the place of another that the campaign holds"},
    {"connections", OPTION_INT, offsetof(struct import_options, in_flight), 1, 64, "N",
     "requests in flight (default 4)"},
    {"state", OPTION_TEXT, offsetof(struct import_options, state_path), 0, 0, "FILE",
     "where to remember how far it has come (default: under var/import/)"},
};

static enum err read_separator(const char *text, char *ret)
{
    bool is_tab = strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0;
    if (!is_tab && (strlen(text) != 1 || strchr("\"\r\n", *text)))
        return ERR_INVALID;
    *ret = is_tab ? '\t' : *text;
    return ERR_OK;
}

static enum err read_mapping_file(const char *path, struct buf *text, struct fault *fault)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fault_set(fault, ERR_INVALID, "", "cannot read %s: %s", path, strerror(errno));
    size_t n;
    do {
        char *to = buf_reserve(text, 65536);
        n = fread(to, 1, 65536, file);
        text->length += n;
    } while (n > 0);
    fclose(file);
    return ERR_OK;
}

static enum err check_totals(const struct import_options *o, const struct mapping *m,
                             struct fault *fault)
{
    if (o->is_totals && !m->has_totals)
        return fault_set(fault, ERR_INVALID, "", "--totals: the mapping has no \"totals\"");
    if (m->has_totals && o->can_skip)
        return fault_set(fault, ERR_INVALID, "",
                         "--skip-bad-rows does not go with totals: a day that is left out makes "
                         "another result");
    return ERR_OK;
}

static enum err read_mapping(struct import *im, struct fault *fault)
{
    auto_buf struct buf text = {0};
    const struct import_options *o = im->options;
    struct mapping_choice beside = o->choice;
    beside.time_format = NULL; /* a choice of its own, beside a file too */
    mapping_make_fn *make = o->is_totals ? mapping_make_totals : mapping_make;
    if (o->mapping_path && mapping_choice_is_made(&beside))
        return fault_set(fault, ERR_INVALID, "",
                         "--mapping says what the columns are: options cannot say it too");
    enum err e = o->mapping_path ? read_mapping_file(o->mapping_path, &text, fault)
                                 : make(&o->choice, o->campaign_key, im->arena, &text, fault);
    if (e)
        return e;
    buf_add_str(&text, "");
    im->mapping = mapping_read(text.data, text.length, fault);
    if (!im->mapping)
        return fault->code;
    if (o->campaign_key)
        im->mapping->campaign_key = o->campaign_key;
    if (!im->mapping->time.format)
        im->mapping->time.format = o->choice.time_format;
    im->source.mapping = im->mapping;
    return check_totals(o, im->mapping, fault);
}

static enum err check_options(struct import *im, struct fault *fault)
{
    const struct import_options *o = im->options;
    enum encoding ignored;
    if (o->separator && read_separator(o->separator, &im->separator))
        return fault_set(fault, ERR_INVALID, "", "--separator: \"%s\" cannot be one", o->separator);
    if (o->encoding && !encoding_read(o->encoding, &ignored))
        return fault_set(fault, ERR_INVALID, "", "--encoding: \"%s\" is not known", o->encoding);
    if (o->decimal && strcmp(o->decimal, ".") != 0 && strcmp(o->decimal, ",") != 0)
        return fault_set(fault, ERR_INVALID, "", "--decimal: \"%s\" is neither . nor ,",
                         o->decimal);
    if (o->campaign_key && !text_is_key(o->campaign_key))
        return fault_set(fault, ERR_INVALID, "", "--campaign: \"%s\" is not a key",
                         o->campaign_key);
    return ERR_OK;
}

static enum err open_all(struct import *im, struct fault *fault)
{
    const struct import_options *o = im->options;
    enum encoding encoding;
    enum err e = check_options(im, fault);
    e = e ? e : read_mapping(im, fault);
    if (e)
        return e;
    im->file = csv_file_open(o->csv_path[0], fault);
    if (!im->file)
        return fault->code;
    if (o->encoding && encoding_read(o->encoding, &encoding))
        csv_file_set_encoding(im->file, encoding);
    e = o->separator ? ERR_OK : csv_file_separator(im->file, &im->separator, fault);
    return e ? e : import_styles(im, fault);
}

/* What is sent where: an earlier run's progress counts only for exactly the same. */
static void open_state(struct import *im)
{
    auto_buf struct buf identity = {0};
    const json_t *created = json_object_get(im->campaign, "created_at");
    buf_add(&identity, im->source.digest, sizeof(im->source.digest));
    buf_printf(&identity, "%s\n%s\n", im->options->connection.edge, im->mapping->campaign_key);
    if (created)
        json_add_value(&identity, created);
    json_add_value(&identity, im->mapping->document);
    import_state_open(&im->state, im->options->state_path, identity.data, identity.length,
                      im->options->is_anew);
    im->from_row = im->state.row;
    if (im->state.row > 0 && !im->options->connection.is_json)
        fprintf(stderr, "going on behind row %llu of %llu\n", (unsigned long long)im->state.row,
                (unsigned long long)im->rows);
}

static void print_check(const struct import *im)
{
    if (!im->options->connection.is_json) {
        import_report_print(&im->report, im, stdout);
        return;
    }
    auto_json json_t *report = import_report_json(&im->report, im);
    auto_buf struct buf text = {0};
    json_add_value(&text, report);
    puts(text.data);
}

static void print_json(const struct import *im, const json_t *results)
{
    auto_buf struct buf out = {0};
    buf_add_char(&out, '{');
    json_add_key(&out, "campaign");
    json_add_string(&out, im->mapping->campaign_key);
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {{"rows", im->rows},
                   {"bad_rows", im->bad_rows},
                   {"from_row", im->from_row},
                   {"accepted", im->state.accepted},
                   {"duplicate", im->state.duplicate},
                   {"rejected", im->state.rejected},
                   {"retries", client_retries(im->client)}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        json_add_key(&out, numbers[i].name);
        json_add_int(&out, (int64_t)numbers[i].value);
    }
    json_add_key(&out, "import");
    json_add_value(&out, json_object_get(im->view, "id"));
    json_add_key(&out, "results");
    json_add_value(&out, results);
    buf_add_char(&out, '}');
    puts(out.data);
}

static void print_text(const struct import *im, const json_t *results)
{
    printf("%llu rows read", (unsigned long long)im->rows);
    if (im->totals) {
        printf(": totals of %zu days and variants\n\n",
               json_array_size(json_object_get(im->totals, "rows")));
        results_table_print(results, NULL, NULL, stdout);
        return;
    }
    if (im->bad_rows)
        printf(" (%llu left out)", (unsigned long long)im->bad_rows);
    printf(", %llu events stored, %llu were there already", (unsigned long long)im->state.accepted,
           (unsigned long long)im->state.duplicate);
    if (im->state.rejected)
        printf(", %llu refused", (unsigned long long)im->state.rejected);
    puts("\n");
    results_table_print(results, NULL, NULL, stdout);
}

static enum err send(struct import *im, struct fault *fault)
{
    open_state(im);
    enum err e = import_send(im, fault);
    return e ? e : import_finish(im, fault);
}

static enum err run(struct import *im, struct fault *fault)
{
    auto_json json_t *results = NULL;
    enum err e = open_all(im, fault);
    if (e)
        return e;
    e = import_scan(im, fault);
    if (im->options->is_check && im->rows > 0)
        print_check(im);
    if (e || im->options->is_check)
        return e;
    e = import_setup(im, fault);
    if (!e && !im->totals)
        e = send(im, fault);
    e = e ? e : import_settle(im, &results, fault);
    if (e)
        return e;
    if (!im->totals)
        import_state_remove(&im->state);
    if (im->options->connection.is_json)
        print_json(im, results);
    else
        print_text(im, results);
    return ERR_OK;
}

/* Not asked about where nothing is sent. */
static enum err connect(struct import *im, struct import_options *options, struct fault *fault)
{
    enum err e = connection_complete(&options->connection, im->arena, fault);
    if (!e)
        im->client = client_new(&(struct client_options){.key = options->connection.key,
                                                         .in_flight = (unsigned)options->in_flight,
                                                         .timeout_us = TIMEOUT_US});
    return e;
}

int verb_import(int argc, char **argv)
{
    struct import_options options = {.in_flight = 4};
    const struct option_table table = {
        .rows = rows,
        .count = sizeof(rows) / sizeof(rows[0]),
        .shared = connection_rows,
        .shared_count = CONNECTION_ROWS,
        .shared_offset = offsetof(struct import_options, connection),
        .operands = 1,
        .operand_offset = offsetof(struct import_options, csv_path),
    };
    auto_arena struct arena *arena = arena_new(0);
    struct fault fault = {0};
    int status;
    if (!verb_options(&table, argc, argv, &options, &status))
        return status;
    struct import im = {.options = &options, .arena = arena};
    status = (!options.is_check && connect(&im, &options, &fault)) || run(&im, &fault)
                 ? verb_failed(argv[0], &fault)
                 : EXIT_DONE;
    json_decref(im.campaign);
    json_decref(im.made_metrics);
    json_decref(im.view);
    json_decref(im.totals);
    json_decref(im.kinds);
    mapping_free(im.mapping);
    csv_file_close(im.file);
    import_report_done(&im.report);
    client_free(im.client);
    return status;
}
